"""Tasks as workers have them in hand, and how they end."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.tasks.claims import Claim, claim, fail
from kernel.tasks.kinds import Row, TaskKind
from tests.builders.region import NOON


def in_hand(session: Session, kind: TaskKind[Row], *ids: int, now: datetime = NOON) -> Claim[Row]:
    """These rows, or all that are due, as a worker has them in hand."""
    claimed = claim(session, kind, now=now, limit=len(ids) or 10_000, only=ids or None)
    assert claimed is not None
    assert not ids or set(claimed.ids) == set(ids)
    return claimed


def failed(
    session: Session,
    kind: TaskKind[Row],
    row_id: int,
    reason: str = "No such font",
    *,
    times: int = 1,
    is_passing: bool = False,
    now: datetime = NOON,
) -> None:
    """A row that could not be done so many times in a row, the last time ``now``."""
    for before in reversed(range(times)):
        then = now - before * timedelta(days=1)
        fail(session, in_hand(session, kind, row_id, now=then), reason=reason, now=then, is_passing=is_passing)
    session.expire_all()


def count_open(session: Session, kind: TaskKind[Row]) -> int:
    """Of how many rows something is still to come."""
    return session.scalar(select(func.count()).select_from(kind.table).where(kind.is_open)) or 0
