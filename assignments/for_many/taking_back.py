"""Taking back what was done for many people, in one step: each row backwards, as far as it can be."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from assignments.exemptions.giving_many import end_each
from assignments.for_many.doing import AT_ONCE
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct, PersonOutcome, Why
from assignments.for_many.telling import note_taken_back
from assignments.reminders.mass_nudges import take_back_nudges
from assignments.requests.record import TimeGiven
from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState

TAKEN_ALREADY = "This was taken back already"
REASON = "It was taken back for everybody of this list"


def take_back(session: Session, act: ActForMany, *, by: int, now: datetime) -> None:
    """Stop what is still to come of an act, and take back what was done: at once where it is little, else in the queue.

    Of two who press at once one does. Raises ``RuleBroken`` for the other.
    """
    is_mine = session.scalar(
        update(ActForMany)
        .where(ActForMany.id == act.id, ActForMany.taking_back_at.is_(None))
        .values(
            taking_back_at=now,
            taken_back_by_account_id=by,
            # A worker that has it in hand loses its claim.
            state=TaskState.PENDING,
            claimed_by=None,
            claims=0,
            failures=0,
            retry_at=None,
            failure_reason=None,
        )
        .returning(ActForMany.id)
        .execution_options(synchronize_session=False)
    )
    if is_mine is None:
        raise RuleBroken(TAKEN_ALREADY)
    session.refresh(act)
    _stop_the_rest(session, act.id)
    done = session.scalar(select(func.count()).select_from(PersonOfAct).where(_done(act.id))) or 0
    record(
        session,
        action="people-act-taken-back",
        subject_type="organisation",
        subject_id=act.organisation_id,
        actor_account_id=by,
        now=now,
        detail={"course": act.course_id, "people": done, "act_for_many": act.id},
    )
    if done <= AT_ONCE:
        take_back_batch(session, act, limit=AT_ONCE, now=now)
        act.state, act.ended_at = TaskState.DONE, now


def _done(act_id: int) -> ColumnElement[bool]:
    return (PersonOfAct.act_id == act_id) & (PersonOfAct.outcome == PersonOutcome.DONE)


def _stop_the_rest(session: Session, act_id: int) -> None:
    session.execute(
        update(PersonOfAct)
        .where(PersonOfAct.act_id == act_id, PersonOfAct.outcome == PersonOutcome.WAITING)
        .values(outcome=PersonOutcome.TAKEN_BACK)
        .execution_options(synchronize_session=False)
    )


def take_back_batch(session: Session, act: ActForMany, *, limit: int, now: datetime) -> int:
    """Take back the next ``limit``; returns how many were looked at."""
    rows = session.execute(
        select(PersonOfAct.id, PersonOfAct.subject_id).where(_done(act.id)).order_by(PersonOfAct.id).limit(limit)
    ).all()
    subjects = [subject_id for _, subject_id in rows if subject_id is not None]
    taken = _undo(session, act, subjects, now)
    why = Why.SENT if act.kind is ActKind.NUDGE else Why.ENDED
    back = [row_id for row_id, subject_id in rows if subject_id in taken]
    stayed = [row_id for row_id, subject_id in rows if subject_id not in taken]
    _mark(session, back, PersonOutcome.TAKEN_BACK, None)
    note_taken_back(session, act, back, now=now)
    _mark(session, stayed, PersonOutcome.STAYED, why)
    return len(rows)


def _undo(session: Session, act: ActForMany, subjects: Collection[int], now: datetime) -> set[int]:
    """Those of these nudges, exemptions or times given that were taken back."""
    if act.kind is ActKind.NUDGE:
        return take_back_nudges(session, list(subjects), since=act.started_at)
    if act.kind is ActKind.EXEMPT:
        return end_each(session, list(subjects), reason=REASON, by=act.taken_back_by_account_id, now=now)
    back = (
        update(TimeGiven)
        .where(TimeGiven.id.in_(subjects), TimeGiven.taken_back_at.is_(None))
        .values(taken_back_at=now)
        .returning(TimeGiven.id)
        .execution_options(synchronize_session=False)
    )
    return set(session.scalars(back))


def _mark(session: Session, row_ids: Collection[int], outcome: PersonOutcome, why: Why | None) -> None:
    if row_ids:
        session.execute(
            update(PersonOfAct)
            .where(PersonOfAct.id.in_(row_ids))
            .values(outcome=outcome, why=why)
            .execution_options(synchronize_session=False)
        )
