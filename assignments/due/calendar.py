"""Which days are worked in England: Monday to Friday, without bank holidays; and which in all of the United Kingdom."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from kernel.loading.later import later

if TYPE_CHECKING:
    from holidays.countries import united_kingdom
else:
    united_kingdom = later("holidays.countries.united_kingdom")

_SATURDAY = 5
_ENGLAND = "ENG"
_PARTS = (_ENGLAND, "NIR", "SCT", "WLS")


@cache
def _holidays_of(year: int) -> frozenset[date]:
    # With the subdivision: without it, the package knows only the holidays that all of the United Kingdom shares.
    return _holidays_in(_ENGLAND, year)


@cache
def _holidays_anywhere(year: int) -> frozenset[date]:
    return frozenset().union(*(_holidays_in(part, year) for part in _PARTS))


def _holidays_in(part: str, year: int) -> frozenset[date]:
    found = united_kingdom.UnitedKingdom(subdiv=part, years=[year])  # type: ignore[no-untyped-call]  # the package types no arguments
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


def after_working_days_anywhere(day: date, count: int) -> date:
    """The day that is so many working days later, where a bank holiday of any part of the United Kingdom is none: as
    the Freedom of Information Act 2000 counts them, section 10(6)."""
    days = (
        one
        for one in _from(day + timedelta(days=1))
        if one.weekday() < _SATURDAY and one not in _holidays_anywhere(one.year)
    )
    return next(islice(days, count - 1, None))


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
