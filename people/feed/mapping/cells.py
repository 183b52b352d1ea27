"""What stands in one cell, as a value; or why it is none, and what would mend it."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from kernel.mobiles.writing import NotAMobile, read_mobile
from kernel.typed import composed, folded, storable, with_plain_digits
from people.feed.mapping.days import DateOrder, day_in, has_two_figures, how_to_write, years_from
from people.feed.reading.tables import Cell
from people.persons import FIRST_BIRTH_YEAR, YOUNGEST_YEARS, is_address

_SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!"}
)
_CUT_NUMBER = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')  # how exports keep Excel from taking zeros away
_MADE_A_NUMBER = re.compile(r"\d+\.0+")
_MOST_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
_NO_DAY = re.compile(r"0{1,4}[/.\- ]?0{1,2}[/.\- ]?0{1,4}")  # how SAP writes an empty date
OLDEST_YEARS = 100
FIRST_YEAR, LAST_YEAR, NEVER = 1940, 2100, 2200
OPEN_END = (12, 31, 2099)  # Unit4 writes no end so
YES = frozenset({"yes", "y", "true", "1", "primary", "main", "p"})
NO = frozenset({"no", "n", "false", "0", "secondary", "s"})
_NUMBER = re.compile(r"-?\d*\.?\d+%?")
_MOST_HOURS = 168
_HUNDREDTH = Decimal("0.01")


class CellFault(Exception):
    """A cell whose content is no such value: one sentence that says so, and one that says what would mend it."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.mend = mend


