"""Which days are worked in England: Monday to Friday, without bank holidays."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache

from holidays.countries.united_kingdom import UnitedKingdom

# Moved and added holidays are laid down by proclamation, so a far year may get one more than is known here.
KNOWN_UNTIL = UnitedKingdom.end_year
_SATURDAY = 5


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # With the subdivision: without it, the package knows only the holidays that all of the United Kingdom shares.
    found = UnitedKingdom(subdiv="ENG", years=[year])  # type: ignore[no-untyped-call]  # the package types no arguments
    return frozenset(found)


def is_working_day(day: date) -> bool:
    """Whether offices in England are open that day."""
    return day.weekday() < _SATURDAY and day not in _holidays_of(day.year)


# The nightly run asks about few days, hundreds of thousands of times.
@lru_cache(maxsize=32_768)
def after_working_days(day: date, count: int) -> date:
    """The day that is so many working days later; with none, the day itself or the next working day."""
    found = day if count else next(one for one in _from(day) if is_working_day(one))
    following = (one for one in _from(day + timedelta(days=1)) if is_working_day(one))
    for _ in range(count):
        found = next(following)
    return found


@lru_cache(maxsize=32_768)
def last_working_day(day: date) -> date:
    """The day itself if it is worked, or else the last one before it that is."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)
