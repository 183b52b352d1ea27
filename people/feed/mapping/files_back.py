"""Files in the shape of the one that was sent: rows to put right and send again, and the record as the next file."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Lookup
from datetime import date
from decimal import Decimal

from people.feed.mapping.days import DateOrder
from people.feed.mapping.mappings import Mapping, heading_key
from people.feed.mapping.uses import LEVELS, ColumnUse
from people.feed.reading.tables import Cell, Table
from people.feed.rows import CellProblem, FeedRow

ROW, WRONG = "Row in the file", "What is wrong"
ADDED = frozenset({heading_key(ROW), heading_key(WRONG)})
Line = tuple[Cell | Decimal, ...]
_ORDERS = {DateOrder.DAY_FIRST: "%d/%m/%Y", DateOrder.MONTH_FIRST: "%m/%d/%Y"}
_PLACES = Decimal("0.000001")  # so that hours come back from a share of full time as they were


def lines_to_put_right(table: Table, problems: Lookup[int, Iterable[CellProblem]]) -> Iterator[Line]:
    """The headings and the rows that could not be used, as they were sent, with what is wrong in front of each.

    ``problems`` are by row number. The two columns more are passed over when the file is sent again.
    """
    yield (ROW, WRONG, *table.headings)
    for row in table.rows():
        if row.number in problems:
            yield (row.number, " ".join(map(in_words, problems[row.number])), *row.cells)


def in_words(problem: CellProblem) -> str:
    """A problem as one line: the column, what stands there, what is wrong, what would mend it."""
    place = f"{problem.column}: " if problem.column else ""
    stands = f"“{problem.stands}”. " if problem.stands else ""
    return f"{place}{stands}{problem.problem} {problem.mend}"


def lines_as_sent(mapping: Mapping, rows: Iterable[FeedRow]) -> Iterator[Line]:
    """The headings of a mapping, and rows that would be read by it as they are. Columns that nobody reads are empty.

    A name that the file gives in parts stands whole in the last of them, because nobody here splits a name.
    """
    yield tuple(column.heading for column in mapping.columns)
    levels = [column.use for column in mapping.columns if column.use in LEVELS]
    levels.sort(key=LEVELS.index)
    words = {
        column.use: {meaning: word for word, meaning in reversed(column.values.items())} for column in mapping.columns
    }
    for row in rows:
        yield tuple(_word(_cell(row, column.use, mapping, levels), words[column.use]) for column in mapping.columns)


def _word(cell: Cell | Decimal, words: Lookup[str, str]) -> Cell | Decimal:
    return words.get(cell, cell) if isinstance(cell, str) else cell


def _cell(row: FeedRow, use: ColumnUse, mapping: Mapping, levels: list[ColumnUse]) -> Cell:
    if use in LEVELS:
        at = levels.index(use)
        return row.unit[at] if at < len(row.unit) else ""
    if use is ColumnUse.UNIT:
        return mapping.unit_separator.join(row.unit)
    if use is ColumnUse.GIVEN_NAME:
        return "" if mapping.column_for(ColumnUse.FAMILY_NAME) else row.full_name
    if use is ColumnUse.FULL_NAME and mapping.is_family_name_first:
        return _turned(row.full_name)
    if use in (ColumnUse.FAMILY_NAME, ColumnUse.FULL_NAME):
        return row.full_name
    if use in (ColumnUse.HOURS_PER_WEEK, ColumnUse.FULL_TIME_SHARE):
        return _hours(row.hours_per_week, use, mapping)
    value = _plain(row, use)
    if isinstance(value, date):
        return value.strftime(_ORDERS.get(mapping.dates, "%Y-%m-%d"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""


def _turned(name: str) -> str:
    """A name with a comma in it, so that it is the same again when the two sides of the first comma change places."""
    if "," not in name:
        return name
    given, space, family = name.rpartition(" ")
    return f"{family}, {given}" if space and "," not in family else f", {name}"


def _plain(row: FeedRow, use: ColumnUse) -> str | date | bool | None:
    values: dict[ColumnUse, str | date | bool | None] = {
        ColumnUse.PAYROLL_NUMBER: row.payroll_number,
        ColumnUse.PERSON_NUMBER: row.person_number,
        ColumnUse.CALLED: row.called,
        ColumnUse.EMAIL: row.email,
        ColumnUse.WORK_MOBILE: row.work_mobile,
        ColumnUse.BORN_ON: row.born_on,
        ColumnUse.JOB_TITLE: row.job_title,
        ColumnUse.GRADE: row.grade,
        ColumnUse.KIND: row.kind.value if row.kind else None,
        ColumnUse.CONTRACT: row.contract,
        ColumnUse.SITE: row.site,
        ColumnUse.MANAGER: row.manager_payroll_number,
        ColumnUse.IS_MAIN: row.is_main,
        ColumnUse.STARTS_ON: row.starts_on,
        ColumnUse.ENDS_ON: row.ends_on,
        ColumnUse.AWAY_FROM: row.away_from,
        ColumnUse.AWAY_UNTIL: row.away_until,
        ColumnUse.AWAY_KIND: row.away_kind,
        ColumnUse.EFFECTIVE_ON: row.effective_on,
    }
    return values.get(use)


def _hours(hours: Decimal | None, use: ColumnUse, mapping: Mapping) -> str:
    if hours is None:
        return ""
    if use is ColumnUse.FULL_TIME_SHARE:
        hours = (hours / mapping.full_time_hours).quantize(_PLACES)
    text = f"{hours:f}".rstrip("0").rstrip(".") if "." in f"{hours:f}" else f"{hours:f}"
    return text.replace(".", ",") if mapping.has_decimal_comma else text
