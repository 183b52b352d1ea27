"""A shorter course that renews a completion where little has changed. Pure: no session, no clock.

The first time is always the whole course, and so it is for whoever completed anything too long ago.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.programmes.reckoning import Days
from kernel.errors import RuleBroken

MOST_MONTHS = 240


@dataclass(frozen=True)
class Refresher:
    """That ``course_id`` is enough in a new period, where the last completion is at most ``months`` old."""

    course_id: int
    months: int


@dataclass(frozen=True)
class RefresherInForce:
    """A rule that held at the end of each day from ``from_on`` on, the last time on the day before ``before``. On that
    day the next one counts too: what renewed a completion in the morning is not undone by a change at noon."""

    from_on: date
    before: date | None
    rule: Refresher


def checked_refresher(rule: Refresher, *, course_id: int, valid_months: int) -> Refresher:
    """The same rule. Raises ``RuleBroken`` where nobody could ever use it. ``valid_months`` is 0 for another period."""
    if rule.course_id == course_id:
        raise RuleBroken("The refresher must be another course than the whole one", field="refresher")
    if not 1 <= rule.months <= MOST_MONTHS:
        raise RuleBroken(f"Enter a number of months from 1 to {MOST_MONTHS}", field="refresher_months")
    if rule.months < valid_months:
        raise RuleBroken(
            f"A completion is valid for {valid_months} months. Enter {valid_months} or more, or nobody could use it",
            field="refresher_months",
        )
    return rule


def renewed_days(course_id: int, refreshers: Sequence[RefresherInForce], days: Days) -> tuple[date, ...]:
    """The days of completions that count, the oldest first: of the whole course, and of refreshers that were enough."""
    whole = [(day, 0) for day in days.get(course_id, ())]
    short = {course for one in refreshers if (course := one.rule.course_id) != course_id}
    rest = [(day, course) for course in short for day in days.get(course, ())]
    counted: list[date] = []
    for day, course in sorted({*whole, *rest}):
        if course == 0 or (counted and _is_enough(course, counted[-1], refreshers, day)):
            counted.append(day)
    return tuple(dict.fromkeys(counted))


def is_too_old(rule: Refresher, last: date, on: date) -> bool:
    """Whether the last completion is so old that the whole course is to be taken."""
    return on > later(last, rule.months, Measure.MONTHS)


def _is_enough(course: int, last: date, refreshers: Sequence[RefresherInForce], day: date) -> bool:
    return any(
        one.rule.course_id == course
        and one.from_on <= day
        and (one.before is None or day <= one.before)
        and not is_too_old(one.rule, last, day)
        for one in refreshers
    )
