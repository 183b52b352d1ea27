"""Tables for spreadsheets, in both forms. Words stay words: nothing in a cell is run, or taken for a number or a day.

A workbook says of each cell what it is. A CSV file cannot: there an apostrophe stands before words that a spreadsheet
would take for something else, and is shown with them.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from unicodedata import category

from xlsxwriter import Workbook
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
# Categories of Unicode: spaces and line ends, controls, and what only steers the text around it (U+200B, U+FEFF).
_NOT_DRAWN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs", "Mn"})
_OTHERS = frozenset({"true", "false", "#n/a"})
_LONGEST_CELL = 32_767  # of a workbook
# The second sheet of a workbook, and how wide its columns are, in characters.
NOTES, _NOTES_ABOUT, _NOTES_WORDS = "Notes", 30, 90


def safe_cell(text: str) -> str:
    """``text`` for a CSV file, so that a spreadsheet shows it, and neither runs it nor makes something else of it."""
    is_more = text.startswith(_FORMULA) or _seen(text).startswith(_FORMULA) or _looks_like_a_value(text)
    return f"'{text}" if is_more else text


def _seen(text: str) -> str:
    """The text from the first character on that is drawn: a formula may stand behind what nobody sees."""
    place = next((place for place, one in enumerate(text) if category(one) not in _NOT_DRAWN), len(text))
    return text[place:]


def unguarded(text: str) -> str:
    """The text that ``safe_cell`` was given: an apostrophe goes that it would have put there."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def csv_lines(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",") -> Iterator[str]:
    """The lines of a CSV file, each with its line end; the first begins with a byte-order mark. Days are ISO 8601."""
    mark = BYTE_ORDER_MARK
    for row in rows:
        yield mark + csv_line(row, delimiter=delimiter)
        mark = ""


def csv_line(row: Sequence[Cell], *, delimiter: str = ",") -> str:
    """One more line of a CSV file."""
    line = StringIO()
    csv.writer(line, delimiter=delimiter).writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return line.getvalue()


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
    """An .xlsx file; the first row is its heading, and stays in sight. ``notes`` stand on a second sheet: what each is
    about, and what is said of it."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": made_at.astimezone(LOCAL).replace(tzinfo=None)})
        sheet = _write_sheet(book, re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or None, rows)
        sheet.autofit()
        if said := list(notes):
            beside = _write_sheet(book, NOTES if sheet.get_name().casefold() != NOTES.casefold() else "About", said)
            wrapped = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
            beside.set_column(0, 0, _NOTES_ABOUT, wrapped)
            beside.set_column(1, 1, _NOTES_WORDS, wrapped)
    return file.getvalue()


def _write_sheet(book: Workbook, name: str | None, rows: Iterable[Sequence[Cell]]) -> Worksheet:
    heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(down, across, cell[:_LONGEST_CELL], heading if down == 0 else None)
            elif isinstance(cell, date):
                sheet.write_datetime(down, across, cell, day)
            elif cell is not None:
                sheet.write_number(down, across, cell)
    # Else each word that looks like a number gets a green corner.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return sheet


def _looks_like_a_value(text: str) -> bool:
    # Currencies stand before or behind; Excel knows those of every country.
    plain = re.sub(r"[$£€¥₹]", "", text).strip().casefold()
    if plain in _OTHERS:
        return True
    has_digit = any(letter.isdigit() for letter in plain)
    return has_digit and len(plain) <= _LONGEST_VALUE and bool(_FIGURES.fullmatch(plain) or _DAY.fullmatch(plain))
