"""What a job is from a day to a day: its unit, its title and all that an employer may change."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, enum_by_value


class EmploymentKind(StrEnum):
    """How somebody works for an authority; ``people/counting.py`` says who counts."""

    EMPLOYEE = "employee"
    CASUAL = "casual"
    AGENCY = "agency"
    ELECTED_MEMBER = "elected-member"


class EmploymentTerms(Base):
    """What a job is from ``starts_on`` to ``ends_on``, both included; without an end it goes on.

    A job is held on a day if one of its rows covers it, and never more than one does: between two of them its holder
    had left. The rows follow from the ledger and are written anew whenever it grows, so nothing may point to one.
    """

    __tablename__ = "employment_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    employment_id: Mapped[int] = mapped_column(ForeignKey("employment.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    job_title: Mapped[str] = mapped_column(String(200))
    grade: Mapped[str] = mapped_column(String(40))
    kind: Mapped[EmploymentKind] = mapped_column(enum_by_value(EmploymentKind))
    # As a number with a point: SQLite has no decimals, and two places of them are exact both ways.
    hours_per_week: Mapped[float | None] = mapped_column(Numeric(5, 2, asdecimal=False))
    contract: Mapped[str] = mapped_column(String(40))
    site: Mapped[str] = mapped_column(String(200))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("employment.id"))
    is_main: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("employment_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("manager_id IS NULL OR manager_id <> employment_id", name="manages_others"),
        Index(None, "unit_id"),
        # Only of those who have one: where few or none do, SQLite would read all terms on every request instead.
        Index(None, "manager_id", postgresql_where=manager_id.is_not(None), sqlite_where=manager_id.is_not(None)),
    )
