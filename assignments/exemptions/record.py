"""Exemptions as they are stored, and who is exempt on a day."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, String, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value


class ExemptionReason(StrEnum):
    """Why somebody is exempt. None of them says anything about health."""

    EQUAL_TRAINING = "equal-training"
    LEAVES_SOON = "leaves-soon"
    SHORT_STAY = "short-stay"
    OTHER = "other"


REASON_WORDS: Mapping[ExemptionReason, str] = {
    ExemptionReason.EQUAL_TRAINING: "Has done equal training elsewhere",
    ExemptionReason.LEAVES_SOON: "Leaves within 12 weeks",
    ExemptionReason.SHORT_STAY: "Works for us for under 30 days",
    ExemptionReason.OTHER: "Agreed with HR for another reason",
}


class Exemption(Base):
    """An authority does not ask one person to take a course, from ``starts_on`` to ``ends_on``, both included.

    ``evidence`` is a short note of what it rests on. It holds for whatever requirement of the course there is.
    """

    __tablename__ = "exemption"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    reason: Mapped[ExemptionReason] = mapped_column(enum_by_value(ExemptionReason))
    evidence: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index(None, "person_id"),
        Index(None, "organisation_id", "course_id"),
    )


class ExemptionEnd(Base):
    """That an exemption ends early: it holds no more from ``from_on`` on."""

    __tablename__ = "exemption_end"

    id: Mapped[int] = mapped_column(primary_key=True)
    exemption_id: Mapped[int] = mapped_column(ForeignKey("exemption.id"), unique=True)
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def holds_on(on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition on an exemption that it holds on a day."""
    ended = exists().where(ExemptionEnd.exemption_id == Exemption.id, ExemptionEnd.from_on <= on)
    return (Exemption.starts_on <= on) & (Exemption.ends_on >= on) & ~ended


def exempt_people(*, organisation_id: int, course_id: int, on: date) -> Select[int]:
    """The ids of the people whom an authority exempts from a course on a day, whether or not they have finished."""
    return select(Exemption.person_id).where(
        Exemption.organisation_id == organisation_id, Exemption.course_id == course_id, holds_on(on)
    )


def exempt_until(
    session: Session, *, organisation_id: int, course_ids: Collection[int], on: date, people: Select[int]
) -> dict[tuple[int, int], date]:
    """By person and course, until when those of ``people`` are exempt who are on a day: until the last day of the
    exemption that lasts longest."""
    rows = session.execute(
        select(Exemption.person_id, Exemption.course_id, func.max(Exemption.ends_on))
        .where(
            Exemption.organisation_id == organisation_id,
            Exemption.course_id.in_(course_ids),
            Exemption.person_id.in_(people),
            holds_on(on),
        )
        .group_by(Exemption.person_id, Exemption.course_id)
    )
    return {(person_id, course_id): last for person_id, course_id, last in rows}
