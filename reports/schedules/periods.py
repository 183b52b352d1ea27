"""On which day a report is due: every week, month or quarter. Pure."""

from datetime import date, timedelta
from enum import StrEnum


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


LAST_DAYS = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 28, Rhythm.QUARTERLY: 28}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_QUARTERS = (1, 4, 7, 10)


def last_due(rhythm: Rhythm, day: int, today: date) -> date:
    """The last day up to ``today`` on which a report is due. ``day`` is that of the week, from 1 for Monday, or of the
    month; a quarter begins with January, April, July and October."""
    if rhythm is Rhythm.WEEKLY:
        return today - timedelta(days=(today.isoweekday() - day) % 7)
    first = today.replace(day=1)
    while first.replace(day=day) > today or (rhythm is Rhythm.QUARTERLY and first.month not in _QUARTERS):
        first = (first - timedelta(days=1)).replace(day=1)
    return first.replace(day=day)


def next_due(rhythm: Rhythm, day: int, today: date) -> date:
    """The first day after ``today`` on which a report is due."""
    ahead = today + timedelta(days=1)
    while last_due(rhythm, day, ahead) <= today:
        ahead += timedelta(days=1)
    return ahead


def rhythm_in_words(rhythm: Rhythm, day: int) -> str:
    """ "every Monday", "on day 1 of each month"."""
    if rhythm is Rhythm.WEEKLY:
        return f"every {WEEKDAYS[day - 1]}"
    if rhythm is Rhythm.MONTHLY:
        return f"on day {day} of each month"
    return f"on day {day} of January, April, July and October"
