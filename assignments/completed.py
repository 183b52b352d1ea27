"""What people have completed of what plans speak of, as far as it counts at the authority, and for how long."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.audiences.rules import courses_needed
from assignments.periods.reckoning import Period, periods_of
from assignments.plans import Plan
from courses.acceptance.refusing import counts_at
from courses.records.completion import Completion
from kernel.clock import local_day
from people.jobs.employment import Employment


def first_completions(
    session: Session, plans: Sequence[Plan], *, on: date, within: ColumnElement[bool]
) -> defaultdict[int, dict[int, date]]:
    """By person and course, the day of the first completion that stands."""
    asked = frozenset[int]().union(*(plan.courses for plan in plans))
    # A rule that held before may have wanted another course, and says since when somebody is asked.
    courses = asked.union(*(courses_needed(stage.rule) for plan in plans for stage in plan.stages))
    rows = session.execute(
        select(Completion.person_id, Completion.course_id, func.min(Completion.completed_at))
        .where(*_that_count(plans, courses, on, within))
        .group_by(Completion.person_id, Completion.course_id)
    )
    found: defaultdict[int, dict[int, date]] = defaultdict(dict)
    for person_id, course_id, completed_at in rows:
        found[person_id][course_id] = local_day(completed_at)
    return found


def days_by_person(
    session: Session, plans: Sequence[Plan], *, on: date, within: ColumnElement[bool]
) -> defaultdict[int, defaultdict[int, list[date]]]:
    """By person and course, every day of a completion of what counts by these plans, in no order; nothing without."""
    found: defaultdict[int, defaultdict[int, list[date]]] = defaultdict(lambda: defaultdict(list))
    courses = frozenset[int]().union(*(plan.counted for plan in plans))
    if not courses:
        return found
    rows = session.execute(
        select(Completion.person_id, Completion.course_id, Completion.completed_at).where(
            *_that_count(plans, courses, on, within)
        )
    )
    for person_id, course_id, completed_at in rows:
        found[person_id][course_id].append(local_day(completed_at))
    return found


def periods_by_person(
    session: Session, plans: Sequence[Plan], *, on: date, within: ColumnElement[bool]
) -> dict[tuple[int, int], tuple[Period, ...]]:
    """By requirement and person, every period that somebody had by a plan, in the order of time."""
    timed = [plan for plan in plans if plan.periods]
    return {
        (plan.requirement_id, person_id): periods_of(completed, plan.periods)
        for person_id, days in days_by_person(session, timed, on=on, within=within).items()
        for plan in timed
        if (completed := plan.completed_on(days))
    }


def _that_count(
    plans: Sequence[Plan], courses: Collection[int], on: date, within: ColumnElement[bool]
) -> tuple[ColumnElement[bool], ...]:
    """The conditions on completions of these courses that count at the authority of the plans on a day."""
    organisation_id = plans[0].organisation_id
    people = select(Employment.person_id).where(and_(Employment.organisation_id == organisation_id, within))
    return (
        Completion.course_id.in_(courses),
        Completion.person_id.in_(people),
        Completion.completed_at < end_of(on),
        counts_at(on, organisation_id=organisation_id),
    )
