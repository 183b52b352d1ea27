"""Which jobs are held on a day, what each of them is then, and which of them speaks for a person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms

Day = date | ColumnElement[date]


@dataclass(frozen=True)
class JobOnDay:
    """A job as it is on a day, or was when it was held last, or will be first.

    ``starts_on`` is the first day on which it was ever held, ``ends_on`` its last day if it has one.
    """

    employment_id: int
    person_id: int
    organisation_id: int
    payroll_number: str
    starts_on: date
    unit_id: int
    job_title: str
    grade: str
    kind: EmploymentKind
    is_main: bool
    ends_on: date | None


def is_held(on: Day) -> ColumnElement[bool]:
    """The condition on terms that they hold that day."""
    return and_(EmploymentTerms.starts_on <= on, or_(EmploymentTerms.ends_on.is_(None), EmploymentTerms.ends_on >= on))


def nearest_first(on: Day) -> tuple[ColumnElement[Any], ...]:
    """Terms that hold that day before those that have ended, the newest first, before those to come, the next first."""
    has_ended, is_to_come = EmploymentTerms.ends_on < on, EmploymentTerms.starts_on > on
    # Within each of the three, both of these are empty or neither is: databases disagree on where empty ones sort.
    return (
        case((has_ended, 1), (is_to_come, 2), else_=0),
        case((has_ended, EmploymentTerms.ends_on)).desc(),
        case((is_to_come, EmploymentTerms.starts_on)).asc(),
    )


def main_first() -> tuple[ColumnElement[Any], ...]:
    """Of jobs that are alike otherwise: the main one, then the one held longest."""
    return EmploymentTerms.is_main.desc(), Employment.starts_on.asc(), Employment.id.asc()


def order_of_jobs(on: Day) -> tuple[ColumnElement[Any], ...]:
    """Which job speaks for a person, over ``Employment`` joined with its terms.

    One held on that day, then the one that ended last, then the one that begins next; of those alike ``main_first``.
    """
    return *nearest_first(on), *main_first()


def jobs_on(on: Day, *only: ColumnElement[bool]) -> Subquery:
    """One row for each job with the terms that hold that day, or else the nearest. ``only`` are conditions on jobs.

    Its columns are those of ``JobOnDay``; of the terms ``terms_starts_on`` and ``terms_ends_on``; of that day
    ``is_held`` and ``is_away``; and ``place``, by which the jobs of one person stand in the order of ``order_of_jobs``.
    """
    within_job = func.row_number().over(partition_by=Employment.id, order_by=nearest_first(on))
    within_person = func.row_number().over(partition_by=Employment.person_id, order_by=order_of_jobs(on))
    every = (
        select(
            *_columns(),
            EmploymentTerms.starts_on.label("terms_starts_on"),
            EmploymentTerms.ends_on.label("terms_ends_on"),
            is_held(on).label("is_held"),
            is_away(on).label("is_away"),
            within_person.label("place"),
            within_job.label("nearness"),
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(*only)
        .subquery()
    )
    nearest: Select[Any] = select(*(one for one in every.c if one.name != "nearness")).where(every.c.nearness == 1)
    return nearest.subquery("jobs")


def _columns() -> tuple[Any, ...]:
    return (
        Employment.id.label("employment_id"),
        Employment.person_id,
        Employment.organisation_id,
        Employment.payroll_number,
        Employment.starts_on,
        EmploymentTerms.unit_id,
        EmploymentTerms.job_title,
        EmploymentTerms.grade,
        EmploymentTerms.kind,
        EmploymentTerms.is_main,
        last_day(),
    )


def last_day() -> ColumnElement[Any]:
    """The last day of a job, beside its terms: of those that come last, so it is empty while one of them has no end."""
    latest = func.max(func.coalesce(EmploymentTerms.ends_on, date.max)).over(partition_by=Employment.id)
    return func.nullif(latest, date.max, type_=Date).label("ends_on")


def find_main_employment(session: Session, *, person_id: int, on: date) -> JobOnDay | None:
    """The job that speaks for a person on a day, by ``order_of_jobs``; ``None`` for somebody who never had one."""
    row = session.execute(
        select(*_columns())
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id == person_id)
        .order_by(*order_of_jobs(on))
        .limit(1)
    ).one_or_none()
    return JobOnDay(*row) if row else None
