"""Which courses an authority asks its people to take. A course that nobody asks for is optional learning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.audiences.conditions import end_of
from assignments.due.rules import NO_DATE, DueRule, Since, read_due, written_due
from assignments.periods.rules import PeriodRule, read_period, written_period
from assignments.programmes.refreshers import Refresher
from courses.catalogue.programmes import find_programme
from courses.catalogue.versions import Course
from kernel.audit import record
from kernel.database import Base, JsonObject, UTCDateTime
from people.organisations import Organisation


class Requirement(Base):
    """An authority asks its people to take a course: everybody who works there, or those of an audience.

    It is due by ``due_rule``, or by ``due_on`` where there is none and a day is named. ``period_rule`` says for how
    long a completion is valid, for ever where there is none. ``asked_at`` is when it was first asked for; a change ends
    the row and begins another, and ``begins_at`` is when this one did. ``programme_id`` is there where the course is
    the row of a programme. Where ``refresher_course_id`` is, that course is enough in a new period, as long as the last
    completion is at most ``refresher_months`` old.
    """

    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"))
    due_rule: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    # Empty in the rows of the release before, which had no such column: then it is when it was first asked for.
    begins_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    period_rule: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    refresher_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    refresher_months: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_requirement_in_force",
            "organisation_id",
            "course_id",
            unique=True,
            postgresql_where=withdrawn_at.is_(None),
            sqlite_where=withdrawn_at.is_(None),
        ),
        Index(None, "audience_id"),
    )

    @property
    def rule(self) -> DueRule:
        """By when it is due."""
        return DueRule(Since.DAY, self.due_on) if self.due_rule is None else read_due(self.due_rule)

    @property
    def period(self) -> PeriodRule | None:
        """For how long a completion is valid; ``None`` for ever."""
        return None if self.period_rule is None else read_period(self.period_rule)

    @property
    def refresher(self) -> Refresher | None:
        """The shorter course that is enough in a new period; ``None`` where it is the whole course."""
        if self.refresher_course_id is None or self.refresher_months is None:
            return None
        return Refresher(self.refresher_course_id, self.refresher_months)


def holds_on(on: date) -> ColumnElement[bool]:
    """The condition on a requirement that it was what was asked at the end of a day."""
    ended, end = Requirement.withdrawn_at, end_of(on)
    return and_(
        func.coalesce(Requirement.begins_at, Requirement.asked_at, type_=UTCDateTime) < end,
        or_(ended.is_(None), ended >= end),
    )


@dataclass(frozen=True)
class RequiringOrganisation:
    """An organisation that asks its people to take a course, since when, and by which day if it names one."""

    organisation_id: int
    organisation_name: str
    organisation_slug: str
    asked_at: datetime
    due_on: date | None


@dataclass(frozen=True)
class Asking:
    """Of whom and by when a course is asked, for how long a completion is valid, for ever without a rule, and which
    shorter course is enough the next time, if one is."""

    audience_id: int | None = None
    due: DueRule = NO_DATE
    period: PeriodRule | None = None
    refresher: Refresher | None = None


def as_stored(asking: Asking) -> dict[str, Any]:
    """The columns that say so. A day for all is the one that the release before knows too."""
    is_plain = replace(asking.due, day=None) == NO_DATE
    return {
        "audience_id": asking.audience_id,
        "due_on": asking.due.day if is_plain else None,
        "due_rule": None if is_plain else written_due(asking.due),
        "period_rule": None if asking.period is None else written_period(asking.period),
        "refresher_course_id": asking.refresher.course_id if asking.refresher else None,
        "refresher_months": asking.refresher.months if asking.refresher else None,
    }


def require_course(
    session: Session,
    *,
    course_id: int,
    organisation_ids: Sequence[int],
    account_id: int | None,
    now: datetime,
    due_on: date | None = None,
    asking: Asking | None = None,
) -> int:
    """Ask the people of these organisations to take a course; those that ask already are left as they are.

    ``due_on`` is short for asking everybody by a day.

    Returns how many organisations ask now that did not before.
    """
    stored = as_stored(asking or Asking(due=DueRule(day=due_on)))
    programme = find_programme(session, course_id=course_id)
    values = {"course_id": course_id, "asked_at": now, "begins_at": now, **stored}
    values |= {"programme_id": programme.id} if programme else {}
    new = [
        identity
        for identity in dict.fromkeys(organisation_ids)
        if _begin(session, Requirement(organisation_id=identity, **values))
    ]
    if new:
        record(
            session,
            action="course-asked-for",
            subject_type="course",
            subject_id=course_id,
            actor_account_id=account_id,
            now=now,
            detail={"organisations": new, **audited(stored)},
        )
    return len(new)


def audited(stored: JsonObject) -> JsonObject:
    """What the audit trail says of the columns: whoever reads it sees a day as a text, and a rule as it is kept."""
    due_on = stored["due_on"]
    kept = {"due_on": due_on.isoformat() if due_on else None}
    names = ("audience_id", "due_rule", "period_rule", "refresher_course_id", "refresher_months")
    more = {name: stored[name] for name in names if stored[name] is not None}
    return {**kept, **more}


def _begin(session: Session, requirement: Requirement) -> bool:
    try:
        with session.begin_nested():
            session.add(requirement)
    except IntegrityError:  # asked already, perhaps by somebody else just now; the unique index decides
        return False
    return True


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
