"""Tables for spreadsheets, in both forms. Words stay words: nothing in a cell is run, or taken for a number or a day.

A workbook says of each cell what it is. A CSV file cannot: there an apostrophe stands before words that a spreadsheet
would take for something else, and is shown with them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO, StringIO
from tempfile import TemporaryDirectory
from typing import BinaryIO
from unicodedata import category

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

from kernel.clock import LOCAL

Cell = str | int | float | Decimal | date | None

BYTE_ORDER_MARK = "\ufeff"  # or Excel reads UTF-8 as Windows-1252
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What it takes for a value, in small letters and without a currency: 12%, (5), 1/2, 10:30 pm, 1e5, 2026-11-21T10:30,
# and days with the name of a month.
_FIGURES = re.compile(r"[\d\s.,:/%‰()+'’−e-]+([ap]m?)?|\d{4}-\d\d?-\d\d?t[\d:.]+z?")
_MONTH = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?"
    "|oct(ober)?|nov(ember)?|dec(ember)?"
)
_DAY = re.compile(rf"(\d{{1,4}}[\s/.,-]*)?({_MONTH})([\s/.,-]*\d{{1,4}}){{0,2}}([\s,]+\d{{1,2}}:[\d:]+(\s?[ap]m?)?)?")
_LONGEST_VALUE = 40
_LONGEST_REMEMBERED = 200
# Categories of Unicode: spaces and line ends, controls, and what only steers the text around it (U+200B, U+FEFF).
_NOT_DRAWN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs", "Mn"})
_OTHERS = frozenset({"true", "false", "#n/a"})
_BEGINS_AS_WORDS, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
_LONGEST_CELL = 32_767  # of a workbook
# The second sheet of a workbook, and how wide its columns are, in characters.
NOTES, _NOTES_ABOUT, _NOTES_WORDS = "Notes", 30, 90
_BESIDE_WORDS, _WIDEST = 12, 1790  # pixels; the widest that Excel knows


def safe_cell(text: str) -> str:
    """``text`` for a CSV file, so that a spreadsheet shows it, and neither runs it nor makes something else of it."""
    if _BEGINS_AS_WORDS.match(text) and _DIGIT.search(text) is None and text.strip().casefold() not in _OTHERS:
        return text  # as nearly all names
    is_more = text.startswith(_FORMULA) or _seen(text).startswith(_FORMULA) or _looks_like_a_value(text)
    return f"'{text}" if is_more else text


def _seen(text: str) -> str:
    """The text from the first character on that is drawn: a formula may stand behind what nobody sees."""
    place = next((place for place, one in enumerate(text) if category(one) not in _NOT_DRAWN), len(text))
    return text[place:]


def unguarded(text: str) -> str:
    """The text that ``safe_cell`` was given: an apostrophe goes that it would have put there."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def csv_lines(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",", begins: bool = True) -> Iterator[str]:
    """The lines of a CSV file, each with its line end; the first begins with a byte-order mark, unless others stand
    before it (``begins``). Days are ISO 8601."""
    mark = BYTE_ORDER_MARK if begins else ""
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    for row in rows:
        writer.writerow([_safe(cell) if isinstance(cell, str) else cell for cell in row])
        yield mark + text.getvalue()
        mark = ""
        text.seek(0)
        text.truncate()


def csv_line(row: Sequence[Cell], *, delimiter: str = ",") -> str:
    """One more line of a CSV file."""
    line = StringIO()
    csv.writer(line, delimiter=delimiter).writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return line.getvalue()


def _safe(text: str) -> str:
    return _safe_again(text) if len(text) <= _LONGEST_REMEMBERED else safe_cell(text)


# Units, states and whoever made the file stand in row after row.
@lru_cache(maxsize=2048)
def _safe_again(text: str) -> str:
    return safe_cell(text)


def exact_csv_line(row: Sequence[Cell]) -> str:
    """A line from which each cell can be had back as it was, and that a spreadsheet still does not run.

    Words that ``safe_cell`` would guard, words that begin with an apostrophe and words without a letter get an
    apostrophe; whoever reads it back takes the first one away. An empty cell is that nothing is recorded.
    """
    line = StringIO()
    csv.writer(line).writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return line.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if not text or text.startswith("'") or safe_cell(text) != text else text


def workbook(
    rows: Iterable[Sequence[Cell]], *, title: str, made_at: datetime, notes: Iterable[Sequence[Cell]] = ()
) -> bytes:
    """The bytes of an .xlsx file, for few rows: as ``write_workbook`` writes it."""
    file = BytesIO()
    write_workbook(file, rows, title=title, made_at=made_at, notes=notes)
    return file.getvalue()


def write_workbook(
    file: BinaryIO,
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    made_at: datetime,
    notes: Iterable[Sequence[Cell]] = (),
) -> None:
    """Write an .xlsx file; the first row is its heading, and stays in sight. ``notes`` stand on a second sheet: what
    each is about, and what is said of it.

    One row at a time is in memory; those before it wait on disk until the whole file is put together.
    """
    with TemporaryDirectory() as folder, Workbook(file, {"constant_memory": True, "tmpdir": folder}) as book:
        book.set_properties({"title": title, "created": made_at.astimezone(LOCAL).replace(tzinfo=None)})
        sheet = _write_sheet(book, re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or None, rows)
        if said := list(notes):
            beside = _write_sheet(book, NOTES if sheet.get_name().casefold() != NOTES.casefold() else "About", said)
            wrapped = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
            beside.set_column(0, 0, _NOTES_ABOUT, wrapped)
            beside.set_column(1, 1, _NOTES_WORDS, wrapped)


def _write_sheet(book: Workbook, name: str | None, rows: Iterable[Sequence[Cell]]) -> Worksheet:
    heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    longest: dict[int, str] = {}
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(down, across, _in_a_cell(cell), heading if down == 0 else None)
            elif isinstance(cell, date):
                sheet.write_datetime(down, across, cell, day)
            elif cell is not None:
                sheet.write_number(down, across, cell)
            if cell is not None and len(shown := str(cell)) > len(longest.get(across, "")):
                longest[across] = shown
    for across, shown in longest.items():
        width = max(xl_pixel_width(line) for line in shown.split("\n")) + _BESIDE_WORDS
        sheet.set_column_pixels(across, across, min(width, _WIDEST))
    # Else each word that looks like a number gets a green corner.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return sheet


def _in_a_cell(text: str) -> str:
    # XlsxWriter takes a text between these for markup of its own, and not for words.
    is_taken_for_xml = text.startswith("<r>") and text.endswith("</r>")
    return text[: _LONGEST_CELL - 1] + " " if is_taken_for_xml else text[:_LONGEST_CELL]


def _looks_like_a_value(text: str) -> bool:
    # Currencies stand before or behind; Excel knows those of every country.
    plain = re.sub(r"[$£€¥₹]", "", text).strip().casefold()
    if plain in _OTHERS:
        return True
    has_digit = any(letter.isdigit() for letter in plain)
    return has_digit and len(plain) <= _LONGEST_VALUE and bool(_FIGURES.fullmatch(plain) or _DAY.fullmatch(plain))
