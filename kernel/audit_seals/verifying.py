"""Reading the whole chain again, and naming the first link that does not hold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.audit_seals.content import BEFORE_THE_FIRST, content_hash, seal_hash
from kernel.audit_seals.sealing import ENTRY_COLUMNS, words_of
from kernel.audit_seals.seals import AuditSeal


class Break(StrEnum):
    """What is wrong with a link."""

    CHANGED = "changed"
    GONE = "gone"
    PUT_IN = "put-in"
    OUT_OF_ORDER = "out-of-order"
    SEAL_GONE = "seal-gone"
    SEAL_CHANGED = "seal-changed"


@dataclass(frozen=True)
class BrokenLink:
    """The first entry at which the chain does not hold. What is known of one that is gone is its seal alone."""

    what: Break
    entry_id: int
    happened_at: datetime | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    sealed_at: datetime | None = None


@dataclass(frozen=True)
class TrailState:
    """How the trail was found. ``oldest_unsealed_at`` is the moment of the first entry after the last seal."""

    sealed: int
    last_seal: str | None
    last_entry_id: int | None
    unsealed: int
    oldest_unsealed_at: datetime | None
    broken: BrokenLink | None


def verify_trail(session: Session, *, at_once: int = 5_000) -> TrailState:
    """Read every seal with its entry, in portions, up to the first broken link."""
    broken, last, count = None, None, 0
    before, position, entry_id = BEFORE_THE_FIRST, 0, 0
    for row in _links(session, at_once):
        broken = _broken(row, before, position, entry_id)
        if broken is not None:
            break
        before, position, entry_id, last, count = row.seal_sha256, row.position, row.entry_id, row, count + 1
    newest_sealed = session.scalar(select(func.max(AuditSeal.entry_id))) or 0
    put_in = _first_put_in(session, newest_sealed)
    if put_in is not None and (broken is None or put_in.entry_id < broken.entry_id):
        # Where the positions have a gap, an entry without a seal had one.
        lost_its_seal = broken is not None and broken.what is Break.SEAL_GONE and put_in.entry_id > entry_id
        broken = replace(put_in, what=Break.SEAL_GONE) if lost_its_seal else put_in
    unsealed, oldest = session.execute(
        select(func.count(), func.min(AuditEntry.happened_at)).where(AuditEntry.id > newest_sealed)
    ).one()
    return TrailState(
        count, last.seal_sha256 if last else None, last.entry_id if last else None, unsealed, oldest, broken
    )


def _links(session: Session, at_once: int) -> Iterator[Row[Any]]:
    """Seals in their order, each with its entry if that is there."""
    after = 0
    while True:
        rows = session.execute(
            select(AuditSeal.position, AuditSeal.entry_id, AuditSeal.content_sha256, AuditSeal.seal_sha256)
            .add_columns(AuditSeal.sealed_at, *ENTRY_COLUMNS)
            .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .where(AuditSeal.position > after)
            .order_by(AuditSeal.position)
            .limit(at_once)
        ).all()
        yield from rows
        if len(rows) < at_once:
            return
        after = rows[-1].position


def _broken(row: Row[Any], before: str, position: int, entry_id: int) -> BrokenLink | None:
    """What is wrong with one link, if anything, after a seal at this position for this entry."""
    if row.position != position + 1:
        return _link(Break.SEAL_GONE, row)
    if row.id is None:
        return BrokenLink(Break.GONE, row.entry_id, sealed_at=row.sealed_at)
    if row.entry_id <= entry_id:
        return _link(Break.OUT_OF_ORDER, row)
    if content_hash(words_of(row)) != row.content_sha256:
        return _link(Break.CHANGED, row)
    if seal_hash(before, row.content_sha256) != row.seal_sha256:
        return _link(Break.SEAL_CHANGED, row)
    return None


def _first_put_in(session: Session, newest_sealed: int) -> BrokenLink | None:
    """The first entry that has no seal, though entries after it have one."""
    row = session.execute(
        select(*ENTRY_COLUMNS, AuditSeal.entry_id, AuditSeal.sealed_at)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditEntry.id <= newest_sealed, AuditSeal.position.is_(None))
        .order_by(AuditEntry.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _link(Break.PUT_IN, row, entry_id=row.id)


def _link(what: Break, row: Any, *, entry_id: int | None = None) -> BrokenLink:
    return BrokenLink(
        what,
        row.entry_id if entry_id is None else entry_id,
        row.happened_at,
        row.action or "",
        row.subject_type or "",
        row.subject_id or "",
        row.sealed_at,
    )
