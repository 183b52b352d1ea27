"""``explain``: why somebody stands where they stand with a course, on any day."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.platform.extensions import db
from assignments.standing.explaining import explain
from courses.catalogue.programmes import programmes_named
from courses.catalogue.versions import get_course
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.directory import get_person_named


@click.command("explain")
@click.argument("who")
@click.argument("course")
@click.option("--on", "day", type=click.DateTime(formats=["%Y-%m-%d"]), help="A day: 2027-04-01.  [default: today]")
@click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
@with_appcontext
def explain_command(who: str, course: str, day: datetime | None, is_json: bool) -> None:
    """Say why WHO, a username or a payroll number, stands where they stand with COURSE, the part of its address.

    COURSE may be a programme too: programme.12, or its name where one authority alone has such a programme.
    """
    session = db.session()
    on = day.date() if day else local_day(utc_now())
    try:
        person_id = get_person_named(session, typed=who, on=on)
        found = explain(session, person_id=person_id, course_id=_named(session, course), on=on)
    except NotFound as problem:
        raise click.ClickException(f"There is no {problem}.") from None
    except RuleBroken as refusal:
        raise click.ClickException(refusal.message) from None
    if is_json:
        said = {
            "sentence": found.sentence,
            "state": found.state.value,
            "due_on": found.due_on.isoformat() if found.due_on else None,
            "missing": found.missing or None,
            "valid_until": found.valid_until.isoformat() if found.valid_until else None,
            "steps": [
                {"step": one.number, "courses": one.words, "is_done": one.is_done, "why_not": one.why_not or None}
                for one in found.steps
            ],
            "events": [{"on": one.on.isoformat(), "what": one.words} for one in found.events],
            "rule": found.rule or None,
            "on": on.isoformat(),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo("\n".join(filter(None, (found.sentence, found.rule))))
    for step in found.steps:
        state = "done" if step.is_done else "next" if step.is_next else step.why_not or "not needed"
        click.echo(f"  Step {step.number}: {step.words}. {state[:1].upper()}{state[1:]}.")
    for one in found.events:
        click.echo(f"  {one.on.isoformat()}  {one.words}")


def _named(session: Session, typed: str) -> int:
    """By what it is asked for. Raises ``NotFound`` and ``RuleBroken``."""
    found = programmes_named(session, typed)
    if len(found) > 1:
        raise RuleBroken(f"Several programmes have this name: {', '.join(found)}. Give one of these instead.")
    return get_course(session, slug=found[0] if found else typed).id
