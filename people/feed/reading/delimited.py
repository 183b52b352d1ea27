"""Text files with a row on each line and something between the cells: what is called CSV."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from kernel.spreadsheets import unguarded
from people.feed.reading.encodings import looks_saved_twice, take_encoding
from people.feed.reading.limits import LONGEST_CELL, LONGEST_LINE, MOST_COLUMNS, MOST_ROWS
from people.feed.reading.tables import (
    LOOKED_AT,
    NO_HEADINGS,
    HowRead,
    ReadingChoice,
    TableRow,
    first_rows,
    fitted,
    heading_row_among,
    headings_of,
    too_long,
)
from people.feed.reading.unreadable import UnreadableFile, shown

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_SAMPLE_ROWS = 50
_NAMED = "sep="  # how Excel writes it in a first line of its own


@dataclass(frozen=True)
class DelimitedTable:
    """A text file whose encoding, separator and headings are known."""

    file: BinaryIO
    headings: tuple[str, ...]
    how: HowRead
    first: int  # how many rows stand above the first that holds data

    def rows(self) -> Iterator[TableRow]:
        """Each row below the headings that is not empty. Raises ``UnreadableFile`` where a quote never closes."""
        choice = self.how.choice
        for row in islice(_parsed(self.file, choice.encoding or "utf-8", choice.delimiter or ","), self.first, None):
            if row.problem is not None or any(row.cells):
                yield fitted(row, len(self.headings))


def open_delimited(file: BinaryIO, choice: ReadingChoice) -> DelimitedTable:
    """Find out how a text file is written. Raises ``UnreadableFile``."""
    taken = take_encoding(file, choice.encoding)
    delimiter, between = _take_delimiter(file, taken.encoding, choice.delimiter)
    sample = first_rows(_parsed(file, taken.encoding, delimiter))
    whole = [() if row.problem else row.cells for row in sample]
    at = choice.heading_row - 1 if choice.heading_row else heading_row_among(whole)
    if at is None or at >= len(sample):
        raise UnreadableFile(NO_HEADINGS)
    headings = headings_of(sample[at].cells)
    if len(headings) > MOST_COLUMNS:
        raise UnreadableFile(f"The file has {len(headings):,} columns, and can have {MOST_COLUMNS:,}.")
    below = islice(_parsed(file, taken.encoding, delimiter), at + 1, None)
    if not any(row.problem is not None or any(row.cells) for row in below):
        raise UnreadableFile("The file has headings and no rows. Nothing is changed by it.")
    sentences = [taken.grounds, between]
    if at and not choice.heading_row:
        sentences.append(f"The headings stand in row {sample[at].number}; what is above it is left out.")
    if not _ends_with_a_line(file):
        sentences.append(
            "The last row has no line end, so the file may have been cut off there: look at its last cell."
        )
    twice = looks_saved_twice(" ".join(str(cell) for row in sample for cell in row.cells))
    if twice:
        sentences.append(f"“{twice}” looks as if its letters were spoilt before the file came here. Export it again.")
    kept = ReadingChoice(taken.encoding, delimiter, None, at + 1)
    return DelimitedTable(file, headings, HowRead("CSV", kept, tuple(sentences)), at + 1)


def _parsed(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[TableRow]:
    """Every row, also empty ones, from the beginning of the file."""
    lines = _Lines(file, encoding)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in range(1, MOST_ROWS + 2):
        lines.taken = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield _broken(number, lines, delimiter, str(problem))
            continue
        if number == 1 and lines.taken == 1 and lines.last.casefold().startswith(_NAMED):
            cells = []
        yield _checked(TableRow(number, tuple(map(unguarded, cells))))
    raise UnreadableFile(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")


def _broken(number: int, lines: "_Lines", delimiter: str, problem: str) -> TableRow:
    # csv says "unexpected end of data" at the end of the file, and "field larger than field limit" long before it.
    if "end of data" in problem or ("field limit" in problem and lines.taken > 1):
        raise UnreadableFile(
            f"In row {number:,} a quote begins and never closes, so that everything below it is one cell. Close it, or"
            " take it out, and send the file again."
        )
    if "field limit" in problem:
        return too_long(number, lines.cells(delimiter))
    return TableRow(
        number,
        lines.cells(delimiter),
        f"A quote stands inside a quoted cell: {shown(lines.last)}",
        "Write the quote twice, or take the quotes out.",
    )


def _checked(row: TableRow) -> TableRow:
    if all(len(str(cell)) <= LONGEST_CELL for cell in row.cells):
        return row
    return too_long(row.number, row.cells)


class _Lines:
    """The lines of a text file, counted, none of them longer than memory allows."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        # Not TextIOWrapper on the file itself: that closes it when nobody holds it any more.
        self._text = io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding=encoding, newline="")
        self._is_first = True
        self.taken = 0
        self.last = ""
        self._of_row: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE:
            raise UnreadableFile("A line of the file is longer than 4 million characters. This is no table of people.")
        self.last = line.removeprefix("\ufeff") if self._is_first else line
        if not self.taken:
            self._of_row.clear()
        self._of_row.append(self.last)
        self.taken += 1
        self._is_first = False
        return self.last

    def cells(self, delimiter: str) -> tuple[str, ...]:
        """What stands between the separators in the lines of the row that was read last, whatever its quotes mean."""
        return tuple(cell.strip(' "\r\n') for line in self._of_row for cell in line.split(delimiter))


