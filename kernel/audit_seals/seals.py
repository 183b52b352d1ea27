"""The seals as they are stored: one row for each entry, in a table of its own that only grows too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Integer, String, Table, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from kernel.append_only import keep_append_only
from kernel.audit import AuditEntry
from kernel.audit_seals.content import BEFORE_THE_FIRST
from kernel.database import Base, UTCDateTime


class AuditSeal(Base):
    """The seal of one entry. ``position`` counts from 1 without a gap, so that a seal that is gone leaves one.

    No foreign key: the seal has to outlive the entry that somebody takes away.
    """

    __tablename__ = "audit_seal"

    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    seal_sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UTCDateTime)


keep_append_only(cast(Table, AuditSeal.__table__))


def find_last_seal(session: Session) -> AuditSeal | None:
    """The newest seal, which stands for all of the trail before it."""
    return session.scalar(select(AuditSeal).order_by(AuditSeal.position.desc()).limit(1))


def is_noted_seal(session: Session, seal_sha256: str) -> bool:
    """Whether a seal that somebody wrote down elsewhere still stands in the chain."""
    return session.scalar(select(AuditSeal.position).where(AuditSeal.seal_sha256 == seal_sha256)) is not None


@dataclass(frozen=True)
class Link:
    """The seal of one entry and the one before it, from which it follows."""

    before: str
    seal: str


def links_of(session: Session, *, entry_ids: Collection[int]) -> Mapping[int, Link]:
    """The links of some entries by their ids; one that is not sealed yet is absent."""
    earlier = aliased(AuditSeal)
    rows = session.execute(
        select(AuditSeal.entry_id, AuditSeal.seal_sha256, earlier.seal_sha256)
        .outerjoin(earlier, earlier.position == AuditSeal.position - 1)
        .where(AuditSeal.entry_id.in_(entry_ids))
    )
    return {entry_id: Link(before or BEFORE_THE_FIRST, seal) for entry_id, seal, before in rows}


def is_any_unsealed(session: Session) -> bool:
    """Whether entries were added since the last seal. Two looks at an index."""
    newest = session.scalar(select(func.max(AuditEntry.id)))
    sealed = session.scalar(select(func.max(AuditSeal.entry_id)))
    return newest is not None and (sealed is None or newest > sealed)
