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
_TWO_DIGITS = 50  # 49 is 2049, and 50 is 1950


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


def day_in(text: str, order: DateOrder) -> date | None:
    """The day that a text says; ``None`` for what is none in this order. A time behind it is left out."""
    return _day_in(with_plain_digits(_TIME.sub("", text)).casefold().strip(), order)


def how_to_write(order: DateOrder) -> str:
    """The sentence that says how a day is written."""
    return f"Write it as {_EXAMPLES[order]}."


def _day_in(text: str, order: DateOrder) -> date | None:
    if text.isdecimal() and order is DateOrder.EXCEL_NUMBER and len(text) <= 6:
        return _EXCEL_BEGINS + timedelta(days=int(text))
    if _EIGHT.fullmatch(text):
        return _eight(text, order)
    if found := _NUMBERS.fullmatch(text):
        return _by_order(found[1], found[2], found[3], order)
    if found := _DAY_MONTH.fullmatch(text):
        return _made(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return _made(found[3], _month(found[1]), found[2])
    return None


def _eight(text: str, order: DateOrder) -> date | None:
    if order is DateOrder.DAY_FIRST:
        return _made(text[4:], text[2:4], text[:2])
    if order is DateOrder.MONTH_FIRST:
        return _made(text[4:], text[:2], text[2:4])
    return _made(text[:4], text[4:6], text[6:])


def _by_order(one: str, two: str, three: str, order: DateOrder) -> date | None:
    if len(one) == 4:  # nobody writes the day second after a year
        return _made(one, two, three)
    if order is DateOrder.DAY_FIRST:
        return _made(three, two, one)
    if order is DateOrder.MONTH_FIRST:
        return _made(three, one, two)
    return _made(one, two, three) if order is DateOrder.YEAR_FIRST and len(three) <= 2 else None


def _month(name: str) -> str:
    known = name in _FULL_MONTHS or name in _MONTHS
    return str(_MONTHS.index(name[:3]) + 1) if known else "0"


def _made(year: str, month: str, day: str) -> date | None:
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < _TWO_DIGITS else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
