"""Telling each person of more time or of an exemption that was decided for many, and that it was taken back.

A nudge is a message itself, and nobody is told that it was taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from assignments.exemptions.record import Exemption, holds_on
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct
from assignments.reminders.hours import next_open
from assignments.requests.record import TimeGiven
from kernel.clock import day_bounds, local_day
from kernel.tasks.kinds import TaskState
from messages.ledger import DropReason, Message, note_messages
from messages.ways import Ways, is_reachable
from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.persons import Person

DECIDED_FOR_MANY = "decided-for-many"
# The step of the message that says that it was taken back; that of the decision has none.
TAKEN_BACK = "taken-back"
PORTION = 2000
_NOT_GONE = (TaskState.PENDING, TaskState.FAILED, TaskState.PARKED, TaskState.PAUSED)


def is_here(*, organisation_id: int, on: date) -> ColumnElement[bool]:
    """The condition on a person that they hold a job at an authority from which they are not on long leave."""
    return (
        select(Employment.id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(
            Employment.person_id == Person.id,
            Employment.organisation_id == organisation_id,
            is_held(on),
            ~is_away(on),
        )
        .exists()
    )


def who_are_told(
    session: Session, person_ids: Sequence[int], *, organisation_id: int, ways: Ways, on: date
) -> frozenset[int]:
    """Those of these people who get a message about such a decision: mail or a text reaches them, and they are here."""
    here = is_here(organisation_id=organisation_id, on=on)
    found: set[int] = set()
    for start in range(0, len(person_ids), PORTION):
        some = person_ids[start : start + PORTION]
        found |= set(session.scalars(select(Person.id).where(Person.id.in_(some), is_reachable(ways), here)))
    return frozenset(found)


def note_decided(session: Session, act: ActForMany, rows: Mapping[int, int], *, ways: Ways, now: datetime) -> None:
    """Note a message for each of these people, once: ids of ``PersonOfAct`` by ids of persons."""
    if act.kind is ActKind.NUDGE or not rows:
        return
    told = who_are_told(session, list(rows), organisation_id=act.organisation_id, ways=ways, on=local_day(now))
    _note(session, {rows[person_id]: person_id for person_id in sorted(told)}, step="", now=now)


def note_taken_back(session: Session, act: ActForMany, row_ids: Sequence[int], *, now: datetime) -> None:
    """Send what these people were to be told to nobody, and say that it was taken back to those who have been told.

    Whether one that a worker has in hand has gone is looked at when the second is due.
    """
    if act.kind is ActKind.NUDGE or not row_ids:
        return
    decided = (Message.kind == DECIDED_FOR_MANY, Message.step == "", Message.subject_id.in_(row_ids))
    session.execute(
        update(Message)
        .where(*decided, Message.state.in_(_NOT_GONE))
        .values(state=TaskState.CANCELLED, failure_reason=DropReason.TAKEN_BACK.value, retry_at=None)
        .execution_options(synchronize_session=False)
    )
    gone = session.execute(
        select(Message.subject_id, Message.person_id)
        .where(*decided, Message.state.in_((TaskState.DONE, TaskState.WORKING)))
        .order_by(Message.id)
    ).all()
    _note(session, dict(gone), step=TAKEN_BACK, now=now)


def _note(session: Session, people: Mapping[int, int], *, step: str, now: datetime) -> None:
    """A message for each, now or when messages may go next; tomorrow for whoever has had today's already."""
    first = next_open(now)
    second = next_open(day_bounds(local_day(first) + timedelta(days=1))[0])
    had = _have_had_one(session, people.values(), on=local_day(first))
    for due_at, is_later in ((first, False), (second, True)):
        some = {key: one for key, one in people.items() if (one in had) is is_later}
        note_messages(session, kind=DECIDED_FOR_MANY, people=some, step=step, now=now, due_at=due_at, is_in_digest=True)


def _have_had_one(session: Session, person_ids: Collection[int], *, on: date) -> set[int]:
    since, until = day_bounds(on)
    had = (Message.sent_at >= since) & (Message.sent_at < until)
    return set(
        session.scalars(
            select(Message.person_id).where(
                Message.kind == DECIDED_FOR_MANY,
                Message.person_id.in_(person_ids),
                had | (Message.state == TaskState.WORKING),
            )
        )
    )


def still_holds(session: Session, act: ActForMany, subject_id: int | None, *, on: date) -> bool:
    """Whether the time that was given has not run out and was not taken back, or the exemption has not ended."""
    if subject_id is None:
        return False
    if act.kind is ActKind.MORE_TIME:
        given = select(TimeGiven.id).where(
            TimeGiven.id == subject_id, TimeGiven.taken_back_at.is_(None), TimeGiven.until >= on
        )
        return session.scalar(given) is not None
    # One that begins later has not ended either.
    begins = session.scalar(select(Exemption.starts_on).where(Exemption.id == subject_id))
    day = max(on, begins) if begins else on
    return session.scalar(select(Exemption.id).where(Exemption.id == subject_id, holds_on(day))) is not None


def told_of(session: Session, *, act_id: int) -> tuple[int, int]:
    """How many people get a message about an act, and how many of those have had it."""
    row = session.execute(
        select(func.count(), func.count().filter(Message.state == TaskState.DONE))
        .select_from(Message)
        .join(PersonOfAct, PersonOfAct.id == Message.subject_id)
        .where(
            Message.kind == DECIDED_FOR_MANY,
            Message.step == "",
            Message.state != TaskState.CANCELLED,
            PersonOfAct.act_id == act_id,
        )
    ).one()
    return row[0], row[1]
