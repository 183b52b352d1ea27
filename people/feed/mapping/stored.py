"""The mappings of each authority, in versions. None is ever changed: every run can say by which one it was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from people.feed.mapping.mappings import Mapping, as_json, from_json, mapping_problems


class FeedMapping(Base):
    """One version of an authority's mapping. An authority with two HR systems has two, by name."""

    __tablename__ = "feed_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "name", "version"),)


@dataclass(frozen=True)
class StoredMapping:
    """A mapping with the version that it is, and who made it when; ``made_by_account_id`` is nobody's for a command."""

    id: int
    name: str
    version: int
    mapping: Mapping
    made_at: datetime
    made_by_account_id: int | None


def find_mapping(
    session: Session, *, organisation_id: int, name: str | None = None, version: int | None = None
) -> StoredMapping | None:
    """The newest version of an authority's mapping with this name, or that version; without a name, the last one."""
    wanted = select(FeedMapping).where(FeedMapping.organisation_id == organisation_id)
    if name is not None:
        wanted = wanted.where(FeedMapping.name == name)
    if version is not None:
        wanted = wanted.where(FeedMapping.version == version)
    row = session.scalar(wanted.order_by(FeedMapping.id.desc()).limit(1))
    return None if row is None else _stored(row)


def mapping_by_id(session: Session, *, organisation_id: int, mapping_id: int) -> StoredMapping | None:
    """One version of a mapping of this authority by its id, ``None`` if another authority has it or nobody."""
    row = session.scalar(
        select(FeedMapping).where(FeedMapping.id == mapping_id, FeedMapping.organisation_id == organisation_id)
    )
    return None if row is None else _stored(row)


def mappings_of(session: Session, *, organisation_id: int) -> list[StoredMapping]:
    """The newest version of each of an authority's mappings, by name."""
    newest = (
        select(func.max(FeedMapping.id))
        .where(FeedMapping.organisation_id == organisation_id)
        .group_by(FeedMapping.name)
    )
    rows = session.scalars(
        select(FeedMapping).where(FeedMapping.id.in_(newest)).order_by(FeedMapping.name, FeedMapping.id)
    )
    return [_stored(row) for row in rows]


def keep_mapping(
    session: Session, *, organisation_id: int, name: str, mapping: Mapping, by: int | None, now: datetime
) -> StoredMapping:
    """Keep a mapping as the next version of its name; one that says nothing new stays the version that it is.

    Raises ``RuleBroken`` with everything that keeps it from being used, or where somebody else was faster.
    """
    if problems := mapping_problems(mapping):
        raise RuleBroken(" ".join(problems))
    before = find_mapping(session, organisation_id=organisation_id, name=name)
    if before is not None and before.mapping == mapping:
        return before
    row = FeedMapping(
        organisation_id=organisation_id,
        name=name,
        version=1 if before is None else before.version + 1,
        definition=as_json(mapping),
        made_at=now,
        made_by_account_id=by,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as problem:  # two people at once
        raise RuleBroken("Somebody else has just kept this mapping. Open the page again to see theirs.") from problem
    record(
        session,
        action="feed-mapping-kept",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=by,
        now=now,
        detail={"name": name, "version": row.version},
    )
    return _stored(row)


def _stored(row: FeedMapping) -> StoredMapping:
    return StoredMapping(row.id, row.name, row.version, from_json(row.definition), row.made_at, row.made_by_account_id)
