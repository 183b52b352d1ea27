"""Which lines of a file are the report’s own, told by what stands round them; and the rows that they count."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Generic, Protocol, TypeVar

from people.feed.reading.own_lines import OwnLine, figure_in, own_line
from people.feed.reading.tables import Table, TableRow
from people.feed.reading.unreadable import shown
from people.feed.rows import CELL_END, ReportLine, UnusableRow

_SAMPLE = 60


class _Numbered(Protocol):
    @property
    def payroll_number(self) -> str: ...


Row = TypeVar("Row", bound=_Numbered)


@dataclass
class OwnLines(Generic[Row]):
    """What a reader hands on of a table, with the lines of the report told from the rows.

    ``naming`` are the positions of names, units and addresses, ``numbering`` those of the numbers of people.
    """

    table: Table
    naming: Collection[int]
    numbering: Collection[int]
    _held: list[tuple[TableRow, Row, OwnLine]] = field(default_factory=list)
    _rows: int = 0

    def told(self, read: Iterable[tuple[TableRow, Row]]) -> Iterator[Row | ReportLine]:
        """Rows and lines in the order of the file. A line of figures alone is the report’s own only at the end."""
        for row, result in read:
            line = self._line(row, result)
            if line is not None:
                self._held.append((row, result, line))
                continue
            yield from self._passed()
            self._rows += 1
            yield result
        yield from self._ended()

    def _line(self, row: TableRow, result: Row) -> OwnLine | None:
        is_usable = not isinstance(result, UnusableRow)
        if is_usable and " " not in result.payroll_number:
            return None
        line = own_line(row.cells, headings=self.table.headings, naming=self.naming, numbering=self.numbering)
        return None if line is not None and not line.is_by_words and is_usable else line

    def _passed(self) -> Iterator[Row | ReportLine]:
        """What was held back, now that a row stands below it."""
        for row, result, line in self._held:
            self._rows += not line.is_by_words
            yield _report_line(row, line) if line.is_by_words else result
        self._held.clear()

    def _ended(self) -> Iterator[Row | ReportLine]:
        """What was held back, at the end of the file, with the number of rows that it states."""
        lines = [self._known(line) for _, _, line in self._held]
        stated = self._stated([line for line in lines if line is not None])
        for (row, result, _), line in zip(self._held, lines, strict=True):
            if line is None:
                yield result
                continue
            made = _report_line(row, line)
            if stated and stated[0] is line:
                number = self._rows if self._agrees(Decimal(stated[1])) else stated[1]
                made = replace(made, stated=number, read=self._rows)
            yield made

    def _known(self, line: OwnLine) -> OwnLine | None:
        """The line, unless it has figures alone and these neither count the rows nor add up their columns."""
        if line.is_by_words or line.count is not None or any(self._agrees(one) for _, one in line.figures):
            return line
        adding = [figure for figure in line.figures if self._adds_up(figure[0])]
        if len(line.figures) == 1 and not adding and _is_whole(line.figures[0][1]) and line.figures[0][1] > self._rows:
            return line
        return line if len(adding) == len(line.figures) and self._sums_are(adding) else None

    def _stated(self, lines: Sequence[OwnLine]) -> tuple[OwnLine, int] | None:
        """The line that states a number of rows, and the number. One that fits is taken before any that does not."""
        counts = [(line, line.count) for line in lines if line.count is not None]
        counts += [(line, int(one)) for line in lines for _, one in line.figures if self._agrees(one)]
        fitting = [found for found in counts if self._agrees(Decimal(found[1]))]
        # Whoever has two jobs is one of the people and has two of the rows.
        others = [found for found in counts if not found[0].is_of_people or found[1] > self._rows]
        single = [(line, *line.figures) for line in lines if len(line.figures) == 1]
        maybe = [(line, int(one)) for line, (at, one) in single if _is_whole(one) and not self._adds_up(at)]
        return next(iter([*fitting, *others, *maybe]), None)

    def _agrees(self, number: Decimal) -> bool:
        """Whether a number is that of the rows, or that of the lines of the file."""
        return number in (self._rows, self._rows + 1, self._rows + 1 + len(self._held))

    def _adds_up(self, place: int) -> bool:
        """Whether the column at this place holds numbers, so that its total is their sum."""
        if place in self.numbering or place in self.naming:
            return False
        sample = [_at(row, place) for row in islice(self.table.rows(), _SAMPLE)]
        filled = [text for text in sample if text]
        return sum(figure_in(text) is not None for text in filled) * 2 > len(filled)

    def _sums_are(self, figures: Sequence[tuple[int, Decimal]]) -> bool:
        own = {row.number for row, _, _ in self._held}
        sums = dict.fromkeys((place for place, _ in figures), Decimal(0))
        for row in self.table.rows():
            for place in sums if row.number not in own else ():
                sums[place] += figure_in(_at(row, place)) or 0
        return all(abs(sums[place] - figure) < 1 for place, figure in figures)


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _at(row: TableRow, place: int) -> str:
    cell = row.cells[place] if place < len(row.cells) else None
    return "" if cell is None else str(cell).strip()


def _report_line(row: TableRow, line: OwnLine) -> ReportLine:
    cells = CELL_END.join(text for cell in row.cells if (text := "" if cell is None else str(cell)))
    return ReportLine(row.number, shown(line.words), cells=cells)
