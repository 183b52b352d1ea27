"""Whose completion is valid on a day by what an authority asks, as conditions of the database: set-based."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from assignments.audiences.conditions import end_of
from assignments.periods.reckoning import can_run_from_old_end, days_that_count, periods_of
from assignments.plans import Plan
from courses.acceptance.refusing import counts_at
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from kernel.clock import local_day
from kernel.database import among
from people.jobs.employment import Employment

_DAY = timedelta(days=1)
# How many people are read at once.
_AT_ONCE = 2000


def is_valid(
    session: Session, plan: Plan | None, *, on: date, people: Collection[int] | None = None
) -> ColumnElement[bool]:
    """The condition that a completion of the plan's course, which counts at the authority, is valid on a day.

    ``people`` are those whom it will be asked about, where these are few: nobody else is looked at then.
    Always true where completions are valid for ever, and without a plan. One statement where periods may run from the
    end of the old one: then the completion before matters for those who have several. Only those whom it helps are
    held in memory, as numbers.
    """
    if plan is None or not plan.periods:
        return true()
    days = days_that_count(plan.periods, on)
    spans = [_in_spans(days)]
    if can_run_from_old_end(plan.periods):
        helped = _by_the_one_before(session, plan, days, on, people)
        spans.append(among(session, Completion.person_id, list(helped)))
    return or_(false(), *spans)


def is_valid_alone(plan: Plan, *, on: date) -> ColumnElement[bool]:
    """The condition that a completion is valid on a day by itself, whatever else its person completed; always true
    where completions are valid for ever."""
    return _in_spans(days_that_count(plan.periods, on)) if plan.periods else true()


def _in_spans(days: Sequence[tuple[date | None, date]]) -> ColumnElement[bool]:
    spans = [
        and_(
            Completion.completed_at >= end_of(first - _DAY) if first else true(),
            Completion.completed_at < end_of(before - _DAY),
        )
        for first, before in days
    ]
    return or_(false(), *spans)


def _by_the_one_before(
    session: Session,
    plan: Plan,
    alone: Sequence[tuple[date | None, date]],
    on: date,
    people: Collection[int] | None,
) -> Iterator[int]:
    """Of the people with several completions, those who are valid on the day, and not by one of them alone."""
    here = select(Employment.person_id).where(Employment.organisation_id == plan.organisation_id)
    that_count = (
        Completion.course_id == plan.course_id,
        Completion.person_id.in_(here),
        Completion.completed_at < end_of(on),
        counts_at(on, organisation_id=plan.organisation_id, course_id=plan.course_id),
        true() if people is None else Completion.person_id.in_(people),
    )
    several = select(Completion.person_id).where(*that_count).group_by(Completion.person_id).having(func.count() > 1)
    done = select(Completion.person_id, Completion.completed_at).where(*that_count).order_by(Completion.person_id)
    last = 0
    # In portions of people and not of rows: pages read outside a transaction, where PostgreSQL keeps no cursor.
    while some := session.scalars(
        several.where(Completion.person_id > last).order_by(Completion.person_id).limit(_AT_ONCE)
    ).all():
        last = some[-1]
        rows = session.execute(done.where(Completion.person_id.between(some[0], last)))
        for person_id, group in groupby(rows, key=lambda row: row.person_id):
            days = [local_day(row.completed_at) for row in group]
            if len(days) > 1 and _helps(plan, days, alone, on):
                yield person_id


def _helps(plan: Plan, done: Sequence[date], alone: Sequence[tuple[date | None, date]], on: date) -> bool:
    if any((first is None or first <= day) and day < before for day in done for first, before in alone):
        return False
    return periods_of(done, plan.periods)[-1].holds_on(on)


def attempts_that_ended(plan: Plan, *, on: date) -> Select[int]:
    """The ids of attempts that led to a completion of the plan's courses: once it is over, it is not begun by them."""
    led = aliased(Completion)
    return (
        select(Attempt.id)
        .join(led, (led.person_id == Attempt.person_id) & (led.course_id == Attempt.course_id))
        .where(led.course_id.in_(plan.counted), led.completed_at < end_of(on), led.cycle >= Attempt.cycle)
    )
