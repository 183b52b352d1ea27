"""The audit trail: who did what to which thing, and when. Rows are only ever added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import JSON, Index, String, Table, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, JsonObject, UTCDateTime


class AuditEntry(Base):
    """One act. ``actor_account_id`` is empty when the platform itself acted."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[JsonObject] = mapped_column(JSON)

    __table_args__ = (Index(None, "subject_type", "subject_id"),)


keep_append_only(cast(Table, AuditEntry.__table__))


def record(
    session: Session,
    *,
    action: str,
    subject_type: str,
    subject_id: object,
    actor_account_id: int | None,
    now: datetime,
    detail: JsonObject | None = None,
) -> None:
    """Add an entry. ``action`` is in the past tense: ``course-published``; ``detail`` holds nothing personal."""
    session.add(
        AuditEntry(
            happened_at=now,
            actor_account_id=actor_account_id,
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            detail=detail or {},
        )
    )


def record_many(
    session: Session,
    *,
    action: str,
    subject_type: str,
    details: Mapping[str, JsonObject],
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Add the same act for many things in one statement: ``details`` by the id of each."""
    rows = [
        {
            "happened_at": now,
            "actor_account_id": actor_account_id,
            "action": action,
            "subject_type": subject_type,
            "subject_id": subject_id,
            "detail": detail,
        }
        for subject_id, detail in details.items()
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)


def entries_for(session: Session, *, subject_type: str, subject_id: object) -> Sequence[AuditEntry]:
    """Everything recorded about one thing, oldest first."""
    return session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.happened_at, AuditEntry.id)
    ).all()
