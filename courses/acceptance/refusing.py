"""Which completions do not count at an authority on a day, as a condition of the database: set-based, no row read.

The same rule for one person in hand is ``judging.Employer``; a test holds the two together.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, extract, or_, select
from sqlalchemy.orm import Session, aliased

from courses.acceptance.rules import Accepts, EarlierTrainingRule, is_in_force
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing
from kernel.days_in_sql import local_day_of
from people.jobs.employment import Employment
from people.jobs.joining import joined_on


# Built once for what is asked again and again: making the statement takes several times as long as running it.
@lru_cache(maxsize=1024)
def refused_completions(on: date, *, organisation_id: int, course_id: int | None = None) -> Select[int]:
    """The ids of completions that an authority does not accept on a day, by the rule of that day: of a course, or all.

    They are what somebody completed elsewhere before they joined. Where no rule refuses anything, nothing is looked up:
    whether there is one is asked once and first, because PostgreSQL would go through every completion.
    """
    rule, earlier = aliased(EarlierTrainingRule), aliased(Completion)
    any_rule = aliased(EarlierTrainingRule)
    refuses = exists().where(
        any_rule.organisation_id == organisation_id,
        any_rule.accepts.in_((Accepts.NONE, Accepts.NO_OLDER)),
        any_rule.holds_from <= on,
    )
    joined = joined_on(person_id=earlier.person_id, organisation_id=rule.organisation_id, on=on)
    completed = local_day_of(earlier.completed_at)
    query = (
        select(earlier.id)
        .select_from(rule)
        .join(Employment, Employment.organisation_id == rule.organisation_id)
        .join(earlier, earlier.person_id == Employment.person_id)
        .where(
            refuses,
            rule.organisation_id == organisation_id,
            rule.accepts.in_((Accepts.NONE, Accepts.NO_OLDER)),
            is_in_force(rule, course_id=earlier.course_id if course_id is None else course_id, on=on),
            earlier.organisation_id != rule.organisation_id,
            completed < joined,
            or_(rule.accepts == Accepts.NONE, _age_key(completed) < _age_key(joined) - rule.months * 100),
        )
    )
    return query if course_id is None else query.where(earlier.course_id == course_id)


def refuses_anything(session: Session, *, organisation_id: int, on: date) -> bool:
    """Whether any rule of an authority refuses something by a day.

    Where none does, as nearly everywhere, whoever asks of thousands leaves the rest out: PostgreSQL guesses that it
    costs so much that it takes no notice of what everything else does.
    """
    found = exists().where(
        EarlierTrainingRule.organisation_id == organisation_id,
        EarlierTrainingRule.accepts.in_((Accepts.NONE, Accepts.NO_OLDER)),
        EarlierTrainingRule.holds_from <= on,
    )
    return bool(session.scalar(select(found)))


def _age_key(day: ColumnElement[Any] | Any) -> ColumnElement[Any]:
    """Months and days as one number: the 3rd of a month is before the 4th, and after every day of the month before."""
    return (extract("year", day) * 12 + extract("month", day)) * 100 + extract("day", day)


def counts_at(on: date, *, organisation_id: int, course_id: int | None = None) -> ColumnElement[bool]:
    """The condition that a completion counts at an authority on a day: it stands, and the rule does not refuse it."""
    refused = refused_completions(on, organisation_id=organisation_id, course_id=course_id)
    return is_standing() & Completion.id.not_in(refused)


def attempts_before(on: date, *, organisation_id: int, course_id: int) -> Select[int]:
    """The ids of attempts that led to completions which an authority does not accept: their courses are not begun."""
    refused = refused_completions(on, organisation_id=organisation_id, course_id=course_id)
    led = aliased(Completion)
    return (
        select(Attempt.id)
        .join(led, (led.person_id == Attempt.person_id) & (led.course_id == Attempt.course_id))
        .where(led.course_id == course_id, led.id.in_(refused), led.cycle >= Attempt.cycle)
    )
