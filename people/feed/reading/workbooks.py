"""Workbooks (.xlsx): what a cell shows is what is read, with the zeros in front that its format puts there."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from kernel.loading.later import later
from people.feed.reading.archives import SheetFacts, check_archive, look_through_sheet
from people.feed.reading.limits import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from people.feed.reading.tables import (
    NO_HEADINGS,
    Cell,
    HowRead,
    ReadingChoice,
    TableRow,
    first_rows,
    fitted,
    heading_row_among,
    headings_of,
    too_long,
)
from people.feed.reading.unreadable import SheetNeeded, UnreadableFile

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = later("openpyxl")

_DAMAGED = "This workbook is damaged. Open it in your spreadsheet program, save it again, and send that."
# Zeros, with words in quotes or single letters behind a backslash round them: 000000, "W"00000, \P0000.
_PADDED = re.compile(r'(?P<before>(?:"[^"]*"|\\.)*)#*(?P<zeros>00+)(?P<after>(?:"[^"]*"|\\.)*)(?:;.*)?', re.DOTALL)
# A tab or a line end inside a text, as workbooks store it (ST_Xstring, ECMA-376) and openpyxl leaves it.
_STORED_BREAK = re.compile("_x000[9ADad]_")


@dataclass(frozen=True)
class WorkbookTable:
    """One sheet of a workbook whose headings are known."""

    sheet: Any  # openpyxl carries no types
    headings: tuple[str, ...]
    how: HowRead
    first: int

    def rows(self) -> Iterator[TableRow]:
        """Each row below the headings that is not empty. Raises ``UnreadableFile`` where the sheet is damaged."""
        for row in _rows_of(self.sheet, after=self.first):
            if row.problem is not None or any(cell is not None and cell != "" for cell in row.cells):
                yield fitted(_padded(row, len(self.headings)), len(self.headings))


def open_workbook(file: BinaryIO, choice: ReadingChoice) -> WorkbookTable:
    """Find out which sheet holds the people. Raises ``UnreadableFile``; ``SheetNeeded`` where several could."""
    archive = check_archive(file)
    with _damage_said():
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "reset_dimensions")]
    for sheet in sheets:
        sheet.reset_dimensions()  # a sheet may claim to be a million rows wide
    sheet, grounds = _take_sheet(sheets, choice.sheet)
    facts = look_through_sheet(archive, sheet._worksheet_path)
    _refuse_unreadable(facts)
    sample = first_rows(_rows_of(sheet))
    at = choice.heading_row - 1 if choice.heading_row else heading_row_among([row.cells for row in sample])
    if at is None or at >= len(sample):
        raise UnreadableFile(NO_HEADINGS)
    headings = headings_of(sample[at].cells)
    below = _rows_of(sheet, after=at + 1)
    if not any(row.problem is not None or any(cell is not None for cell in row.cells) for row in below):
        raise UnreadableFile("The sheet has headings and no rows. Nothing is changed by it.")
    sentences = [grounds, *_said(facts)]
    if at and not choice.heading_row:
        sentences.append(f"The headings stand in row {at + 1}; what is above it is left out.")
    kept = ReadingChoice(None, None, sheet.title, at + 1)
    return WorkbookTable(sheet, headings, HowRead("XLSX", kept, tuple(sentences)), at + 1)


def _take_sheet(sheets: Sequence[Any], chosen: str | None) -> tuple[Any, str]:
    if chosen is not None:
        for sheet in sheets:
            if sheet.title == chosen:
                return sheet, f"The sheet “{chosen}” is read, as the mapping says."
        named = ", ".join(f"“{sheet.title}”" for sheet in sheets)
        raise UnreadableFile(f"This workbook has no sheet “{chosen}”. It has {named}.")
    filled = [sheet for sheet in sheets if sheet.sheet_state == "visible" and _has_rows(sheet)]
    hidden = [sheet for sheet in sheets if sheet.sheet_state != "visible"]
    if not filled:
        raise UnreadableFile("No sheet of this workbook that can be seen holds rows. Nothing is changed by it.")
    if len(filled) > 1:
        raise SheetNeeded([sheet.title for sheet in filled])
    kept_out = f" {len(hidden)} hidden sheets are left out." if len(hidden) > 1 else " A hidden sheet is left out."
    return filled[0], f"The sheet “{filled[0].title}” is read: no other holds rows." + (kept_out if hidden else "")


def _has_rows(sheet: Any) -> bool:
    return any(any(cell is not None for cell in row.cells) for row in first_rows(_rows_of(sheet)))


def _rows_of(sheet: Any, *, after: int = 0) -> Iterator[TableRow]:
    """Every row of a sheet from its first on, also empty ones."""
    formats: dict[str, tuple[str, str, int] | None] = {}
    with _damage_said():
        rows = sheet.iter_rows()
    number = 0
    while True:
        with _damage_said():
            some = list(islice(rows, 200))
        if not some:
            return
        for cells in some:
            number += 1
            if len(cells) > MOST_COLUMNS:
                raise UnreadableFile(f"Row {number:,} has {len(cells):,} columns, and can have {MOST_COLUMNS:,}.")
            if number > after:
                yield _row(number, [_value(cell, formats) for cell in cells])
        if number > MOST_ROWS:
            raise UnreadableFile(f"The sheet has more than {MOST_ROWS:,} rows. Send it in parts.")


def _row(number: int, cells: list[Cell]) -> TableRow:
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        return too_long(number, cells)
    return TableRow(number, tuple(cells))


def _padded(row: TableRow, width: int) -> TableRow:
    # A sheet ends each row with its last filled cell: what is missing is empty, not cut off.
    if row.problem is not None or len(row.cells) >= width:
        return row
    return TableRow(row.number, (*row.cells, *(None,) * (width - len(row.cells))))


def _value(cell: Any, formats: dict[str, tuple[str, str, int] | None]) -> Cell:
    value = cell.value
    if isinstance(value, str):
        return _STORED_BREAK.sub(" ", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)):
        number_format = cell.number_format or "General"
        if number_format not in formats:
            formats[number_format] = _padding(number_format)
        return _shown_number(value, formats[number_format])
    return str(value) if isinstance(value, (time, timedelta)) else None


def _padding(number_format: str) -> tuple[str, str, int] | None:
    """What stands before and after the digits, and how many there are at least; ``None`` for every other format."""
    found = _PADDED.fullmatch(number_format)
    if found is None:
        return None
    return _words(found["before"]), _words(found["after"]), len(found["zeros"])


def _words(part: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda one: one[1] or one[2] or "", part)


def _shown_number(value: int | float, padding: tuple[str, str, int] | None) -> Cell:
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(whole, int):
        if padding is not None and whole >= 0:
            before, after, digits = padding
            return f"{before}{whole:0{digits}d}{after}"
        return whole
    return float(f"{whole:.12g}")  # 37.400000000000006 is 37.4 to everybody who looks at it


def _refuse_unreadable(facts: SheetFacts) -> None:
    if facts.formulas_without_result:
        raise UnreadableFile(
            f"The results of formulas in this sheet were never stored: {facts.formulas_without_result:,}. Open it in"
            " your spreadsheet program, save it, and send that."
        )


def _said(facts: SheetFacts) -> Iterator[str]:
    if facts.hidden_rows:
        yield f"Rows of the sheet are hidden or filtered away: {facts.hidden_rows:,}. They are read like the others."
    if facts.hidden_columns:
        yield "Some columns of the sheet are hidden. They are read like the others."
    if facts.merged_cells:
        yield (
            f"Merged cells: {facts.merged_cells:,}. What stands there belongs to the first cell of each; the others"
            " are read as empty."
        )
    if facts.formulas:
        yield f"Formulas: {facts.formulas:,}. Their results are read as they were stored last."


@contextmanager
def _damage_said() -> Iterator[None]:
    """openpyxl warns of what it leaves out, which are styles and checks, and raises whatever it stumbles over."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (UnreadableFile, GeneratorExit, MemoryError):
            raise
        except Exception as problem:
            raise UnreadableFile(_DAMAGED) from problem
