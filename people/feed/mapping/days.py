"""Days as files write them, read in the order that somebody has said. Nothing is guessed."""

import re
from datetime import date, timedelta
from enum import StrEnum

from kernel.typed import with_plain_digits

_TIME = re.compile(r"[T ]+\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?(Z|[+-]\d{2}:?\d{2})?$")
_NUMBERS = re.compile(r"(\d{1,4})\s?[/.\- ]\s?(\d{1,2})\s?[/.\- ]\s?(\d{1,4})")
_EIGHT = re.compile(r"\d{8}")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[/.\- ]+([a-z]{3,9})[/.\-, ]+(\d{2,4})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})[/.\- ]+(\d{1,2})(?:st|nd|rd|th)?[/.\-, ]+(\d{2,4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "sept", "october", "november", "december"),
)
_EXCEL_BEGINS = date(1899, 12, 30)  # so that 1 March 1900 and all later days are right


class DateOrder(StrEnum):
    """In which order a file writes its days. A year of four digits in front, and a month in letters, always say it."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"
    EXCEL_NUMBER = "excel-number"


_EXAMPLES = {
    DateOrder.DAY_FIRST: "day/month/year, such as 31/03/2026",
    DateOrder.MONTH_FIRST: "month/day/year, such as 03/31/2026",
    DateOrder.YEAR_FIRST: "year-month-day, such as 2026-03-31",
    DateOrder.EXCEL_NUMBER: "the number that Excel stores, such as 46112, or as 2026-03-31",
}


def day_in(text: str, order: DateOrder, *, latest: date) -> date | None:
    """The day that a text says; ``None`` for what is none in this order. A time behind it is left out.

    A year of two figures is the last one with these that does not lie behind ``latest``: a date of birth is past.
    """
    found = _parts_of(text, order)
    if isinstance(found, date) or found is None:
        return found
    year, month, day = found
    if len(year) == 4:
        return _made(int(year), month, day)
    number = latest.year - latest.year % 100 + int(year)
    near = _made(number, month, day)
    return near if near is not None and near <= latest else _made(number - 100, month, day)


def has_two_figures(text: str, order: DateOrder) -> bool:
    """Whether a text says a day with a year of two figures."""
    found = _parts_of(text, order)
    return isinstance(found, tuple) and len(found[0]) == 2


def years_from(on: date, years: int) -> date:
    """The same day so many years on, or back; of 29 February the 28th."""
    return on.replace(year=on.year + years, day=28 if (on.month, on.day) == (2, 29) else on.day)


def how_to_write(order: DateOrder) -> str:
    """The sentence that says how a day is written."""
    return f"Write it as {_EXAMPLES[order]}."


_Parts = tuple[str, str, str]


def _parts_of(text: str, order: DateOrder) -> date | _Parts | None:
    """Year, month and day as they stand, or the day that a number of Excel is."""
    found = _parts_in(with_plain_digits(_TIME.sub("", text)).casefold().strip(), order)
    if isinstance(found, tuple) and (len(found[0]) not in (2, 4) or len(found[2]) > 2):
        return None
    return found


def _parts_in(text: str, order: DateOrder) -> date | _Parts | None:
    if text.isdecimal() and order is DateOrder.EXCEL_NUMBER and len(text) <= 6:
        return _EXCEL_BEGINS + timedelta(days=int(text))
    if _EIGHT.fullmatch(text):
        return _eight(text, order)
    if found := _NUMBERS.fullmatch(text):
        return _by_order(found[1], found[2], found[3], order)
    if found := _DAY_MONTH.fullmatch(text):
        return found[3], _month(found[2]), found[1]
    if found := _MONTH_DAY.fullmatch(text):
        return found[3], _month(found[1]), found[2]
    return None


def _eight(text: str, order: DateOrder) -> _Parts | None:
    if order is DateOrder.DAY_FIRST:
        return text[4:], text[2:4], text[:2]
    if order is DateOrder.MONTH_FIRST:
        return text[4:], text[:2], text[2:4]
    return text[:4], text[4:6], text[6:]


def _by_order(one: str, two: str, three: str, order: DateOrder) -> _Parts | None:
    if len(one) == 4:  # nobody writes the day second after a year
        return one, two, three
    if order is DateOrder.DAY_FIRST:
        return three, two, one
    if order is DateOrder.MONTH_FIRST:
        return three, one, two
    return (one, two, three) if order is DateOrder.YEAR_FIRST and len(three) <= 2 else None


def _month(name: str) -> str:
    known = name in _FULL_MONTHS or name in _MONTHS
    return str(_MONTHS.index(name[:3]) + 1) if known else "0"


def _made(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
