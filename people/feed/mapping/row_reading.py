"""From the rows of a table to what they say of jobs. What one row alone shows to be wrong is said here, all of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.columns import length_of
from kernel.typed import folded
from people.feed.mapping.cells import (
    NEVER,
    CellFault,
    text_of,
)
from people.feed.mapping.column_readers import DAYS, Read, reader_for
from people.feed.mapping.days import DateOrder, has_two_figures
from people.feed.mapping.files_back import ADDED
from people.feed.mapping.mappings import ChangedColumns, Column, Empty, Mapping, heading_key, mapping_problems
from people.feed.mapping.own_lines import OwnLines
from people.feed.mapping.uses import LEVELS, ColumnUse
from people.feed.reading.tables import Cell, Table, TableRow
from people.feed.reading.unreadable import UnreadableFile, shown
from people.feed.rows import CELL_END, CellProblem, FeedField, FeedRow, ReadRow, UnusableRow
from people.persons import Person

_MOST_KEPT = 20_000  # of the different words of a column, so that each is looked at once
_NOTHING = (None, "", ())
_OPEN_ENDED = frozenset({ColumnUse.ENDS_ON, ColumnUse.AWAY_UNTIL})
_NEEDED_USES = frozenset({ColumnUse.PAYROLL_NUMBER, ColumnUse.FULL_NAME})
_NUMBERING = frozenset({ColumnUse.PAYROLL_NUMBER, ColumnUse.PERSON_NUMBER, ColumnUse.MANAGER})
_NAMES = {ColumnUse.FULL_NAME, ColumnUse.GIVEN_NAME, ColumnUse.FAMILY_NAME, ColumnUse.CALLED, ColumnUse.EMAIL}
_NAMING = frozenset({*_NAMES, ColumnUse.UNIT, *LEVELS})
_ATTRIBUTES = {
    use: use.value.replace("-", "_")
    for use in ColumnUse
    if use not in {ColumnUse.UNUSED, *LEVELS, ColumnUse.GIVEN_NAME, ColumnUse.FAMILY_NAME}
} | {ColumnUse.MANAGER: "manager_payroll_number", ColumnUse.FULL_TIME_SHARE: "hours_per_week"}


class _Values(dict[str, Any]):
    """What the words of a column mean, each looked at when it is met first; a ``CellFault`` for one that means nothing.

    Of different words so many are kept that a file of a whole region fits in memory.
    """

    def __init__(self, column: Column, read: Read, order: DateOrder) -> None:
        super().__init__()
        self._column, self._read, self._order = column, read, order
        self.with_two_figures: set[str] = set()

    def __missing__(self, word: str) -> Any:
        value = self.look_at(word)
        if self._column.use in DAYS and isinstance(value, date) and has_two_figures(text_of(word), self._order):
            self.with_two_figures.add(word)
        if len(self) < _MOST_KEPT:
            self[word] = value
        return value

    def look_at(self, cell: Cell) -> Any:
        """What a cell means that is no text, or a text that is not met again."""
        try:
            return self._read(_meant(self._column, cell))
        except CellFault as fault:
            return fault


@dataclass(frozen=True)
class _Step:
    """One column of the file at its place, what it is for, and what its cells mean."""

    position: int
    heading: str
    use: ColumnUse
    field: FeedField | None
    is_needed: bool
    is_cleared: bool  # by an empty cell
    values: _Values


def _step(position: int, column: Column, mapping: Mapping, on: date) -> _Step:
    use = column.use
    values = _Values(column, reader_for(column, mapping, on=on), mapping.dates)
    return _Step(position, column.heading, use, use.field, use in _NEEDED_USES, column.empty is Empty.CLEAR, values)


def read_rows(table: Table, mapping: Mapping, *, on: date) -> Iterator[ReadRow]:
    """What each row of a file says, or why it cannot be used, in the order of the file, with the lines of the report.

    ``on`` is today, by which years of two figures are understood. Raises ``ChangedColumns`` at once where the columns
    are not those of the mapping, and ``UnreadableFile`` where it is incomplete, where two columns that are used have
    one heading, or while reading, where the file ends too early.
    """
    check_columns(table.headings, mapping)
    places = {heading_key(heading): position for position, heading in enumerate(table.headings)}
    steps = [
        _step(places[heading_key(column.heading)], column, mapping, on)
        for column in mapping.columns
        if column.use is not ColumnUse.UNUSED
    ]
    naming = [step.position for step in steps if step.use in _NAMING]
    numbering = [step.position for step in steps if step.use in _NUMBERING]
    return OwnLines[FeedRow | UnusableRow](table, naming, numbering).told(_read(table, steps, mapping))


def check_columns(headings: Sequence[str], mapping: Mapping) -> None:
    """Raise ``ChangedColumns`` or ``UnreadableFile`` where a file has not the columns that the mapping names."""
    if problems := mapping_problems(mapping):
        raise UnreadableFile(*problems)
    # What we add to the rows that are to be put right says nothing of a job.
    headings = [heading for heading in headings if heading_key(heading) not in ADDED]
    there = [heading_key(heading) for heading in headings]
    known = {heading_key(column.heading): column for column in mapping.columns}
    missing = [column.heading for key, column in known.items() if key not in there]
    new = [heading for heading, key in zip(headings, there, strict=True) if key not in known]
    if missing or new:
        raise ChangedColumns(missing, new, fits_nowhere=len(missing) == len(known))
    twice = [
        column.heading for key, column in known.items() if column.use is not ColumnUse.UNUSED and there.count(key) > 1
    ]
    if twice:
        raise UnreadableFile(*(f"Two columns are called “{one}”. Give each a heading of its own." for one in twice))


def _read(table: Table, steps: Sequence[_Step], mapping: Mapping) -> Iterator[tuple[TableRow, FeedRow | UnusableRow]]:
    shared: dict[frozenset[FeedField], frozenset[FeedField]] = {}
    for row in table.rows():
        made = _RowBeingRead(row, steps, mapping)
        yield row, made.result(shared)


class _RowBeingRead:
    """One row on its way: the values that were read, and everything that is wrong."""

    def __init__(self, row: TableRow, steps: Sequence[_Step], mapping: Mapping) -> None:
        self.number = row.number
        self.values: dict[ColumnUse, Any] = {}
        self.said: set[FeedField] = set()
        self.problems: list[CellProblem] = []
        self._has_short_year = self._has_bad_mobile = False
        self._row, self._steps = row, steps
        self._headings = {step.use: step.heading for step in steps}
        if row.problem is not None:
            self.problems.append(CellProblem(None, "", row.problem, row.mend))
            return
        for step in steps:
            self._take(step, row.cells[step.position])
        self._check(mapping)

    def result(self, shared: dict[frozenset[FeedField], frozenset[FeedField]]) -> FeedRow | UnusableRow:
        """The row as it is handed on. ``shared`` holds each set of fields once: most rows say the same."""
        if self.problems:
            return self._unusable()
        said = frozenset(self.said)
        values = {_ATTRIBUTES[use]: value for use, value in self.values.items() if use in _ATTRIBUTES}
        said = shared.setdefault(said, said)
        return FeedRow(
            self.number,
            said=said,
            has_short_year=self._has_short_year,
            has_bad_mobile=self._has_bad_mobile,
            **values,
        )

    def _unusable(self) -> UnusableRow:
        number, name = (self.values.get(use) or "" for use in (ColumnUse.PAYROLL_NUMBER, ColumnUse.FULL_NAME))
        # In a row whose cells have slipped, nobody knows which of them names the manager.
        is_whole = self._row.problem is None
        other = next((one.position for one in self._steps if is_whole and one.use is ColumnUse.MANAGER), None)
        cells = (str(one) for at, one in enumerate(self._row.cells) if one is not None and at != other)
        return UnusableRow(self.number, tuple(self.problems), number, name, CELL_END.join(cells))

    def _take(self, step: _Step, cell: Cell) -> None:
        value = step.values[cell] if type(cell) is str else step.values.look_at(cell)
        if value in _NOTHING:
            if step.is_needed:
                self._wrong(step.use, "", CellFault("This is empty.", "Fill it in: a row without it says nothing."))
            elif step.is_cleared and step.field is not None:
                self.said.add(step.field)
            return
        if isinstance(value, CellFault) and step.use is ColumnUse.WORK_MOBILE:
            # Such columns hold landlines, extensions and “n/a”: no reason to leave out a whole job.
            self._has_bad_mobile = True
            return
        if isinstance(value, CellFault):
            self._wrong(step.use, cell, value)
            return
        if isinstance(value, date) and value.year >= NEVER:
            if step.use not in _OPEN_ENDED:
                self._wrong(step.use, cell, CellFault("This day is too far away.", "Put the year right."))
                return
            value = None
        self.values[step.use] = value
        if step.values.with_two_figures and cell in step.values.with_two_figures:
            self._has_short_year = True
        if step.field is not None:
            self.said.add(step.field)

    def _check(self, mapping: Mapping) -> None:
        values = self.values
        if ColumnUse.GIVEN_NAME in self._headings or ColumnUse.FAMILY_NAME in self._headings:
            self._join_names(mapping)
        levels = tuple(values[level] for level in LEVELS if values.get(level))
        if levels:
            values[ColumnUse.UNIT] = levels
        self._in_order(ColumnUse.STARTS_ON, ColumnUse.ENDS_ON, "The last day lies before the first.")
        self._in_order(ColumnUse.AWAY_FROM, ColumnUse.AWAY_UNTIL, "The leave ends before it begins.")
        if values.get(ColumnUse.AWAY_UNTIL) and not values.get(ColumnUse.AWAY_FROM):
            fault = CellFault("The leave ends and never began.", "Add its first day, or take the last one out.")
            self._wrong(ColumnUse.AWAY_UNTIL, values[ColumnUse.AWAY_UNTIL], fault)
        manager = values.get(ColumnUse.MANAGER)
        if manager and manager == values.get(ColumnUse.PAYROLL_NUMBER):
            fault = CellFault("This person is named as their own manager.", "Name somebody else, or nobody.")
            self._wrong(ColumnUse.MANAGER, manager, fault)

    def _join_names(self, mapping: Mapping) -> None:
        parts = [ColumnUse.GIVEN_NAME, ColumnUse.FAMILY_NAME]
        if mapping.is_family_name_first:
            parts.reverse()
        name = " ".join(self.values[part] for part in parts if self.values.get(part))
        most = length_of(Person.chosen_name)
        if len(name) > most:
            fault = CellFault(f"The whole name is longer than {most} characters.", "Shorten it.")
            self._wrong(ColumnUse.FAMILY_NAME, name, fault)
        elif name:
            self.values[ColumnUse.FULL_NAME] = name
        elif not any(problem.column in self._name_headings() for problem in self.problems):
            fault = CellFault("Nothing says what this person is called.", "Fill in a name.")
            self._wrong(ColumnUse.FAMILY_NAME, "", fault)

    def _name_headings(self) -> set[str | None]:
        return {self._headings.get(ColumnUse.GIVEN_NAME), self._headings.get(ColumnUse.FAMILY_NAME)}

    def _in_order(self, first: ColumnUse, last: ColumnUse, problem: str) -> None:
        begins, ends = self.values.get(first), self.values.get(last)
        if begins and ends and ends < begins:
            self._wrong(last, ends, CellFault(problem, "Put one of the two days right."))

    def _wrong(self, use: ColumnUse, cell: Cell, fault: CellFault) -> None:
        column = self._headings.get(use)
        self.problems.append(CellProblem(column, _stands(cell), fault.problem, fault.mend))


def _stands(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else shown(str(cell))


def _meant(column: Column, cell: Cell) -> Cell:
    """The cell, or what the mapping says that its word means."""
    return column.values.get(folded(text_of(cell)), cell) if column.values else cell
