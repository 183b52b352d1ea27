"""Completions: the fact that a person finished a course, kept for ever as it was at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column

from courses.catalogue import CourseVersion
from kernel.append_only import keep_append_only
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import RuleBroken
from kernel.events import Event
from people.organisations import Unit
from people.persons import Employment, find_main_employment


class CompletionSource(StrEnum):
    """Where the fact comes from."""

    PLATFORM = "platform"
    IMPORTED = "imported"


class Completion(Base):
    """A person finished a course. Unit, grade and version are copies: reorganisations do not rewrite history."""

    __tablename__ = "completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    cycle: Mapped[int]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_path: Mapped[str] = mapped_column(String(620))
    grade: Mapped[str] = mapped_column(String(40))
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[CompletionSource] = mapped_column(enum_by_value(CompletionSource))
    # Read along with each completion, because nearly every page that shows one says something about its certificate.
    gives_certificate: Mapped[bool] = column_property(
        select(CourseVersion.gives_certificate)
        .where(CourseVersion.id == course_version_id)
        .correlate_except(CourseVersion)
        .scalar_subquery()
    )

    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle"),
        Index(None, "course_id", "person_id"),
    )


keep_append_only(cast(Table, Completion.__table__))


@dataclass(frozen=True)
class CourseCompleted(Event):
    """A course was completed for the first time in its cycle."""

    completion_id: int


def record_completion(
    session: Session, *, person_id: int, course_id: int, cycle: int, course_version_id: int, now: datetime
) -> tuple[CourseCompleted, ...]:
    """Store the completion once; a second call, also at the same moment, returns no event.

    Raises ``RuleBroken`` when the person holds no job anywhere, because a completion belongs to an authority's record.
    """
    employment, unit_path = _job_of(session, person_id=person_id, on=local_day(now))
    completion = Completion(
        person_id=person_id,
        course_id=course_id,
        cycle=cycle,
        course_version_id=course_version_id,
        organisation_id=employment.organisation_id,
        unit_path=unit_path,
        grade=employment.grade,
        completed_at=now,
        source=CompletionSource.PLATFORM,
    )
    try:
        with session.begin_nested():
            session.add(completion)
    except IntegrityError:  # finished already; the unique constraint decides, not a SELECT before it
        return ()
    return (CourseCompleted(completion.id),)


def _job_of(session: Session, *, person_id: int, on: date) -> tuple[Employment, str]:
    employment = find_main_employment(session, person_id=person_id, on=on)
    if employment is None:
        raise RuleBroken("Your record shows no job with one of the seven authorities. Ask your HR team to add it")
    return employment, session.get_one(Unit, employment.unit_id).path


def find_completion(session: Session, *, person_id: int, course_id: int) -> Completion | None:
    """The newest completion of a course by a person."""
    return session.scalar(
        select(Completion)
        .where(Completion.person_id == person_id, Completion.course_id == course_id)
        .order_by(Completion.cycle.desc())
        .limit(1)
    )


def completions_for(session: Session, *, person_id: int) -> Sequence[Completion]:
    """Everything a person has completed, newest first."""
    return session.scalars(
        select(Completion)
        .where(Completion.person_id == person_id)
        .order_by(Completion.completed_at.desc(), Completion.id.desc())
    ).all()