def text_of(cell: Cell) -> str:
    """What a cell shows, without spaces to spare. Raises ``CellFault`` for what cannot be stored, or is an error."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return _shown(cell)
    if cell.isprintable():  # so are no marks that nobody sees: ``composed`` has nothing more to take out
        text = " ".join((cell if cell.isascii() else normalize("NFC", cell)).split())
    elif storable(cell) != cell:
        raise CellFault("This holds characters that nobody can see and no list can keep.", "Type it anew.")
    else:
        text = composed(cell)
    if text[:1] == "#" and text.upper() in _SPREADSHEET_ERRORS:
        raise CellFault("This is a spreadsheet’s message of an error.", "Put the formula right, or type the value.")
    return text


def read_text(cell: Cell, longest: int) -> str:
    """A text that its column can hold."""
    text = text_of(cell)
    if len(text) > longest:
        raise CellFault(f"This has {len(text):,} characters, and can have {longest}.", "Shorten it.")
    return text


def read_name(cell: Cell, longest: int) -> str:
    """A name: it has a letter."""
    text = read_text(cell, longest)
    if text and not any(letter.isalpha() for letter in text):
        raise CellFault("This is no name: it has no letter.", "Write the name, or look whether columns were swapped.")
    return text


def read_number_of(cell: Cell, longest: int, digits: int) -> str:
    """A payroll number, with ``digits`` figures at least where it has figures alone."""
    if isinstance(cell, str) and (kept := _KEPT_AS_TEXT.fullmatch(cell.strip())):
        cell = kept[1]
    if isinstance(cell, float) or (isinstance(cell, int) and abs(cell) >= _MOST_EXACT):
        raise CellFault("A spreadsheet has cut this number.", "Make the column a text, and write the number anew.")
    text = read_text(cell, longest)
    if text.isdecimal():
        return text.zfill(digits)
    if _CUT_NUMBER.fullmatch(text):
        raise CellFault("A spreadsheet has cut this number.", "Make the column a text, and write the number anew.")
    if _MADE_A_NUMBER.fullmatch(text):
        raise CellFault(
            "A program has made a decimal number of this, and may have lost zeros in front.",
            "Make the column a text, and write the number anew.",
        )
    if text and not any(letter.isdigit() for letter in text):
        raise CellFault(
            "This is no payroll number: it has no figure.", "Write the number, or look whether columns were swapped."
        )
    return text


def read_address(cell: Cell, longest: int) -> str:
    """An e-mail address."""
    text = read_text(cell, longest)
    if text and not is_address(text):
        raise CellFault("This is no e-mail address.", "Write it like name@council.gov.uk, or leave it empty.")
    return text


def read_mobile_of(cell: Cell) -> str:
    """A mobile number as E.164; empty for an empty cell."""
    text = text_of(cell)
    try:
        return read_mobile(text) if text else ""
    except NotAMobile as problem:
        raise CellFault("This is no mobile number.", f"{problem}.") from problem


def read_date(cell: Cell, order: DateOrder, *, latest: date) -> date | None:
    """A day; ``None`` for an empty cell. Times behind it are left out. A year from 2200 on stands for "never".

    A year of two figures is read as one not behind ``latest``.
    """
    found = _day_of(cell, order, latest)
    return None if found is None else _in_our_time(found)


def read_birth(cell: Cell, order: DateOrder, *, on: date) -> date | None:
    """A date of birth; ``None`` for an empty cell. Whether it is too late is told on the day of the plan.

    A year of two figures never makes a child of somebody, nor somebody of more than a hundred years.
    """
    found = _day_of(cell, order, years_from(on, -YOUNGEST_YEARS))
    if found is not None and found < years_from(on, -OLDEST_YEARS) and has_two_figures(text_of(cell), order):
        raise CellFault("Nobody who works was born in any year with these two figures.", "Write all four of the year.")
    if found is not None and found.year < FIRST_BIRTH_YEAR:
        raise CellFault(f"Nobody who works today was born before {FIRST_BIRTH_YEAR}.", "Put the year right.")
    return found


def read_hours(cell: Cell, *, has_comma: bool, full_time: Decimal | None) -> Decimal | None:
    """Hours a week to two places; with ``full_time`` the cell is a share of that. ``None`` for an empty cell."""
    text = with_plain_digits(text_of(cell)).replace(" ", "")
    if not text:
        return None
    if isinstance(cell, str):
        text = _with_point(text, has_comma=has_comma)
    is_percent = text.endswith("%")
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not _NUMBER.fullmatch(text):
        example = "36,5" if has_comma else "36.5"
        raise CellFault("This is no number.", f"Write it like {example}.")
    if full_time is not None:
        number = number * full_time / (100 if is_percent else 1)
    if number < 0 or number > _MOST_HOURS or (full_time is not None and number > 2 * full_time):
        wanted = "a share of full time, such as 0.8" if full_time is not None else "the hours of a week, such as 36.5"
        raise CellFault("No week has so many hours.", f"Write {wanted}.")
    return number.quantize(_HUNDREDTH)


def _with_point(text: str, *, has_comma: bool) -> str:
    """The number with a point before its decimals. The other mark groups thousands only: three figures follow it."""
    mark, other, example = (",", ".", "7,5") if has_comma else (".", ",", "7.5")
    whole, point, rest = text.partition(mark)
    if other in text and (other in rest or not re.fullmatch(rf"-?[1-9]\d{{0,2}}({re.escape(other)}\d{{3}})+%?", whole)):
        words = ("point", "comma") if has_comma else ("comma", "point")
        problem = f"A {words[0]} stands in this number, and the mapping says that a {words[1]} stands before decimals."
        raise CellFault(problem, f"Write it like {example}, or choose the other mark in the mapping.")
    return f"{whole.replace(other, '')}{'.' if point else ''}{rest}"


def read_yes_no(cell: Cell) -> bool | None:
    """Yes or no; ``None`` for an empty cell."""
    if isinstance(cell, bool):
        return cell
    text = folded(text_of(cell))
    if not text:
        return None
    if text in YES or text in NO:
        return text in YES
    raise CellFault("This is neither yes nor no.", "Write yes or no, or say in the mapping what the word means.")


def _shown(cell: int | float | date) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell.isoformat() if isinstance(cell, date) else f"{cell}"


def _day_of(cell: Cell, order: DateOrder, latest: date) -> date | None:
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text or _NO_DAY.fullmatch(text):
        return None
    found = day_in(text, order, latest=latest)
    if found is None:
        raise CellFault("This is no date in the order of this file.", how_to_write(order))
    return found


def _in_our_time(day: date) -> date:
    if (day.month, day.day, day.year) == OPEN_END:
        return day.replace(year=9999)
    if FIRST_YEAR <= day.year <= LAST_YEAR or day.year >= NEVER:
        return day
    raise CellFault(f"The year {day.year} is no year of a job here.", "Put the year right.")
