"""The bytes of a list in the shape that an HR system gives it.

A real system puts no apostrophe before what a spreadsheet would take for a day, so these files have none either: they
are for reading here.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from demo.feeds.shapes import WORKBOOK, Shape
from kernel.spreadsheets import Cell, workbook
from people.feed.mapping.uses import LEVELS, ColumnUse
from people.feed.rows import FeedRow

Line = Sequence[Cell]
_NO_SUCH_DAY = {"%d/%m/%Y": "31/02/2026", "%m/%d/%Y": "02/31/2026"}


def lines_of(shape: Shape, rows: Iterable[FeedRow], *, slip: str | None) -> list[Line]:
    """The headings and every row. The one with the payroll number ``slip`` begins on a day that there is not."""
    uses = list(shape.headings.values())
    lines: list[Line] = [list(shape.headings)]
    for row in rows:
        cells = _cells(row, shape)
        if row.payroll_number == slip:
            cells[ColumnUse.STARTS_ON] = _NO_SUCH_DAY[shape.days]
        lines.append([cells[use] for use in uses])
    return lines


def file_bytes(shape: Shape, lines: Iterable[Line], *, now: datetime) -> bytes:
    """A whole file."""
    if shape.ending == WORKBOOK:
        above: list[Line] = [("Establishment list",), (f"Run on {now:%d/%m/%Y} by HR reporting",)]
        return workbook([*above, *lines], title="Establishment list", made_at=now)
    text = "".join(shape.delimiter.join(_written(cell, shape) for cell in line) + "\r\n" for line in lines)
    return text.encode(shape.encoding)


def fits(shape: Shape, row: FeedRow) -> bool:
    """Whether the letters of this system can write the name of a row."""
    try:
        row.full_name.encode(shape.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _cells(row: FeedRow, shape: Shape) -> dict[ColumnUse, Cell]:
    given, _, family = row.full_name.rpartition(" ")
    levels = {level: row.unit[at] if at < len(row.unit) else "" for at, level in enumerate(LEVELS)}
    return {
        ColumnUse.UNUSED: f"{sum(map(ord, row.unit[0])) % 9000 + 1000}-{len(row.unit[-1]):02}",
        ColumnUse.PAYROLL_NUMBER: row.payroll_number,
        ColumnUse.FULL_NAME: f"{family}, {given}" if shape.is_family_name_first and given else row.full_name,
        ColumnUse.GIVEN_NAME: given,
        ColumnUse.FAMILY_NAME: family,
        ColumnUse.EMAIL: row.email,
        ColumnUse.UNIT: shape.unit_separator.join(row.unit),
        **levels,
        ColumnUse.JOB_TITLE: row.job_title,
        ColumnUse.GRADE: row.grade,
        ColumnUse.KIND: shape.words[row.kind] if row.kind else "",
        ColumnUse.IS_MAIN: shape.yes_no[0 if row.is_main else 1],
        ColumnUse.STARTS_ON: row.starts_on,
        ColumnUse.ENDS_ON: row.ends_on,
        ColumnUse.AWAY_FROM: row.away_from,
        ColumnUse.AWAY_UNTIL: row.away_until,
    }


def _written(cell: Cell, shape: Shape) -> str:
    text = cell.strftime(shape.days) if isinstance(cell, date) else "" if cell is None else str(cell)
    if shape.quotes_all or shape.delimiter in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text
