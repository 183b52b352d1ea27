"""How far a group is from a target, and whether it gets there in time: arithmetic over whole weeks. Pure.

What four weeks brought is taken in whole tens before anything is worked out from it, so that nobody who looks again the
next day can tell what a few people did in between. Of a small group nothing is said at all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from kernel.rounding import rounded
from reports.suppression import SMALLEST_SHOWN

WEEKS = 4
# A pace is said of ten times as many people as a group needs to be shown: below, a ten would be more than a tenth.
LEAST_PEOPLE = 10 * SMALLEST_SHOWN
# Later than this a pace says nothing any more but that it is far too slow.
FARTHEST = timedelta(days=5 * 365)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """A group on its way: how many count, how many have finished, and how many of them in the last whole weeks."""

    people: int
    complete: int
    finished_lately: int


def missing_to(people: int, complete: int, percent: int) -> int:
    """How many more have to finish until the exact share is reached; 0 when it is."""
    return max(0, ceil(Fraction(people * percent, 100)) - complete)


def weekly_pace(progress: Progress) -> Fraction | None:
    """People a week over the last ``WEEKS`` weeks, from whole tens; ``None`` for a small group."""
    if progress.people < LEAST_PEOPLE:
        return None
    return Fraction(SMALLEST_SHOWN * rounded(Fraction(progress.finished_lately, SMALLEST_SHOWN)), WEEKS)


def window(today: date) -> tuple[date, date]:
    """The Sunday before the last whole weeks, and the Sunday on which they ended: who finished in between counts."""
    last = today - timedelta(days=today.isoweekday())
    return last - timedelta(days=7 * WEEKS), last


def pace_in_words(progress: Progress, *, percent: int, by_on: date, today: date) -> str:
    """What the pace of the last weeks leads to, and what would be enough: one or two sentences; empty when it is not
    to be said of so small a group."""
    missing = missing_to(progress.people, progress.complete, percent)
    if not missing:
        return "That is reached."
    if by_on < today:
        return f"That day is over, and {missing:,} more would have had to finish."
    pace = weekly_pace(progress)
    return " ".join(filter(None, (_where_it_leads(pace, missing, percent, today), _enough(missing, by_on, today))))


def _where_it_leads(pace: Fraction | None, missing: int, percent: int, today: date) -> str:
    if pace is None:
        return ""
    if not pace:
        return f"Fewer than {SMALLEST_SHOWN // 2} people finished in the last {WEEKS} weeks, so no pace leads there."
    said = f"At the pace of the last {WEEKS} weeks, about {rounded(pace)} a week,"
    days = timedelta(days=ceil(7 * missing / pace))
    if days > FARTHEST:
        return f"{said} you do not reach {percent}% within five years."
    return f"{said} you reach {percent}% in {part_of_month(today + days)}."


def _enough(missing: int, by_on: date, today: date) -> str:
    days = (by_on - today).days
    if days < 7:
        return f"To be in time, {missing:,} more need to finish by then."
    return f"To be in time, {ceil(Fraction(7 * missing, days)):,} a week need to finish."


def part_of_month(day: date) -> str:
    """ "late April 2027": as much as a pace can know."""
    part = "early" if day.day <= 10 else "mid" if day.day <= 20 else "late"
    return f"{part}{'-' if part == 'mid' else ' '}{_MONTHS[day.month - 1]} {day.year}"
