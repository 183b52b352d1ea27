"""``reminders``: which reminders are owed on a day. Nothing is sent."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.asked.requirements import AUTHORITY, JSON, ON, chosen_authorities
from app.platform.extensions import db
from app.platform.texts.carriers import ways_here
from assignments.reminders.owed import Owed, owed_on
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from messages.ways import goes_by_text, is_reachable
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person


@click.group()
def reminders() -> None:
    """Show which reminders are owed."""


@reminders.command("due")
@AUTHORITY
@ON
@JSON
@with_appcontext
def due(authority: str | None, day: datetime | None, is_json: bool) -> None:
    """Print who is to be reminded of what on a day, one line each, and send nothing.

    What was noted already is left out. On days that are not worked nothing is noted: it is owed on the next one.
    """
    session, on = db.session(), day.date() if day else local_day(utc_now())
    found = [line for one in chosen_authorities(session, authority) for line in _lines(session, one, on)]
    if is_json:
        click.echo(json.dumps({"on": on.isoformat(), "reminders": found}, ensure_ascii=False))
        return
    for one in found:
        how = f"by {one['way']}" if one["way"] else "on their page and the printed list alone"
        click.echo(
            f"{one['authority']}, {one['payroll_number']}: {one['course']}, due {one['due_on']}, "
            f"step {one['step']}, {how}"
        )
    click.echo(f"{len(found):,} {'reminder is' if len(found) == 1 else 'reminders are'} owed on {on.isoformat()}.")


def _lines(session: Session, organisation: Organisation, on: date) -> Iterator[dict[str, Any]]:
    for portion in owed_on(session, organisation_id=organisation.id, on=on):
        titles = titles_of(session, course_ids={one.course_id for one in portion})
        people = _people(session, portion)
        for one in portion:
            number, has_address, way = people[one.employment_id]
            yield {
                "authority": organisation.name,
                "payroll_number": number,
                "course": titles[one.course_id],
                "step": one.step.value,
                "due_on": one.due_on.isoformat(),
                "has_address": has_address,
                "way": way,
            }


def _people(session: Session, portion: list[Owed]) -> dict[int, tuple[str, bool, str | None]]:
    ways = ways_here()
    rows = session.execute(
        select(
            Employment.id,
            Employment.payroll_number,
            Person.email,
            is_reachable(ways).label("is_reached"),
            goes_by_text(ways).label("by_text"),
        )
        .join(Person, Person.id == Employment.person_id)
        .where(Employment.id.in_({one.employment_id for one in portion}))
    )
    return {
        key: (number, bool(email), ("text" if by_text else "email") if reachable else None)
        for key, number, email, reachable, by_text in rows
    }
