"""Amendments as they are stored. No completion changes: it is withdrawn, and another may take its place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.records.completion import Completion
from kernel.database import Base, UTCDateTime, enum_by_value


class Fault(StrEnum):
    """What was wrong with a completion."""

    IN_ERROR = "in-error"
    WRONG_DAY = "wrong-day"
    WRONG_PERSON = "wrong-person"


FAULT_WORDS: Mapping[Fault, str] = {
    Fault.IN_ERROR: "It was recorded by mistake: they have not completed the course",
    Fault.WRONG_DAY: "The day is wrong",
    Fault.WRONG_PERSON: "It belongs to somebody else",
}


class CompletionAmendment(Base):
    """That a completion was put right: ``replacement_id`` is the one that counts in its place, if any does.

    Only the columns of undoing are ever changed. Of a completion one amendment holds at a time.
    """

    __tablename__ = "completion_amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"))
    fault: Mapped[Fault] = mapped_column(enum_by_value(Fault))
    reason: Mapped[str] = mapped_column(String(300))
    amended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    amended_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index(
            "uq_completion_amendment_holds",
            "completion_id",
            unique=True,
            postgresql_where=undone_at.is_(None),
            sqlite_where=undone_at.is_(None),
        ),
        Index(None, "replacement_id"),
    )


def replaced_completions() -> Select[int, int | None]:
    """Each completion that was put right, with the one that counts in its place; those without one are left out."""
    row = CompletionAmendment
    return select(row.completion_id, row.replacement_id).where(row.replacement_id.is_not(None), row.undone_at.is_(None))


def amendments_about(session: Session, *, person_id: int) -> Sequence[CompletionAmendment]:
    """Every amendment of what was or is this person’s, the newest first."""
    theirs = select(Completion.id).where(Completion.person_id == person_id)
    return session.scalars(
        select(CompletionAmendment)
        .where(CompletionAmendment.completion_id.in_(theirs) | CompletionAmendment.replacement_id.in_(theirs))
        .order_by(CompletionAmendment.id.desc())
    ).all()
