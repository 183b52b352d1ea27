"""Whose completion is valid on a day by what an authority asks, as conditions of the database: set-based."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from assignments.audiences.conditions import end_of
from assignments.periods.reckoning import can_run_from_old_end, days_that_count, periods_of
from assignments.plans import Plan
from courses.acceptance.refusing import counts_at
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from kernel.clock import local_day
from people.jobs.employment import Employment

_DAY = timedelta(days=1)


def is_valid(session: Session, plan: Plan | None, *, on: date) -> ColumnElement[bool]:
    """The condition that a completion of the plan's course, which counts at the authority, is valid on a day.

    Always true where completions are valid for ever, and without a plan. One statement where periods may run from the
    end of the old one: then the completion before matters for those who have several.
    """
    if plan is None or not plan.periods:
        return true()
    spans = [
        and_(
            Completion.completed_at >= end_of(first - _DAY) if first else true(),
            Completion.completed_at < end_of(before - _DAY),
        )
        for first, before in days_that_count(plan.periods, on)
    ]
    people = _by_the_one_before(session, plan, on) if can_run_from_old_end(plan.periods) else []
    if people:
        # Written into the statement: a database takes only so many parameters.
        ids: BindParameter[int] = bindparam("valid_people", people, expanding=True, literal_execute=True, unique=True)
        spans.append(Completion.person_id.in_(ids))
    return or_(false(), *spans)


def _by_the_one_before(session: Session, plan: Plan, on: date) -> list[int]:
    """Of the people with several completions, those who are valid on the day."""
    here = select(Employment.person_id).where(Employment.organisation_id == plan.organisation_id)
    that_count = (
        Completion.course_id == plan.course_id,
        Completion.person_id.in_(here),
        Completion.completed_at < end_of(on),
        counts_at(on, organisation_id=plan.organisation_id, course_id=plan.course_id),
    )
    several = select(Completion.person_id).where(*that_count).group_by(Completion.person_id).having(func.count() > 1)
    days: defaultdict[int, list[date]] = defaultdict(list)
    for person_id, completed_at in session.execute(
        select(Completion.person_id, Completion.completed_at).where(*that_count, Completion.person_id.in_(several))
    ):
        days[person_id].append(local_day(completed_at))
    return sorted(person_id for person_id, done in days.items() if periods_of(done, plan.periods)[-1].holds_on(on))


def attempts_that_ended(plan: Plan, *, on: date) -> Select[int]:
    """The ids of attempts that led to a completion of the plan's course: once it is over, it is not begun by them."""
    led = aliased(Completion)
    return (
        select(Attempt.id)
        .join(led, (led.person_id == Attempt.person_id) & (led.course_id == Attempt.course_id))
        .where(led.course_id == plan.course_id, led.completed_at < end_of(on), led.cycle >= Attempt.cycle)
    )
