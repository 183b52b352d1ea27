"""People, and the employments that tie them to units. One person may hold several jobs, also in several authorities."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value


class EmploymentKind(StrEnum):
    """How somebody works for an authority; ``people/counting.py`` says who counts."""

    EMPLOYEE = "employee"
    CASUAL = "casual"
    AGENCY = "agency"
    ELECTED_MEMBER = "elected-member"


class Person(Base):
    """A human being. ``chosen_name`` is the name they ask to be called by, and the one a certificate prints."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    chosen_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "chosen_name"),)


class Employment(Base):
    """A job: a person in a unit of an organisation from ``starts_on`` to ``ends_on``, both included."""

    __tablename__ = "employment"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    payroll_number: Mapped[str] = mapped_column(String(40))
    job_title: Mapped[str] = mapped_column(String(200))
    grade: Mapped[str] = mapped_column(String(40))
    kind: Mapped[EmploymentKind] = mapped_column(enum_by_value(EmploymentKind))
    is_main: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("organisation_id", "payroll_number"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("away_until IS NULL OR away_from IS NOT NULL", name="away_has_start"),
        Index(None, "person_id"),
        Index(None, "organisation_id", "person_id"),
        Index(None, "unit_id"),
    )


def order_of_jobs(on: date | ColumnElement[date]) -> tuple[ColumnElement[Any], ...]:
    """Which job speaks for a person: one held on that day before one that has ended or not begun, then the main job,
    then the one held longest."""
    is_current = (Employment.starts_on <= on) & (Employment.ends_on.is_(None) | (Employment.ends_on >= on))
    return case((is_current, 0), else_=1), Employment.is_main.desc(), Employment.starts_on.asc(), Employment.id.asc()


def find_main_employment(session: Session, *, person_id: int, on: date) -> Employment | None:
    """The job that speaks for a person on a day, by ``order_of_jobs``; ``None`` for somebody who never had one."""
    return session.scalar(
        select(Employment).where(Employment.person_id == person_id).order_by(*order_of_jobs(on)).limit(1)
    )
