"""What every reader hands on: headings, rows, and how the file was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Protocol

from people.feed.reading.limits import LONGEST_CELL

# Among so many rows at the top the headings are looked for.
LOOKED_AT = 1_000
NO_HEADINGS = (
    f"There is no row of headings among the first {LOOKED_AT:,} rows. The row above the people names the columns:"
    " take out what stands above it, and send the file again."
)
Cell = str | int | float | bool | date | None


@dataclass(frozen=True)
class ReadingChoice:
    """How a mapping says that files are to be read; whatever is ``None`` is taken from the file, and said.

    ``heading_row`` counts from 1.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    heading_row: int | None = None


@dataclass(frozen=True)
class HowRead:
    """What was taken of a file: ``choice`` reads it in the same way again, ``sentences`` say on which grounds."""

    format: str
    choice: ReadingChoice
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as it stands, with the number that a spreadsheet shows beside it.

    ``problem`` and ``mend`` are set where the row does not hold together; then ``cells`` are what could be read.
    """

    number: int
    cells: tuple[Cell, ...]
    problem: str | None = None
    mend: str = ""


class Table(Protocol):
    """A file that can be read from its first row to its last, as often as is wanted."""

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above each column; a column without a heading is called by its letter."""

    @property
    def how(self) -> HowRead:
        """What was taken, and on which grounds."""

    def rows(self) -> Iterator[TableRow]:
        """Each row below the headings that is not empty. Raises ``UnreadableFile`` where the file ends too early."""


def column_letters(position: int) -> str:
    """How a spreadsheet calls a column, counted from 0: A, B, …, Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def headings_of(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The headings in a row of cells. Columns to the right that have none are left out; others go by their letter."""
    texts = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(text or f"Column {column_letters(position)}" for position, text in enumerate(texts))


def first_rows(rows: Iterator[TableRow]) -> list[TableRow]:
    """The rows among which the headings are looked for: a report may begin with many lines of its own, or with none."""
    return list(islice(rows, LOOKED_AT))


def heading_row_among(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Which of a file's first rows holds the headings, from 0: the first that is nearly as wide as the widest.

    Reports begin with their name and the day, and may have empty rows before the table. ``None`` where no row has two
    cells.
    """
    filled = [sum(cell is not None and str(cell).strip() != "" for cell in row) for row in rows]
    widest = max(filled, default=0)
    if widest < 2:
        return None
    return next(position for position, number in enumerate(filled) if number >= 2 and number * 5 >= widest * 3)


def too_long(number: int, cells: Sequence[Cell]) -> TableRow:
    """A row with a cell that is too long, which is left out of it."""
    kept = tuple(cell for cell in cells if len(str(cell)) <= LONGEST_CELL)
    return TableRow(number, kept, f"A cell of this row is longer than {LONGEST_CELL:,} characters.", "Shorten it.")


def fitted(row: TableRow, width: int) -> TableRow:
    """The row with as many cells as there are headings, or with the problem that it has fewer or more."""
    cells = row.cells
    if row.problem is not None or len(cells) == width:
        return row
    if len(cells) > width:
        if any(cell is not None and cell != "" for cell in cells[width:]):
            return TableRow(
                row.number,
                cells,
                f"This row has {len(cells)} cells, and there are {width} headings.",
                "Put quotes round a cell that has the separator in it, or take the extra cells out.",
            )
        return TableRow(row.number, cells[:width])
    return TableRow(
        row.number,
        cells,
        f"This row ends after {len(cells)} of {width} cells.",
        "Add what is missing: the row may have been cut off.",
    )
