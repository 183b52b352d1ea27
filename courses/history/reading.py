"""From a table to the rows of past learning: which column is which, and what one row alone shows to be wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.history.days import find_day
from courses.history.rows import HistoryEntry, HistoryField, UnusableEntry, is_mark, read_mark
from kernel.typed import composed, searchable, storable
from people.feed.mapping.cells import CellFault, read_birth
from people.feed.mapping.days import DateOrder, how_to_write
from people.feed.mapping.own_lines import OwnLines
from people.feed.reading.tables import Cell, Table, TableRow
from people.feed.reading.unreadable import UnreadableFile, shown
from people.feed.rows import CellProblem, ReportLine, UnusableRow
from people.persons import why_not_born

# Whatever is older is a slip of the year, or nobody’s present training.
FIRST_YEAR = 2000
LONGEST = {
    HistoryField.PAYROLL_NUMBER: 40,
    HistoryField.NAME: 200,
    HistoryField.COURSE: 200,
    HistoryField.SOURCE: 200,
    HistoryField.EVIDENCE: 500,
}
_DAY_FORMS = {DateOrder.DAY_FIRST: "%d/%m/%Y", DateOrder.MONTH_FIRST: "%m/%d/%Y"}
Columns = Mapping[HistoryField, tuple[int, ...]]
# What they say is put together.
_MAY_BE_SEVERAL = (HistoryField.SOURCE, HistoryField.EVIDENCE)
_NAMING = (HistoryField.NAME, HistoryField.COURSE)
NEEDED = (HistoryField.COURSE, HistoryField.COMPLETED_ON)
FIELD_WORDS = {
    HistoryField.PAYROLL_NUMBER: "payroll number",
    HistoryField.NAME: "name",
    HistoryField.BORN_ON: "date of birth",
    HistoryField.COURSE: "course",
    HistoryField.COMPLETED_ON: "date completed",
    HistoryField.SOURCE: "source",
    HistoryField.EVIDENCE: "evidence",
}


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split(", "))


# What English training records call their columns, in small letters and without marks.
_HEADINGS: Mapping[HistoryField, frozenset[str]] = {
    HistoryField.PAYROLL_NUMBER: _names(
        "payroll number, payroll no, payroll, payroll ref, payroll id, employee number, employee no, employee "
        "id, employee ref, emp no, emp id, staff number, staff no, staff id, personnel number, personnel no, "
        "assignment number, assignment no, person ref, personal ref, personal reference"
    ),
    HistoryField.NAME: _names(
        "name, full name, employee name, employee, learner, learner name, delegate, delegate name, staff "
        "name, person, attendee, attendee name, candidate"
    ),
    HistoryField.BORN_ON: _names("date of birth, dob, d o b, birth date, born, born on, birthday"),
    HistoryField.COURSE: _names(
        "course, course name, course title, course code, training, training course, training title, event, "
        "event name, module, module name, activity, activity name, learning, learning title, subject"
    ),
    HistoryField.COMPLETED_ON: _names(
        "date completed, completed, completed on, completion date, date of completion, completed date, date "
        "attended, attended on, attendance date, date, course date, training date, end date, date passed"
    ),
    HistoryField.SOURCE: _names("source, recorded in, system, delivery, delivered by, provider, method"),
    HistoryField.EVIDENCE: _names(
        "evidence, reference, ref, evidence reference, certificate, certificate number, certificate no, "
        "notes, comments, comment, remarks, register"
    ),
}


@dataclass(frozen=True)
class HistoryReading:
    """How a file is read: the order of its days, and what its rows come from where they do not say so themselves."""

    order: DateOrder
    source: str


def read_entries(table: Table, how: HistoryReading, *, on: date) -> Iterator[HistoryEntry | UnusableRow | ReportLine]:
    """Every row, in the order of the file, with the lines of the report. ``on`` is today: nothing is completed
    after it.

    Raises ``UnreadableFile`` when a column is missing that is needed, or two could be the same one.
    """
    columns = check_columns(table.headings)
    reader = _RowReader(table.headings, columns, how, on)
    naming = [place for one in _NAMING for place in columns.get(one, ())]
    lines = OwnLines[HistoryEntry | UnusableRow](table, naming, columns.get(HistoryField.PAYROLL_NUMBER, ()))
    yield from lines.told((row, reader.read(row)) for row in table.rows())


def check_columns(headings: Sequence[str]) -> Columns:
    """Which columns hold what. Raises ``UnreadableFile`` with everything that is missing or there twice."""
    found: dict[HistoryField, list[int]] = {one: [] for one in HistoryField}
    for place, heading in enumerate(headings):
        words = " ".join("".join(one if one.isalnum() else " " for one in searchable(heading)).split())
        for wanted, names in _HEADINGS.items():
            if words in names:
                found[wanted].append(place)
    problems = [
        f"No column holds the {FIELD_WORDS[one]}. Call it “{FIELD_WORDS[one].capitalize()}”, and send the file again."
        for one in NEEDED
        if not found[one]
    ]
    if not found[HistoryField.PAYROLL_NUMBER] and not found[HistoryField.NAME]:
        problems.append(
            "No column says who it was. Add one called “Payroll number”, or two called “Name” and “Date of birth”."
        )
    for one, places in found.items():
        if len(places) > 1 and one not in _MAY_BE_SEVERAL:
            named = " and ".join(f"“{shown(headings[place])}”" for place in places)
            problems.append(
                f"The columns {named} could each be the {FIELD_WORDS[one]}. Keep one of them, or call the others"
                " otherwise."
            )
    if problems:
        listed = ", ".join(f"“{shown(one, most=40)}”" for one in headings[:12])
        raise UnreadableFile(*problems, f"The columns of the file are {listed}.")
    return {one: tuple(places) for one, places in found.items() if places}


def cell_in_words(cell: Cell, order: DateOrder) -> str:
    """What stands in a cell, as a CSV file holds it."""
    if isinstance(cell, date):
        return cell.strftime(_DAY_FORMS.get(order, "%Y-%m-%d"))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else storable(str(cell))


class _RowReader:
    def __init__(self, headings: Sequence[str], columns: Columns, how: HistoryReading, on: date) -> None:
        self.headings, self.columns, self.how, self.on = headings, columns, how, on
        self.mark = next((place for place, heading in enumerate(headings) if is_mark(heading)), None)

    def read(self, row: TableRow) -> HistoryEntry | UnusableRow:
        if row.problem is not None:
            return UnusableEntry(row.number, (CellProblem(None, "", row.problem, row.mend),), sent=self._sent(row))
        problems: list[CellProblem] = []
        texts = {one: self._text(row, one, problems) for one in LONGEST}
        completed_on = self._completed_on(row, problems)
        born_on = self._born_on(row, problems)
        if not texts[HistoryField.COURSE]:
            problems.append(self._problem(HistoryField.COURSE, "", "No course stands here.", "Name the course."))
        if not texts[HistoryField.PAYROLL_NUMBER] and not texts[HistoryField.NAME]:
            mend = "Give the payroll number, or the name and the date of birth."
            problems.append(CellProblem(None, "", "This row does not say who it was.", mend))
        number = texts[HistoryField.PAYROLL_NUMBER]
        if problems or completed_on is None:
            return UnusableEntry(row.number, tuple(problems), number, sent=self._sent(row))
        return HistoryEntry(
            row_number=row.number,
            course=texts[HistoryField.COURSE],
            completed_on=completed_on,
            payroll_number=number,
            name=texts[HistoryField.NAME],
            born_on=born_on,
            source=texts[HistoryField.SOURCE] or self.how.source,
            evidence=texts[HistoryField.EVIDENCE],
            sent=self._sent(row),
            again=self._again(row),
        )

    def _again(self, row: TableRow) -> tuple[int, int] | None:
        return read_mark(str(row.cells[self.mark] or "")) if self.mark is not None else None

    def _sent(self, row: TableRow) -> tuple[str, ...]:
        """The cells as words that are read as the same again; days of a workbook in the order that was said."""
        return tuple(cell_in_words(one, self.how.order) for one in row.cells)

    def _cell(self, row: TableRow, field: HistoryField) -> Cell:
        places = self.columns.get(field, ())
        return row.cells[places[0]] if places else None

    def _text(self, row: TableRow, field: HistoryField, problems: list[CellProblem]) -> str:
        cells = (row.cells[place] for place in self.columns.get(field, ()))
        text = "; ".join(filter(None, (composed(storable(str(one))) for one in cells if one is not None)))
        if len(text) > LONGEST[field]:
            what = FIELD_WORDS[field]
            words = f"The {what} is longer than {LONGEST[field]} characters."
            problems.append(self._problem(field, text, words, "Shorten it."))
        return text

    def _completed_on(self, row: TableRow, problems: list[CellProblem]) -> date | None:
        field, cell = HistoryField.COMPLETED_ON, self._cell(row, HistoryField.COMPLETED_ON)
        if cell is None or cell == "":
            problems.append(self._problem(field, "", "No date stands here.", how_to_write(self.how.order)))
            return None
        day = find_day(cell, self.how.order, on=self.on)
        if day is None:
            words = "This is no date in the order that was said."
            problems.append(self._problem(field, str(cell), words, how_to_write(self.how.order)))
        elif day > self.on:
            problems.append(self._problem(field, str(cell), "This day is still to come.", "Put the date right."))
        elif day.year < FIRST_YEAR:
            words = f"This day lies before the year {FIRST_YEAR}."
            problems.append(self._problem(field, str(cell), words, "Put the year right, or leave the row out."))
        else:
            return day
        return None

    def _born_on(self, row: TableRow, problems: list[CellProblem]) -> date | None:
        field, cell = HistoryField.BORN_ON, self._cell(row, HistoryField.BORN_ON)
        if cell is None or cell == "":
            return None
        try:
            day = read_birth(cell, self.how.order, on=self.on)
        except CellFault as fault:
            problems.append(self._problem(field, str(cell), fault.problem, fault.mend))
            return None
        problem = why_not_born(day, self.on) if day else None
        if problem:
            mend = "Put it right, with all four figures of the year."
            problems.append(self._problem(field, str(cell), f"{problem}.", mend))
            return None
        return day

    def _problem(self, field: HistoryField, stands: str, problem: str, mend: str) -> CellProblem:
        places = self.columns.get(field, ())
        return CellProblem(self.headings[places[0]] if places else None, shown(stands), problem, mend)
