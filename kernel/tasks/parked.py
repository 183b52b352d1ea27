"""What is parked: given up until somebody has looked, of every kind of task at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from kernel.tasks.kinds import TaskKind, TaskState

Kinds = Sequence[TaskKind[Any]]


@dataclass(frozen=True)
class ParkedTask:
    """One that waits for somebody: what it is, since when, how often it was tried, and why nothing came of it."""

    kind: TaskKind[Any]
    row_id: int
    since: datetime
    tried: int
    reason: str


def is_parked(kind: TaskKind[Any]) -> ColumnElement[bool]:
    """The condition that a row of this kind waits for somebody to try again."""
    return and_(kind.is_open, kind.table.state == TaskState.PARKED)


def count_parked(session: Session, kinds: Kinds) -> Mapping[TaskKind[Any], int]:
    """How many of each kind are parked, in one statement; only kinds of which any is."""
    each = [
        select(literal(place).label("place"), func.count().label("count"))
        .select_from(kind.table)
        .where(is_parked(kind))
        for place, kind in enumerate(kinds)
    ]
    found: dict[int, int] = dict(session.execute(union_all(*each)).all())
    return {kind: found[place] for place, kind in enumerate(kinds) if found[place]}


def parked_page(session: Session, kinds: Kinds, *, page: int, size: int) -> Sequence[ParkedTask]:
    """One page, counted from 1, in one statement: kind after kind, the oldest first."""
    each = [
        select(
            literal(place).label("place"),
            kind.table.id.label("row_id"),
            func.coalesce(kind.table.claimed_at, kind.since).label("since"),
            (kind.table.failures + kind.table.claims).label("tried"),
            func.coalesce(kind.table.failure_reason, "").label("reason"),
        ).where(is_parked(kind))
        for place, kind in enumerate(kinds)
    ]
    rows = union_all(*each).order_by("place", "row_id").limit(size).offset((page - 1) * size)
    return [ParkedTask(kinds[row.place], row.row_id, row.since, row.tried, row.reason) for row in session.execute(rows)]


def parked_by_reason(session: Session, kind: TaskKind[Any]) -> Mapping[str, int]:
    """How many rows are parked, by the reason; the most frequent reason first."""
    reason, count = func.coalesce(kind.table.failure_reason, ""), func.count()
    query = select(reason, count).where(is_parked(kind)).group_by(reason).order_by(count.desc(), reason)
    return dict(session.execute(query).all())
