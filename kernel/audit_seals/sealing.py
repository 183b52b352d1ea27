"""Sealing: each entry that no other one can come before gets its hash, in the order of ids."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.audit_seals.content import BEFORE_THE_FIRST, canonical_words, content_hash, seal_hash
from kernel.audit_seals.seals import AuditSeal, find_last_seal
from kernel.database import table_of

SEAL_TRAIL = "seal-audit-trail"
# Two sealers take turns: the second then finds what the first has sealed. The number only has to be one of its own.
_TURN = text("SELECT pg_advisory_xact_lock(1128876620)")
# What is hashed, past the ORM: a trail has millions of rows.
ENTRY_COLUMNS = (
    AuditEntry.id,
    AuditEntry.happened_at,
    AuditEntry.actor_account_id,
    AuditEntry.action,
    AuditEntry.subject_type,
    AuditEntry.subject_id,
    AuditEntry.detail,
)


def words_of(row: Any) -> str:
    """The words that are hashed of a stored entry, or of a row with ``ENTRY_COLUMNS``."""
    return canonical_words(
        entry_id=row.id,
        happened_at=row.happened_at,
        actor_account_id=row.actor_account_id,
        action=row.action,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        detail=row.detail,
    )


def seal_up_to(session: Session, *, entry_id: int, at_once: int, now: datetime) -> int:
    """Seal the next entries, none above ``entry_id``; returns how many. Fewer than ``at_once``: that was all.

    Nobody may be able to add an entry up to there any more: see ``kernel.audit_seals.horizon``.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TURN)
    last = find_last_seal(session)
    position, sealed_id, before = (last.position, last.entry_id, last.seal_sha256) if last else (0, 0, BEFORE_THE_FIRST)
    rows = session.execute(
        select(*ENTRY_COLUMNS)
        .where(AuditEntry.id > sealed_id, AuditEntry.id <= entry_id)
        .order_by(AuditEntry.id)
        .limit(at_once)
    ).all()
    seals = []
    for position, row in enumerate(rows, start=position + 1):  # noqa: B020 - counts on from the last seal
        content = content_hash(words_of(row))
        before = seal_hash(before, content)
        seals.append(
            {
                "position": position,
                "entry_id": row.id,
                "content_sha256": content,
                "seal_sha256": before,
                "sealed_at": now,
            }
        )
    if seals:
        session.execute(insert(table_of(AuditSeal)), seals)
    return len(seals)