class _Unclosed(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # io’s own types ask for a Buffer
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _take_delimiter(file: BinaryIO, encoding: str, chosen: str | None) -> tuple[str, str]:
    """What stands between cells, and the sentence that says why."""
    if chosen is not None:
        return (
            chosen,
            f"{DELIMITERS.get(chosen, f'“{chosen}”').capitalize()} stand between the cells, as the mapping says.",
        )
    first = next(_Lines(file, encoding), "").strip().casefold()
    if first.startswith(_NAMED) and first[len(_NAMED) :] in DELIMITERS:
        found = first[len(_NAMED) :]
        return found, f"{DELIMITERS[found].capitalize()} stand between the cells, as the first line says."
    best, seen = _regular(file, encoding)
    if seen.width < 2:
        raise UnreadableFile(
            "The file has one column only. Commas, semicolons, tabs or upright strokes stand between the cells of a"
            " table: export it as CSV."
        )
    which = f"the first {seen.rows} rows" if not seen.below else f"{seen.rows} rows below row {seen.below}"
    words = DELIMITERS[best].capitalize()
    return best, f"{words} stand between the cells: {seen.alike} of {which} have {seen.width} cells that way."


@dataclass(frozen=True, order=True)
class _Seen:
    """Of some rows below a row: how many have the same number of cells, more than one; and that number."""

    alike: int
    rows: int
    width: int
    below: int = 0


def _regular(file: BinaryIO, encoding: str) -> tuple[str, _Seen]:
    """The separator that makes most of a few rows one width. A report may have many lines of its own above these."""
    found: list[tuple[_Seen, str]] = []
    for below in range(0, LOOKED_AT, _SAMPLE_ROWS):
        seen = {delimiter: _usual_width(file, encoding, delimiter, below) for delimiter in DELIMITERS}
        best = max(seen, key=lambda delimiter: seen[delimiter])
        found.append((seen[best], best))
        if seen[best].alike * 2 > seen[best].rows:
            return best, seen[best]
    most = max(found, key=lambda one: one[0])
    return most[1], most[0]


def _usual_width(file: BinaryIO, encoding: str, delimiter: str, below: int) -> _Seen:
    widths: Counter[int] = Counter()
    try:
        for row in islice(_parsed(file, encoding, delimiter), below, below + _SAMPLE_ROWS):
            if row.problem is None and any(row.cells):
                widths[len(row.cells)] += 1
    except UnreadableFile:  # with another separator the same quotes may close
        pass
    rows = widths.total()
    width, alike = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]), default=(0, 0))
    return _Seen(alike, rows, width, below) if width > 1 else _Seen(0, rows, width, below)


def _ends_with_a_line(file: BinaryIO) -> bool:
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - 2))  # two bytes, because UTF-16 writes a line end with two
    return any(byte in b"\r\n" for byte in file.read())
