"""Nudging many at once, set-based. Who may be nudged was looked at before; that each gets one is decided here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assignments.reminders.hours import next_open
from assignments.reminders.nudges import APART, NUDGE, Nudge
from kernel.insert_once import insert_once
from kernel.tasks.kinds import TaskState
from messages.ledger import DropReason, Message, note_messages


def nudge_each(
    session: Session, person_ids: Sequence[int], *, organisation_id: int, course_id: int, account_id: int, now: datetime
) -> dict[int, int]:
    """Have a message sent to each of these; returns the nudge by person. Each gets one, whoever presses at the same
    moment: whoever was nudged in the last seven days is not among what comes back."""
    values = {"organisation_id": organisation_id, "course_id": course_id, "nudged_at": now, "account_id": account_id}
    before = dict(session.execute(select(Nudge.id, Nudge.person_id).where(Nudge.person_id.in_(person_ids))).all())
    known = set(before.values())
    rows = [{**values, "person_id": one} for one in person_ids if one not in known]
    new = insert_once(session, Nudge, rows, unique=("person_id",))
    again = session.scalars(
        update(Nudge)
        .where(Nudge.id.in_(before), Nudge.nudged_at <= now - APART)
        .values(**values)
        .returning(Nudge.id)
        .execution_options(synchronize_session=False)
    ).all()
    taken = select(Nudge.id, Nudge.person_id).where(Nudge.id.in_([*new, *again]))
    people = dict(session.execute(taken).all())
    note_messages(session, kind=NUDGE, people=people, step=step_of(now), now=now, due_at=next_open(now))
    return {person_id: key for key, person_id in people.items()}


def step_of(nudged_at: datetime) -> str:
    """What tells the message of this nudge from that of an earlier one."""
    return nudged_at.isoformat(timespec="microseconds")


def take_back_nudges(session: Session, nudge_ids: Sequence[int], *, since: datetime) -> set[int]:
    """Send the messages of these nudges to nobody, where they have not gone; returns the nudges that this took back.

    ``since`` is when they were decided: a person's nudge has the same row each time, and what was noted before then or
    seven days later is of another. Whoever was not written to can be nudged again at once.
    """
    dropped = session.execute(
        update(Message)
        .where(
            Message.kind == NUDGE,
            Message.subject_id.in_(nudge_ids),
            Message.noted_at >= since,
            Message.noted_at < since + APART,
            Message.state.in_((TaskState.PENDING, TaskState.FAILED, TaskState.PARKED, TaskState.PAUSED)),
        )
        .values(state=TaskState.CANCELLED, failure_reason=DropReason.TAKEN_BACK.value, retry_at=None)
        .returning(Message.subject_id)
        .execution_options(synchronize_session=False)
    )
    found = {key for (key,) in dropped}
    session.execute(delete(Nudge).where(Nudge.id.in_(found)).execution_options(synchronize_session=False))
    return found
