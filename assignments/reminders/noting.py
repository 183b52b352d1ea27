"""Noting what is owed: the rows of the ledger, and one message a day for each person that they go with."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.hours import next_open
from assignments.reminders.managing import Manager, managers_of
from assignments.reminders.owed import Owed
from assignments.reminders.record import ONCE, Reminder, WhyNot
from assignments.reminders.steps import Step
from kernel.clock import day_bounds, local_day
from kernel.insert_once import insert_once
from kernel.tasks.kinds import TaskState
from messages.ledger import Message, note_messages
from messages.ways import Ways, is_reachable
from people.persons import Person

REMINDER, TEAM_LATE = "reminder", "team-late"


def note_owed(session: Session, owed: Sequence[Owed], *, now: datetime, ways: Ways) -> int:
    """Note these, and a message for each person on the day on which reminders may go next; returns how many are new.

    Whoever was sent the message of that day already has theirs in that of the next working day.
    """
    own = [one for one in owed if one.step is not Step.MANAGER]
    about = [one for one in owed if one.step is Step.MANAGER]
    noted = _note(session, REMINDER, [(one, one.person_id, None) for one in own], now=now, ways=ways)
    if about:
        managers = managers_of(session, employment_ids=[one.employment_id for one in about], on=local_day(now))
        told = [(one, *_job_of(managers.get(one.employment_id))) for one in about]
        noted += _note(session, TEAM_LATE, told, now=now, ways=ways)
    return noted


def _job_of(manager: Manager | None) -> tuple[int | None, int | None]:
    return (manager.person_id, manager.employment_id) if manager else (None, None)


def _note(
    session: Session,
    kind: str,
    told: Sequence[tuple[Owed, int | None, int | None]],
    *,
    now: datetime,
    ways: Ways,
) -> int:
    """``told`` is what is owed, who is told of it, and the job with which they manage."""
    people = {person_id for _, person_id, _ in told if person_id is not None}
    reachable = _reachable(session, people, ways)
    days = _days(session, kind, reachable, now)
    rows = []
    for one, person_id, employment_id in told:
        day = days.get(person_id) if person_id is not None else None
        reason = None if day else _why_not(person_id, ways)
        rows.append(_row(one, now, digest_on=day, employment_id=employment_id, reason=reason))
    noted = len(insert_once(session, Reminder, rows, unique=ONCE))
    for day in sorted(set(days.values())):
        subjects = {person_id: person_id for person_id, its in days.items() if its == day}
        due_at = next_open(max(now, day_bounds(day)[0]))
        note_messages(session, kind=kind, people=subjects, step=day.isoformat(), now=now, due_at=due_at)
    return noted


def _why_not(person_id: int | None, ways: Ways) -> str:
    if person_id is None:
        return WhyNot.NO_MANAGER.value
    return (WhyNot.NO_ADDRESS if ways.sends_mail or ways.sends_texts else WhyNot.NO_MAIL).value


def _row(one: Owed, now: datetime, **more: Any) -> dict[str, Any]:
    is_over = more["reason"] is not None
    return {
        "person_id": one.person_id,
        "organisation_id": one.organisation_id,
        "course_id": one.course_id,
        "step": one.step,
        "due_on": one.due_on,
        "noted_at": now,
        "ended_at": now if is_over else None,
        **more,
    }


def _reachable(session: Session, person_ids: Collection[int], ways: Ways) -> frozenset[int]:
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(person_ids), is_reachable(ways))))


def _days(session: Session, kind: str, person_ids: Collection[int], now: datetime) -> dict[int, date]:
    """By person, the day of the message that is still to go."""
    first = local_day(next_open(now))
    second = local_day(next_open(day_bounds(first + timedelta(days=1))[0]))
    # Locked, so that no worker takes one in hand before what is noted now is there to be read.
    theirs = session.execute(
        select(Message.person_id, Message.state)
        .where(Message.kind == kind, Message.step == first.isoformat(), Message.person_id.in_(person_ids))
        .with_for_update()
    )
    gone = {person_id for person_id, state in theirs if state is not TaskState.PENDING}
    return {person_id: second if person_id in gone else first for person_id in person_ids}
