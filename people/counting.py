"""Who counts towards an authority's figure, and who is left out and why. The only place that says so.

A person counts once for an authority, however many jobs they hold there, in the unit of their main job.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from people.persons import Employment, EmploymentKind


class LeftOut(StrEnum):
    """Why a person with a job here is not in the headcount; the value is stored nowhere, only shown."""

    LEFT = "left"
    NOT_STARTED_YET = "not-started-yet"
    AGENCY = "agency"
    ELECTED_MEMBER = "elected-member"
    AWAY = "away"


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
    """Why one employment does not count on ``on``; null when it does."""
    return case(
        (Employment.ends_on < on, literal(LeftOut.LEFT.value)),
        (Employment.starts_on > on, literal(LeftOut.NOT_STARTED_YET.value)),
        (Employment.kind == EmploymentKind.AGENCY, literal(LeftOut.AGENCY.value)),
        (Employment.kind == EmploymentKind.ELECTED_MEMBER, literal(LeftOut.ELECTED_MEMBER.value)),
        (
            and_(Employment.away_from <= on, or_(Employment.away_until.is_(None), Employment.away_until >= on)),
            literal(LeftOut.AWAY.value),
        ),
        else_=None,
    )


def people_of(*, organisation_id: int, on: date) -> Subquery:
    """One row for each person with a job in the organisation: ``person_id``, ``unit_id``, ``left_out`` (null: counts).

    A job that counts wins over one that does not; then the main job; then the one held longest.
    """
    reason = _reason(on)
    rank = (
        func.row_number()
        .over(
            partition_by=Employment.person_id,
            order_by=(
                case((reason.is_(None), 0), else_=1),
                Employment.is_main.desc(),
                Employment.starts_on,
                Employment.id,
            ),
        )
        .label("place")
    )
    jobs = (
        select(Employment.person_id, Employment.unit_id, reason.label("left_out"), rank)
        .where(Employment.organisation_id == organisation_id)
        .subquery()
    )
    best: Select[tuple[int, int, str | None]] = select(jobs.c.person_id, jobs.c.unit_id, jobs.c.left_out).where(
        jobs.c.place == 1
    )
    return best.subquery("people")
