"""A small table and a mapping for it, of which each test changes one thing."""

from dataclasses import replace
from datetime import date
from io import BytesIO

from people.feed.mapping.mappings import Column, Empty, Mapping
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from people.feed.reading.opening import open_table
from people.feed.reading.tables import Table
from people.feed.rows import FeedRow, UnusableRow

ON = date(2026, 11, 27)
CELLS = {
    "Emp No": "001234",
    "Name": "Siân O’Brien",
    "Unit": "Adult Social Care / Home Care",
}
BASE = Mapping(
    columns=(
        Column("Emp No", ColumnUse.PAYROLL_NUMBER),
        Column("Name", ColumnUse.FULL_NAME),
        Column("Unit", ColumnUse.UNIT),
    )
)


def table_of(*rows: dict[str, str], headings: list[str] | None = None) -> Table:
    """A table of rows that give what is different from ``CELLS``."""
    every = [CELLS | row for row in rows]
    names = headings or list(dict.fromkeys(name for row in every for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in every)]
    quoted = ["\t".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    return open_table(BytesIO("\n".join(quoted).encode() + b"\n"))


def mapping_with(*columns: Column, **changes: object) -> Mapping:
    """The mapping with these columns instead of, or besides, its own."""
    named = {column.heading: column for column in (*BASE.columns, *columns)}
    return replace(BASE, columns=tuple(named.values()), **changes)  # type: ignore[arg-type]


def read_one(row: dict[str, str], *columns: Column, **changes: object) -> FeedRow | UnusableRow:
    """What one row says by such a mapping."""
    (read,) = read_rows(table_of(row), mapping_with(*columns, **changes), on=ON)
    return read


def row_of(use: ColumnUse, cell: str, *, empty: Empty = Empty.KEEP, **changes: object) -> FeedRow:
    """The row in which a column of this use holds this."""
    read = read_one({"X": cell}, Column("X", use, empty), **changes)
    assert isinstance(read, FeedRow), read
    return read


def fault_of(use: ColumnUse, cell: str, **changes: object) -> str:
    """What is wrong with such a cell, as one line."""
    read = read_one({"X": cell}, Column("X", use), **changes)
    assert isinstance(read, UnusableRow), read
    (problem,) = read.problems
    assert problem.column == "X"
    return f"{problem.stands}: {problem.problem} {problem.mend}"
