"""Who counts towards an authority's figure, and who is left out and why. The only place that says so.

A person counts once for an authority, however many jobs they hold there, in the unit of their main job.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, func, literal, select, true
from sqlalchemy.orm import aliased

from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.reading import is_held, order_of_jobs
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.organisations import units_within
from people.persons import Person


class LeftOut(StrEnum):
    """Why a person with a job here is not in the headcount; the value is stored nowhere, only shown."""

    LEFT = "left"
    NOT_STARTED_YET = "not-started-yet"
    AGENCY = "agency"
    ELECTED_MEMBER = "elected-member"
    AWAY = "away"


# Those who do not work there on the day; the others who are left out do.
NOT_HERE = (LeftOut.LEFT, LeftOut.NOT_STARTED_YET)

REASONS: dict[LeftOut, str] = {
    LeftOut.LEFT: "Left before this date",
    LeftOut.NOT_STARTED_YET: "Job starts after this date",
    LeftOut.AGENCY: "Agency worker: counted by their agency",
    LeftOut.ELECTED_MEMBER: "Elected member: not an employee",
    LeftOut.AWAY: "On long leave on this date",
}

RULE = (
    "A person counts once, however many jobs they hold here, in the unit of their main job. "
    "Employees and casual staff count from their first day to their last, unless they are on long leave."
)


def _reason(on: date) -> ColumnElement[str | None]:
    """Why a job on certain terms does not count on ``on``; null when it does."""
    return case(
        (EmploymentTerms.ends_on < on, literal(LeftOut.LEFT.value)),
        (EmploymentTerms.starts_on > on, literal(LeftOut.NOT_STARTED_YET.value)),
        (EmploymentTerms.kind == EmploymentKind.AGENCY, literal(LeftOut.AGENCY.value)),
        (EmploymentTerms.kind == EmploymentKind.ELECTED_MEMBER, literal(LeftOut.ELECTED_MEMBER.value)),
        (is_away(on), literal(LeftOut.AWAY.value)),
        else_=None,
    )


def people_of(*, organisation_id: int | None, on: date, person_ids: Sequence[int] | None = None) -> Subquery:
    """One row for each person with a job in the organisation, or anywhere with ``None``: ``person_id``,
    ``organisation_id``, ``unit_id``, ``grade``, ``contract``, ``left_out`` (null: counts). Each job is what it was on
    that day. With ``person_ids``, of these people alone.

    A job that counts wins over one that does not, one held that day over one that has ended, and that over one to
    come; then the main job; then the one held longest.
    """
    only = () if person_ids is None else (Employment.person_id.in_(person_ids),)
    return _people(organisation_id, on, *only)


def people_to_come(*, organisation_id: int, on: date) -> Subquery:
    """Those rows of it alone, with the same columns, of people whose every job begins after the day."""
    job, terms = aliased(Employment), aliased(EmploymentTerms)
    has_begun = (
        select(terms.id)
        .join(job, job.id == terms.employment_id)
        .where(job.person_id == Employment.person_id, job.organisation_id == organisation_id, terms.starts_on <= on)
    )
    return _people(organisation_id, on, EmploymentTerms.starts_on > on, ~has_begun.exists())


def _people(organisation_id: int | None, on: date, *only: ColumnElement[bool]) -> Subquery:
    reason = _reason(on)
    rank = (
        func.row_number()
        .over(
            partition_by=Employment.person_id,
            order_by=(case((reason.is_(None), 0), else_=1), *order_of_jobs(on)),
        )
        .label("place")
    )
    jobs = (
        select(
            Employment.person_id,
            Employment.organisation_id,
            EmploymentTerms.unit_id,
            EmploymentTerms.grade,
            EmploymentTerms.contract,
            reason.label("left_out"),
            rank,
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(true() if organisation_id is None else Employment.organisation_id == organisation_id, *only)
        .cte()
        # PostgreSQL would work it out anew for each row of another table, when it has not counted this one lately.
        .prefix_with("MATERIALIZED")
    )
    best: Select[int, int, int, str, str, str | None] = select(
        jobs.c.person_id, jobs.c.organisation_id, jobs.c.unit_id, jobs.c.grade, jobs.c.contract, jobs.c.left_out
    ).where(jobs.c.place == 1)
    return best.subquery("people")


def people_who_manage(*, organisation_id: int, on: date) -> Select[int]:
    """The ids of those whom a job of an authority names as its manager on a day."""
    managed = select(EmploymentTerms.manager_id).where(EmploymentTerms.manager_id.is_not(None), is_held(on))
    return select(Employment.person_id).where(Employment.organisation_id == organisation_id, Employment.id.in_(managed))


def people_with_work_email() -> Select[int]:
    """The ids of those in whose record an address stands now. Of earlier days the record does not say."""
    return select(Person.id).where(Person.email.is_not(None))


def who_count(people: FromClause, *, unit_id: int | None = None) -> ColumnElement[bool]:
    """The condition on a row of ``people_of`` that it counts, also in one of the units with everything below it.

    Figures, lists, zips and runs go by this one, so they always speak of the same people.
    """
    counts: ColumnElement[bool] = people.c.left_out.is_(None)
    return counts if unit_id is None else counts & people.c.unit_id.in_(units_within(unit_id))
