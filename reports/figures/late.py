"""Who is past their own date, as a condition of the database: whoever has not finished, and whose date, with its grace,
has gone by. More time that was given, leave and dates by rule are in it, as on the page of each person."""

from collections.abc import Collection
from datetime import date
from typing import cast

from sqlalchemy import ColumnElement, Select, false, not_, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from assignments.due.rules import Since
from assignments.plans import Plan
from assignments.requests.record import LearnerRequest, TimeGiven, is_granted
from assignments.standing.people_asked import asked_of
from kernel.database import among
from people.jobs.absences import Absence
from people.jobs.employment import Employment
from reports.figures.population import Population

PORTION = 4000


def can_be_late(plan: Plan | None, on: date) -> bool:
    """Whether anybody could be past a date: not before the one day that is named for all."""
    return plan is not None and (plan.due.is_past(on) if plan.due.since is Since.DAY else True)


def is_late(session: Session, who: Population) -> ColumnElement[bool]:
    """The condition on a row of the population that somebody is counted, has not finished and is past their date.

    Where one day is named for all it is the condition itself; those alone are read whose own date may be another one,
    because they were on leave or were given more time. By any other rule, everybody is read who has not finished.
    """
    plan, on, people = who.question.plan, who.question.on, who.people.c
    if plan is None or not can_be_late(plan, on):
        return false()
    is_open = who.left_out.is_(None) & not_(who.has_finished)
    person_id = cast(InstrumentedAttribute[int], people.person_id)
    if not has_one_day(plan):
        return is_open & among(session, person_id, _late(session, plan, on, _ids(session, who, is_open)))
    own_date = people.person_id.in_(with_own_date(plan))
    late = _late(session, plan, on, _ids(session, who, is_open & own_date))
    return is_open & or_(not_(own_date), among(session, person_id, late))


def has_one_day(plan: Plan) -> bool:
    """Whether one day, or none, is named for all, so that only leave and more time make another of it."""
    return plan.due.since is Since.DAY and not plan.due.at_least_days and plan.is_simple and not plan.periods


def with_own_date(plan: Plan) -> Select[int]:
    """The ids of people whose date may be another than that of everybody: too many rather than too few."""
    here, course = plan.organisation_id, plan.course_id
    away = (
        select(Employment.person_id)
        .join(Absence, Absence.employment_id == Employment.id)
        .where(Employment.organisation_id == here)
    )
    granted = select(LearnerRequest.person_id).where(
        LearnerRequest.organisation_id == here, LearnerRequest.course_id == course, is_granted()
    )
    given = select(TimeGiven.person_id).where(TimeGiven.organisation_id == here, TimeGiven.course_id == course)
    every = union(away, granted, given).subquery()
    return select(every.c.person_id)


def _ids(session: Session, who: Population, condition: ColumnElement[bool]) -> list[int]:
    return list(session.scalars(select(who.people.c.person_id).where(condition).order_by(who.people.c.person_id)))


def _late(session: Session, plan: Plan, on: date, ids: list[int]) -> Collection[int]:
    found: set[int] = set()
    for start in range(0, len(ids), PORTION):
        asked = asked_of(session, [plan], on=on, person_ids=ids[start : start + PORTION])
        found |= {one.person_id for one in asked if one.finished_on is None and one.due.is_late(on)}
    return found
