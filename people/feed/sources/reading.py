"""What became of looks at sources, read back for people."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from people.feed.sources.record import FeedFetch


def newest_look(session: Session, *, source_id: int) -> FeedFetch | None:
    """The last look at a source that was asked for, by the clock or by somebody."""
    query = select(FeedFetch).where(FeedFetch.source_id == source_id).order_by(FeedFetch.id.desc())
    return session.scalar(query.limit(1))


def newest_looks(session: Session, *, source_ids: Sequence[int]) -> dict[int, FeedFetch]:
    """The last look at each of these sources, by the id of the source."""
    newest = select(func.max(FeedFetch.id)).where(FeedFetch.source_id.in_(source_ids)).group_by(FeedFetch.source_id)
    return {one.source_id: one for one in session.scalars(select(FeedFetch).where(FeedFetch.id.in_(newest)))}


def looks_page(session: Session, *, source_id: int, page: int, size: int) -> tuple[Sequence[FeedFetch], int]:
    """One page, counted from 1, of the looks at a source, the newest first, and how many there are."""
    own = FeedFetch.source_id == source_id
    total = session.scalar(select(func.count()).select_from(FeedFetch).where(own)) or 0
    query = select(FeedFetch).where(own).order_by(FeedFetch.id.desc()).limit(size).offset(max(0, page - 1) * size)
    return session.scalars(query).all(), total
