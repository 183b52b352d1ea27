"""What a worker does with tasks: claim a batch, say that it lives, and write down how it went.

Whatever dies, no row is lost: a claim is a lease, and when it has run out the next worker takes the row. Only the claim
that holds a row may write down how it went, so what a slow worker brings too late is never stored over another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, select, true, update
from sqlalchemy.orm import Session

from kernel.tasks.kinds import Row, TaskKind, TaskState


class ClaimLost(Exception):
    """Another worker has taken over what this one had in hand, or nobody wants it any more."""


@dataclass(frozen=True)
class Claim(Generic[Row]):
    """Rows that one worker, and no other, has in hand until its lease runs out. ``rows`` are as they were claimed."""

    kind: TaskKind[Row]
    token: str
    ids: tuple[int, ...]
    rows: tuple[Row, ...] = ()

    @property
    def id(self) -> int:
        """The id of its only row."""
        (only,) = self.ids
        return only

    @property
    def is_held(self) -> ColumnElement[bool]:
        """The condition that a row is still in the hands of this claim."""
        table = self.kind.table
        return and_(table.state == TaskState.WORKING, table.claimed_by == self.token)

    def of(self, *ids: int) -> "Claim[Row]":
        """The same claim on some of its rows."""
        return replace(self, ids=ids, rows=())


def claim(
    session: Session, kind: TaskKind[Row], *, now: datetime, limit: int = 1, only: Sequence[int] | None = None
) -> Claim[Row] | None:
    """Take up to ``limit`` due rows, or those of ``only`` that are due, so that no two workers take the same one.

    ``None`` when there is none.
    """
    chosen = true() if only is None else kind.table.id.in_(only)
    deaths = kind.table.claims
    return _take(session, kind, and_(chosen, deaths < kind.alone_after), limit, now) or _take(
        session, kind, and_(chosen, deaths >= kind.alone_after), 1, now
    )


def _take(
    session: Session, kind: TaskKind[Row], which: ColumnElement[bool], limit: int, now: datetime
) -> Claim[Row] | None:
    table, token = kind.table, uuid4().hex
    due = (
        select(table.id)
        .where(kind.is_due(now), which)
        .order_by(*kind.order, table.id)
        .limit(limit)
        # A part of its own, so that PostgreSQL reads and locks it once, however it joins. SQLite has one writer anyway.
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = session.scalars(
        update(table)
        .where(table.id.in_(select(due.c.id)))
        .values(state=TaskState.WORKING, claimed_at=now, claimed_by=token, claims=table.claims + 1)
        .returning(table),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    rows = sorted(taken, key=lambda row: row.id)
    return Claim(kind, token, tuple(row.id for row in rows), tuple(rows)) if rows else None


def hold(session: Session, claim: Claim[Row]) -> Row:
    """The only row of a claim, locked until this transaction ends. Raises ``ClaimLost``."""
    table = claim.kind.table
    row = session.scalar(
        select(table)
        .where(table.id == claim.id, claim.is_held)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise ClaimLost(f"{claim.kind.name} {claim.id}")
    return row


def extend(session: Session, claim: Claim[Row], *, now: datetime, **progress: object) -> None:
    """Say that the worker lives, and how far it is. Raises ``ClaimLost`` when it holds none of its rows any more."""
    _change(session, claim, claimed_at=now, **progress)


def finish(session: Session, claim: Claim[Row], **results: object) -> None:
    """Write down that the work is done, and its results. Raises ``ClaimLost``: then nothing of it may be kept."""
    _change(session, claim, **{**FINISHED, **results})


FINISHED = {"state": TaskState.DONE, "claimed_by": None, "retry_at": None, "failure_reason": None}


def drop(session: Session, claim: Claim[Row], **results: object) -> None:
    """Write down that nothing is to be done after all. Raises ``ClaimLost``."""
    _change(session, claim, **{**FINISHED, "state": TaskState.CANCELLED, **results})


def release(session: Session, claim: Claim[Row], **progress: object) -> None:
    """Give rows back that go on later: the worker was asked to stop, or has done its part. Raises ``ClaimLost``."""
    _change(session, claim, **{"state": TaskState.PENDING, "claimed_by": None, "claims": 0, **progress})


def fail(
    session: Session,
    claim: Claim[Row],
    *,
    reason: str,
    now: datetime,
    is_passing: bool = False,
    is_final: bool = False,
    **details: object,
) -> bool:
    """Write down why rows could not be done, and when they are tried again; whether one is parked.

    The waits grow, and the last of them repeats. A row that is itself at fault is parked at its last failure, or now
    when it ``is_final``. ``is_passing``: something else is at fault, so it is tried again however often this happens.
    Raises ``ClaimLost``.
    """
    kind, table = claim.kind, claim.kind.table
    held = session.execute(
        select(table.id, table.failures).where(table.id.in_(claim.ids), claim.is_held).with_for_update()
    ).all()
    if not held:
        raise ClaimLost(f"{kind.name} {claim.ids}")
    is_any_parked = False
    for row_id, failures in held:
        is_parked = is_final or (failures + 1 >= kind.most_failures and not is_passing)
        is_any_parked |= is_parked
        _change(
            session,
            claim.of(row_id),
            state=TaskState.PARKED if is_parked else TaskState.FAILED,
            claimed_by=None,
            claims=0,
            failures=failures + 1,
            failure_reason=reason[: table.failure_reason.type.length],
            retry_at=None if is_parked else now + kind.retry_after[min(failures, len(kind.retry_after) - 1)],
            **details,
        )
    return is_any_parked


def _change(session: Session, claim: Claim[Row], **values: object) -> None:
    table = claim.kind.table
    changed = session.scalars(
        update(table).where(table.id.in_(claim.ids), claim.is_held).values(**values).returning(table.id)
    ).all()
    if not changed:
        raise ClaimLost(f"{claim.kind.name} {claim.ids}")
