"""What people and maintenance do with tasks: pause, resume, cancel, try again, park what kills, and look what waits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, true, update
from sqlalchemy.orm import Session

from kernel.tasks.kinds import ENDED, TRIED_AGAIN, Row, TaskKind, TaskState


def retry(session: Session, kind: TaskKind[Row], *, now: datetime, which: ColumnElement[bool] | None = None) -> int:
    """Make failed and parked rows due at once, as if they had never failed; returns how many.

    They count as failed, not as pending: the reason stays to be seen until the next try has an outcome.
    """
    table = kind.table
    again = {"state": TaskState.FAILED, "retry_at": now, "failures": 0, "claims": 0, **kind.when_retried(now)}
    wanted = (kind.rows, table.state.in_(TRIED_AGAIN), true() if which is None else which)
    return len(session.scalars(update(table).where(*wanted).values(again).returning(table.id)).all())


def pause(session: Session, kind: TaskKind[Row], row_id: int) -> bool:
    """Let no worker take a row until somebody resumes; whether it could be paused. A claim on it is lost."""
    return _move(session, kind, row_id, (TaskState.PENDING, TaskState.WORKING, TaskState.FAILED), TaskState.PAUSED)


def resume(session: Session, kind: TaskKind[Row], row_id: int) -> bool:
    """Let a row go on at once that was paused or has failed; whether it was one."""
    return _move(session, kind, row_id, (TaskState.PAUSED, *TRIED_AGAIN), TaskState.PENDING)


def cancel(session: Session, kind: TaskKind[Row], row_id: int, **results: object) -> bool:
    """End a row for good; whether it was open. A claim on it is lost."""
    return _move(session, kind, row_id, set(TaskState) - set(ENDED), TaskState.CANCELLED, **results)


def _move(
    session: Session,
    kind: TaskKind[Row],
    row_id: int,
    before: Collection[TaskState],
    after: TaskState,
    **results: object,
) -> bool:
    table = kind.table
    fresh = {"claimed_by": None, "claims": 0, "failures": 0, "retry_at": None, "failure_reason": None}
    moved = (
        update(table)
        .where(table.id == row_id, kind.rows, table.state.in_(before))
        .values(state=after, **fresh, **results)
        .returning(table.id)
    )
    return bool(session.scalars(moved).all())


def park_lost(session: Session, kind: TaskKind[Row], *, now: datetime, **details: object) -> int:
    """Park the rows whose workers died every time; returns how many."""
    table = kind.table
    parked = (
        update(table)
        .where(kind.is_open, kind.is_abandoned(now), table.claims >= kind.most_claims)
        .values(
            state=TaskState.PARKED,
            claimed_by=None,
            retry_at=None,
            failure_reason=f"The worker died each of the {kind.most_claims} times that it was {kind.in_words}",
            **details,
        )
        .returning(table.id)
    )
    return len(session.scalars(parked).all())


def is_any_due(
    session: Session, kind: TaskKind[Row], *, now: datetime, which: ColumnElement[bool] | None = None
) -> bool:
    """Whether a worker would find something to do now, among ``which`` where that is said."""
    due = select(kind.table.id).where(kind.is_due(now), true() if which is None else which)
    return session.scalar(due.limit(1)) is not None


@dataclass(frozen=True)
class Late:
    """So many rows have been due for too long, the first of them since then."""

    count: int
    oldest_at: datetime | None


def late(session: Session, kind: TaskKind[Row], *, now: datetime, after: timedelta) -> Late:
    """What has been due for longer than ``after`` and is not taken up.

    What is due since a moment that far ahead was wanted before the clock was set back: it counts as late.
    """
    table = kind.table
    since = case(
        (table.state == TaskState.FAILED, table.retry_at),
        (table.state == TaskState.WORKING, table.claimed_at),
        else_=kind.since,
    )
    count, oldest = session.execute(
        select(func.count(), func.min(since)).where(kind.is_due(now), or_(since <= now - after, since >= now + after))
    ).one()
    return Late(count, oldest)


def counts_by_state(session: Session, kind: TaskKind[Row]) -> Mapping[TaskState, int]:
    """How many rows there are in each state."""
    state = kind.table.state
    found: dict[TaskState, int] = dict(
        session.execute(select(state, func.count()).where(kind.rows).group_by(state)).all()
    )
    return {one: found.get(one, 0) for one in TaskState}
