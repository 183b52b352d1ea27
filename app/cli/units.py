"""Units and their reorganisations: what they are on a day, what a reorganisation would do, deciding and undoing it."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.platform.day_field import why_far
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation, get_organisation
from people.reorganisation.applying import decide, undo
from people.reorganisation.files import read_steps
from people.reorganisation.periods import units_on
from people.reorganisation.planning import Preview, Wanted, preview, why_not_on
from people.reorganisation.record import get_reorganisation, reorganisations_of
from people.reorganisation.sentences import day_in_words

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON for programs.")
_ON = click.option("--on", "day", type=_DAY, required=True, help="The first day on which it holds: 2027-04-01.")
_TITLE = click.option("--title", required=True, help="What people call it.")
_FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def units() -> None:
    """Show the units of an authority on a day, and reorganise them from a day on."""


@units.command("list")
@click.argument("authority")
@click.option("--on", "day", type=_DAY, help="A day, past or to come.  [default: today]")
@_JSON
@with_appcontext
def list_units(authority: str, day: datetime | None, is_json: bool) -> None:
    """Print the units that AUTHORITY had on a day, one path a line."""
    session = db.session()
    today = local_day(utc_now())
    on = day.date() if day else today
    if problem := why_far(on, today):
        raise click.ClickException(f"The day {problem}")
    found = units_on(session, organisation_id=_organisation(session, authority).id, on=on)
    if is_json:
        rows = [{"id": one.id, "kind": one.kind, "path": one.path} for one in found]
        click.echo(json.dumps({"on": on.isoformat(), "units": rows}, ensure_ascii=False))
    else:
        click.echo("\n".join(one.path for one in found) or "No units.")


@units.command("plan")
@click.argument("authority")
@_FILE
@_ON
@_TITLE
@_JSON
@with_appcontext
def plan(authority: str, path: Path, day: datetime, title: str, is_json: bool) -> None:
    """Say what the steps in the file PATH would do to the units and people of AUTHORITY. Changes nothing."""
    session = db.session()
    organisation = _organisation(session, authority)
    wanted, wrong = _wanted(session, organisation, path, day.date(), title)
    seen = None if wrong else preview(session, organisation=organisation, wanted=wanted, now=utc_now())
    findings = wrong if seen is None else seen.findings
    if is_json:
        click.echo(json.dumps(_as_json(seen, findings), ensure_ascii=False))
    else:
        _say(seen, findings, day.date())
    if findings:
        raise SystemExit(2)


@units.command("apply")
@click.argument("authority")
@_FILE
@_ON
@_TITLE
@click.option("--preview", "fingerprint", required=True, help="The sign that “units plan” printed.")
@_JSON
@with_appcontext
def apply(authority: str, path: Path, day: datetime, title: str, fingerprint: str, is_json: bool) -> None:
    """Decide what “units plan” showed, unless it would do something else by now."""
    with unit_of_work() as work:
        organisation = _organisation(work.session, authority)
        wanted, wrong = _wanted(work.session, organisation, path, day.date(), title)
        if wrong:
            raise click.ClickException("\n".join(wrong))
        try:
            row = decide(
                work.session,
                organisation=organisation,
                wanted=wanted,
                fingerprint=fingerprint,
                by=None,
                now=utc_now(),
            )
        except RuleBroken as refusal:
            raise click.ClickException(refusal.message) from refusal
        said = {"number": row.id, "state": row.state.value, "sentences": row.sentences}
    click.echo(json.dumps(said, ensure_ascii=False) if is_json else f"Decided, as number {said['number']}.")


@units.command("undo")
@click.argument("reorganisation_number", metavar="NUMBER", type=int)
@_JSON
@with_appcontext
def undo_command(reorganisation_number: int, is_json: bool) -> None:
    """Take the reorganisation NUMBER back, which can be done until its day."""
    try:
        with unit_of_work() as work:
            row = get_reorganisation(work.session, number=reorganisation_number)
            undo(work.session, row=row, by=None, now=utc_now())
            title = row.title
    except NotFound as missing:
        raise click.ClickException(
            f"There is no reorganisation {reorganisation_number}. “units history” lists them"
        ) from missing
    except RuleBroken as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(json.dumps({"number": reorganisation_number, "state": "undone"}) if is_json else f"“{title}” is undone.")


@units.command("history")
@click.argument("authority")
@_JSON
@with_appcontext
def history(authority: str, is_json: bool) -> None:
    """List the reorganisations of AUTHORITY, the latest day first."""
    session = db.session()
    rows = [
        {
            "number": one.id,
            "title": one.title,
            "on": one.effective_on.isoformat(),
            "state": one.state.value,
            "sentences": one.sentences,
        }
        for one in reorganisations_of(session, organisation_id=_organisation(session, authority).id)
    ]
    lines = [f"{row['number']}  {row['on']}  {row['state']}  {row['title']}" for row in rows]
    click.echo(json.dumps(rows, ensure_ascii=False) if is_json else "\n".join(lines) or "None yet.")


def _organisation(session: Session, slug: str) -> Organisation:
    try:
        return get_organisation(session, slug=slug)
    except NotFound as missing:
        raise click.ClickException(f"There is no authority called {slug}") from missing


def _wanted(
    session: Session, organisation: Organisation, path: Path, day: date, title: str
) -> tuple[Wanted, tuple[str, ...]]:
    if refusal := why_not_on(session, organisation=organisation, day=day, today=local_day(utc_now())):
        return Wanted(title, day, ()), (refusal,)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Wanted(title, day, ()), ("The file is not UTF-8. Save it as UTF-8",)
    steps, wrong = read_steps(text, units_on(session, organisation_id=organisation.id, on=day))
    return Wanted(title, day, steps), wrong


def _as_json(seen: Preview | None, findings: Sequence[str]) -> dict[str, object]:
    said: dict[str, object] = {"findings": list(findings)}
    if seen is not None:
        said |= {
            "sentences": list(seen.sentences),
            "moves": len(seen.moves),
            "people": len(seen.moving),
            "preview": seen.fingerprint,
        }
    return said


def _say(seen: Preview | None, findings: Sequence[str], day: date) -> None:
    if seen is not None and seen.moving_words and not findings:
        click.echo(f"{seen.moving_words} to another unit on {day_in_words(day)}.")
    for sentence in findings or (seen.sentences if seen else ()):
        click.echo(sentence)
    if seen is not None and not findings:
        click.echo(f"\nNothing has been changed. To decide this: “units apply” with --preview {seen.fingerprint}")
