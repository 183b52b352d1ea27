"""Which reminder is owed on a day: 30, 7 and 1 days before a date, on the day, weekly after it, and once the manager.

Two more are for some alone: 14 days before for whoever is likely to be late, and once for whoever can take a course
again and has not begun.

Pure: no session, no clock. Each step has a working day of its own. What fell out for days is not made up for: of all
steps whose day has come, only the newest can be owed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assignments.due.calendar import after_working_days, last_working_day

WEEKS_BEFORE_MANAGER = 4
# So long after its day a step may still be made up for; a site that begins to send writes to nobody about last year.
FRESH_DAYS = 14


class Step(StrEnum):
    """The steps in the order of time; the value is stored."""

    MONTH_BEFORE = "30-before"
    AT_RISK = "at-risk"
    WEEK_BEFORE = "7-before"
    DAY_BEFORE = "1-before"
    ON_THE_DAY = "on-the-day"
    LATE_1 = "late-1"
    LATE_2 = "late-2"
    LATE_3 = "late-3"
    LATE_4 = "late-4"
    NOT_BEGUN_AGAIN = "not-begun-again"
    MANAGER = "manager"


_DAYS_BEFORE = {Step.MONTH_BEFORE: 30, Step.AT_RISK: 14, Step.WEEK_BEFORE: 7, Step.DAY_BEFORE: 1, Step.ON_THE_DAY: 0}
_WEEKS_AFTER = {Step.LATE_1: 1, Step.LATE_2: 2, Step.LATE_3: 3, Step.LATE_4: 4, Step.MANAGER: WEEKS_BEFORE_MANAGER}
# So long after a course can be taken again, whoever has not begun is told.
DAYS_AFTER_OPENING = 14
FOR_SOME = (Step.AT_RISK, Step.NOT_BEGUN_AGAIN)
OWN_STEPS = tuple(step for step in Step if step not in (*FOR_SOME, Step.MANAGER))


@dataclass(frozen=True)
class Standing:
    """How somebody stands on a day with something that is asked of them since ``asked_on``.

    ``last_on`` is ``due_on`` with the days of grace. ``is_at_risk``: not begun, or too slow to finish in time.
    ``again_on`` is the day from which they can take it again, for whoever can and has not begun.
    """

    asked_on: date
    due_on: date | None
    last_on: date | None
    is_finished: bool = False
    is_away: bool = False
    is_at_risk: bool = False
    again_on: date | None = None


@dataclass(frozen=True)
class Given:
    """A reminder that was noted before: which step, for which date, and on which day."""

    step: Step
    due_on: date
    on: date


def day_of(step: Step, *, due_on: date, last_on: date) -> date:
    """The working day of a step: at the latest its own day while the date is to come, the next one after that."""
    if step in _DAYS_BEFORE:
        return last_working_day(due_on - timedelta(days=_DAYS_BEFORE[step]))
    return after_working_days(last_on + timedelta(weeks=_WEEKS_AFTER[step]), 0)


def steps_owed(standing: Standing, given: Iterable[Given], *, on: date) -> tuple[Step, ...]:
    """What is owed on a day: at most one reminder to the person, and one to their manager."""
    if standing.is_finished or standing.is_away or standing.due_on is None or standing.last_on is None:
        return ()
    known = tuple(given)
    candidates = [own for own in steps_of(standing) if own[1] <= on][-1:]
    for_manager = day_of(Step.MANAGER, due_on=standing.due_on, last_on=standing.last_on)
    if for_manager <= on:
        candidates.append((Step.MANAGER, for_manager))
    return tuple(
        step
        for step, day in candidates
        if max(standing.asked_on, on - timedelta(days=FRESH_DAYS)) <= day
        and not _is_given(step, standing.due_on, known, on)
    )


def steps_of(standing: Standing) -> list[tuple[Step, date]]:
    """Every step to somebody themselves, with its working day, in the order of days; none without a date."""
    if standing.due_on is None or standing.last_on is None:
        return []
    own = (*OWN_STEPS, Step.AT_RISK) if standing.is_at_risk else OWN_STEPS
    days = [(step, day_of(step, due_on=standing.due_on, last_on=standing.last_on)) for step in own]
    if standing.again_on is not None:
        again_on = after_working_days(standing.again_on + timedelta(days=DAYS_AFTER_OPENING), 0)
        days.append((Step.NOT_BEGUN_AGAIN, again_on))
    return sorted(days, key=lambda one: one[1])


def _is_given(step: Step, due_on: date, given: Iterable[Given], on: date) -> bool:
    """Whether it was noted for this date; or for another one so lately that it would come twice when a date moves."""
    return any(one.step is step and (one.due_on == due_on or (on - one.on).days < FRESH_DAYS) for one in given)
