"""When the holder of a job is on long leave."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, enum_by_value
from people.jobs.employment import Employment


class AbsenceKind(StrEnum):
    """Why somebody is away: no more than the figures need to know. Illness is nobody's business here."""

    LONG_LEAVE = "long-leave"
    SECONDMENT = "secondment"


class Absence(Base):
    """Long leave from ``starts_on`` to ``ends_on``, both included; it follows from the ledger, as terms do."""

    __tablename__ = "employment_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    employment_id: Mapped[int] = mapped_column(ForeignKey("employment.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    kind: Mapped[AbsenceKind] = mapped_column(enum_by_value(AbsenceKind))

    __table_args__ = (
        UniqueConstraint("employment_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )


def is_away(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition on an employment that its holder is on long leave that day."""
    covers = (Absence.starts_on <= on) & (Absence.ends_on.is_(None) | (Absence.ends_on >= on))
    return Employment.id.in_(select(Absence.employment_id).where(covers))
