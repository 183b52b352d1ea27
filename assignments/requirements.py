"""Which courses an authority asks its people to take. A course that nobody asks for is optional learning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue.versions import Course
from kernel.audit import record
from kernel.database import Base, UTCDateTime
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation


class Requirement(Base):
    """An authority asks everybody who counts there to take a course, by ``due_on`` if it names a day."""

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        Index(
            "uq_requirement_in_force",
            "organisation_id",
            "course_id",
            unique=True,
            postgresql_where=withdrawn_at.is_(None),
            sqlite_where=withdrawn_at.is_(None),
        ),
    )


@dataclass(frozen=True)
class RequiredCourse:
    """A course that a person is asked to take, by whom (the main employer, if it asks), and by when.

    Where two authorities ask, the earlier day counts. ``joined_on`` is the first day of the job with the one that is
    named: it accepts what was completed before, whoever employed the person then.
    """

    course_id: int
    organisation_name: str
    due_on: date | None
    joined_on: date


@dataclass(frozen=True)
class RequiringOrganisation:
    """An organisation that asks its people to take a course, since when, and by which day if it names one."""

    organisation_id: int
    organisation_name: str
    organisation_slug: str
    asked_at: datetime
    due_on: date | None


def require_course(
    session: Session,
    *,
    course_id: int,
    organisation_ids: Sequence[int],
    account_id: int | None,
    now: datetime,
    due_on: date | None = None,
) -> int:
    """Ask the people of these organisations to take a course; those that ask already are left as they are.

    Returns how many organisations ask now that did not before.
    """
    new = [
        identity
        for identity in dict.fromkeys(organisation_ids)
        if _begin(session, Requirement(course_id=course_id, organisation_id=identity, due_on=due_on, asked_at=now))
    ]
    if new:
        record(
            session,
            action="course-asked-for",
            subject_type="course",
            subject_id=course_id,
            actor_account_id=account_id,
            now=now,
            detail={"organisations": new, "due_on": due_on.isoformat() if due_on else None},
        )
    return len(new)


def _begin(session: Session, requirement: Requirement) -> bool:
    try:
        with session.begin_nested():
            session.add(requirement)
    except IntegrityError:  # asked already, perhaps by somebody else just now; the unique index decides
        return False
    return True


def required_courses_of(session: Session, *, person_id: int, on: date) -> dict[int, RequiredCourse]:
    """What the authorities that employ this person on a day ask of them, by course id."""
    rows = session.execute(
        select(Requirement.course_id, Organisation.name, Requirement.due_on, Employment.starts_on)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .join(Employment, Employment.organisation_id == Requirement.organisation_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(
            Requirement.withdrawn_at.is_(None),
            Employment.person_id == person_id,
            is_held(on),
        )
        .order_by(EmploymentTerms.is_main.desc(), Organisation.name, Requirement.id)
    )
    asked: dict[int, RequiredCourse] = {}
    for course_id, name, due_on, joined_on in rows:
        first = asked.setdefault(course_id, RequiredCourse(course_id, name, due_on, joined_on))
        days = [day for day in (first.due_on, due_on) if day is not None]
        asked[course_id] = replace(first, due_on=min(days, default=None))
    return asked


def days_asked_by(session: Session, *, organisation_id: int) -> dict[int, date | None]:
    """By which day an organisation asks its people to take each course, ``None`` for no day; first asked first."""
    rows = session.execute(
        select(Requirement.course_id, Requirement.due_on)
        .where(Requirement.organisation_id == organisation_id, Requirement.withdrawn_at.is_(None))
        .order_by(Requirement.asked_at, Requirement.id)
    )
    return dict(rows.all())


def courses_required_by(session: Session, *, organisation_id: int) -> Sequence[Course]:
    """The courses that an organisation asks its people to take, first asked first."""
    return session.scalars(
        select(Course)
        .join(Requirement, Requirement.course_id == Course.id)
        .where(Requirement.organisation_id == organisation_id, Requirement.withdrawn_at.is_(None))
        .order_by(Requirement.asked_at, Requirement.id)
    ).all()


def requiring_organisations(
    session: Session, *, course_ids: Sequence[int]
) -> dict[int, tuple[RequiringOrganisation, ...]]:
    """Who asks for each of these courses, by the organisation's name; nobody may ask for a course."""
    rows = session.execute(
        select(Requirement, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == Requirement.organisation_id)
        .where(Requirement.course_id.in_(course_ids), Requirement.withdrawn_at.is_(None))
        .order_by(Organisation.name, Organisation.id)
    )
    found: dict[int, list[RequiringOrganisation]] = {course_id: [] for course_id in course_ids}
    for row, name, slug in rows:
        found[row.course_id].append(RequiringOrganisation(row.organisation_id, name, slug, row.asked_at, row.due_on))
    return {course_id: tuple(items) for course_id, items in found.items()}
