"""The reminders of weeks gone by, as sent: whoever is late was told, and today a handful goes in each authority."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assignments.due.calendar import after_working_days, last_working_day
from assignments.plans import Plan, plans_on
from assignments.reminders.hours import BEGIN
from assignments.reminders.noting import REMINDER
from assignments.reminders.owed import PORTION, standing_of
from assignments.reminders.pace import pace_of, paces_of
from assignments.reminders.record import Reminder
from assignments.reminders.steps import FOR_SOME, Standing, Step, steps_of, steps_owed
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of
from kernel.clock import LOCAL, local_day
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from messages.ways import EVERY_WAY, is_reachable
from people.persons import Person

HANDFUL, TEXTS = 5, 2


def add_reminders(session: Session, *, organisation_ids: Iterable[int], now: datetime) -> None:
    """Store what was noted and sent before, of everything that would be owed on the next working day but a handful."""
    first = after_working_days(local_day(now), 0)
    people = session.execute(select(Person.id, Person.email).where(is_reachable(EVERY_WAY)))
    reached = {person_id: email is not None for person_id, email in people}
    rows = [
        row
        for organisation_id in organisation_ids
        for row in _of_authority(session, organisation_id, reached, first, now)
    ]
    if rows:
        session.execute(insert(Reminder), rows)
        session.execute(insert(Message), list(_messages(rows)))
    _answers_are_sent(session, now)


def _of_authority(
    session: Session, organisation_id: int, reached: Mapping[int, bool], first: date, now: datetime
) -> Iterator[dict[str, Any]]:
    plans = plans_on(session, Requirement.organisation_id == organisation_id, on=first)
    left = {True: HANDFUL, False: TEXTS}
    for asked, began_on in _with_beginnings(session, plans, first):
        standing = standing_of(asked, first)
        if asked.person_id not in reached or standing.is_finished or standing.is_away:
            continue
        is_owed = bool(steps_owed(standing, (), on=first))
        steps = _gone_by(standing, began_on, first)
        has_address = reached[asked.person_id]
        if is_owed and left[has_address]:
            left[has_address], steps = left[has_address] - 1, steps[:-1]
        yield from (_row(asked, step, day, organisation_id, now) for step, day in steps)


def _with_beginnings(session: Session, plans: Sequence[Plan], on: date) -> Iterator[tuple[Asked, date | None]]:
    """Whoever is asked, with the day on which they began this time, if they have: a portion at a time."""
    everybody = asked_of(session, plans, on=on)
    courses = frozenset[int]().union(*(plan.counted for plan in plans))
    while some := list(islice(everybody, PORTION)):
        paces = paces_of(session, person_ids={one.person_id for one in some}, course_ids=courses)
        for one in some:
            pace = pace_of(one, paces)
            is_before = pace is None or (one.period is not None and pace.started_on <= one.period.completed_on)
            yield one, None if pace is None or is_before else pace.started_on


def _gone_by(standing: Standing, began_on: date | None, on: date) -> Sequence[tuple[Step, date]]:
    """The steps whose day has come, with their days; those for whoever has not begun where they had not by then."""
    return [
        (step, day)
        for step, day in steps_of(standing)
        if standing.asked_on <= day <= on and not (step in FOR_SOME and began_on is not None and began_on <= day)
    ]


def _row(asked: Asked, step: Step, day: date, organisation_id: int, now: datetime) -> dict[str, Any]:
    day = min(day, last_working_day(local_day(now)))
    return {
        "person_id": asked.person_id,
        "organisation_id": organisation_id,
        "course_id": asked.plan.course_id,
        "step": step,
        "due_on": asked.due.due_on,
        "noted_at": _at(day, time(5)),
        "digest_on": day,
    }


def _messages(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One message for each person and day."""
    for person_id, day in dict.fromkeys((row["person_id"], row["digest_on"]) for row in rows):
        sent_at = _at(day, BEGIN)
        yield {
            "person_id": person_id,
            "kind": REMINDER,
            "subject_id": person_id,
            "step": day.isoformat(),
            "noted_at": _at(day, time(5)),
            "due_at": sent_at,
            "state": TaskState.DONE,
            "sent_at": sent_at,
        }


def _answers_are_sent(session: Session, now: datetime) -> None:
    """What was decided in the history was told then."""
    before = (Message.due_at < _at(local_day(now), time.min), Message.state == TaskState.PENDING)
    session.execute(update(Message).where(*before).values(state=TaskState.DONE, sent_at=Message.due_at))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL)
