"""Who has finished, and who has begun, where more than one course may lead there: programmes, and refreshers.

In sets of the database wherever sets say it. Those alone are gone through one by one of whom only the order of their
days tells.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.completed import days_by_person
from assignments.periods.reckoning import can_run_from_old_end, periods_of
from assignments.plans import Plan
from assignments.standing.people_asked import asked_of
from assignments.valid_on import is_valid_alone
from courses.acceptance.refusing import counts_at
from courses.records.completion import Completion
from kernel.database import among
from people.jobs.employment import Employment
from people.persons import Person

# How many people are held in memory at once.
PORTION = 4000


@dataclass(frozen=True)
class WhoFinished:
    """The ids of people who have finished what a plan asks, and of those who have done a step and have not.

    People whom the plan does not ask may be among both.
    """

    finished: Select[int]
    have_done_a_step: Select[int]


def who_finished(session: Session, plan: Plan, *, on: date, person_ids: Collection[int] | None = None) -> WhoFinished:
    """How everybody, or each of these few people, stood at the end of a day.

    Only numbers are held in memory, a portion of people at a time.
    """
    is_plain = plan.steps and not plan.periods and len(plan.programme) == 1
    if person_ids is not None or (plan.programme and not is_plain):
        return _one_by_one(session, plan, on, person_ids)
    return _by_steps(plan, on) if plan.programme else _renewed(session, plan, on)


def _by_steps(plan: Plan, on: date) -> WhoFinished:
    """By a programme that was never changed and is valid for ever: who has completed a course of each step."""
    counts = _counts(plan, on)
    done = [select(Completion.person_id).where(Completion.course_id.in_(step), counts) for step in plan.steps]
    finished = select(Person.id).where(*(Person.id.in_(one) for one in done))
    any_step = select(Completion.person_id).where(Completion.course_id.in_(plan.counted), counts)
    return WhoFinished(finished, any_step.where(Completion.person_id.not_in(finished)))


def _renewed(session: Session, plan: Plan, on: date) -> WhoFinished:
    """By a course that a shorter one renews: who completed the whole course in time, and of the others those whom the
    shorter one renewed, one day after the other."""
    whole = _completed(plan, on, frozenset({plan.course_id})).where(is_valid_alone(plan, on=on))
    renewed = list(_renewed_alone(session, plan, on, whole))
    finished = select(Person.id).where(or_(Person.id.in_(whole), among(session, Person.id, renewed)))
    return WhoFinished(finished, select(Person.id).where(false()))


def _renewed_alone(session: Session, plan: Plan, on: date, whole: Select[int]) -> Iterator[int]:
    """Nobody is valid without a completion that is valid by itself, unless a period can run from the end of another."""
    completed = _completed(plan, on, plan.counted)
    if can_run_from_old_end(plan.periods):
        may_be = completed.group_by(Completion.person_id).having(func.count() > 1)
    else:
        may_be = completed.where(is_valid_alone(plan, on=on))
    here = select(Employment.person_id).where(
        Employment.organisation_id == plan.organisation_id,
        Employment.person_id.in_(may_be),
        Employment.person_id.not_in(whole),
        Employment.person_id.in_(_completed(plan, on, frozenset({plan.course_id}))),
    )
    ids = session.scalars(here.distinct().order_by(Employment.person_id)).all()
    for start in range(0, len(ids), PORTION):
        within = among(session, Employment.person_id, ids[start : start + PORTION])
        for person_id, days in days_by_person(session, [plan], on=on, within=within).items():
            completed_on = plan.completed_on(days)
            if completed_on and periods_of(completed_on, plan.periods)[-1].holds_on(on):
                yield person_id


def _completed(plan: Plan, on: date, courses: frozenset[int]) -> Select[int]:
    return select(Completion.person_id).where(Completion.course_id.in_(courses), _counts(plan, on))


def _counts(plan: Plan, on: date) -> ColumnElement[bool]:
    return (Completion.completed_at < end_of(on)) & counts_at(on, organisation_id=plan.organisation_id)


def _one_by_one(session: Session, plan: Plan, on: date, person_ids: Collection[int] | None) -> WhoFinished:
    finished: list[int] = []
    midway: list[int] = []
    for one in asked_of(session, [plan], on=on, person_ids=person_ids, with_exempt=True):
        if one.finished_on is not None:
            finished.append(one.person_id)
        elif any(step.done_on is not None for step in one.steps):
            midway.append(one.person_id)
    return WhoFinished(_ids(session, finished), _ids(session, midway))


def _ids(session: Session, ids: list[int]) -> Select[int]:
    return select(Person.id).where(among(session, Person.id, ids))
