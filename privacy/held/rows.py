"""The rows that are about a person, table by table, as the register leads to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session

from kernel.database import Base
from privacy.register.entries import Holding, Section
from privacy.register.whole import REGISTER

KEPT_BACK = "(shown to nobody: it opens something)"
Values = Mapping[str, Any]


def table_named(name: str) -> Table:
    """A table of the database, by its name."""
    return Base.metadata.tables[name]


def columns_of_all() -> dict[str, tuple[str, ...]]:
    """The columns of every table, in their order."""
    return {name: tuple(column.name for column in table.columns) for name, table in Base.metadata.tables.items()}


def is_of(holding: Holding, person_id: int) -> ColumnElement[bool]:
    """The condition that a row of a table is about a person: along the columns that lead there."""
    table = table_named(holding.table)
    column = table.c[holding.whose or ""]
    if table.name == "person" or _target(table, column.name).name == "person":
        return column == person_id
    there = REGISTER[_target(table, column.name).name]
    return column.in_(select(table_named(there.table).c.id).where(is_of(there, person_id)))


def owners_of(holding: Holding, row_ids: Select[Any] | None = None) -> Select[Any]:
    """The ids of the people whom rows of a table are about, of all rows or of these."""
    table = table_named(holding.table)
    column = table.c[holding.whose or ""]
    found = select(column) if row_ids is None else select(column).where(table.c.id.in_(row_ids))
    if table.name == "person" or (target := _target(table, column.name)).name == "person":
        return found
    return owners_of(REGISTER[target.name], found)


def _target(table: Table, column: str) -> Table:
    [key] = table.c[column].foreign_keys
    return key.column.table


def holdings_of(section: Section) -> tuple[Holding, ...]:
    """What stands under a heading, in the order of the register."""
    return tuple(one for one in REGISTER.values() if one.section is section)


def count_rows(session: Session, holdings: Sequence[Holding], *, person_id: int) -> dict[str, int]:
    """How many rows each of these tables holds of a person, in one statement."""
    counts = [
        select(func.count()).select_from(table_named(one.table)).where(is_of(one, person_id)).scalar_subquery()
        for one in holdings
    ]
    found = session.execute(select(*(count.label(f"n{place}") for place, count in enumerate(counts)))).one()
    return {one.table: int(count) for one, count in zip(holdings, found, strict=True)}


def newest_rows(session: Session, holding: Holding, *, person_id: int, most: int) -> Sequence[Values]:
    """The newest rows of a table about a person, as they are stored, without what is shown to nobody."""
    query = _rows(holding, person_id, is_newest_first=True).limit(most)
    return [_shown(holding, dict(row)) for row in session.execute(query).mappings()]


def stream_rows(session: Session, holding: Holding, *, person_id: int) -> Iterator[Values]:
    """All rows of a table about a person, the oldest first, in portions."""
    rows = session.execute(_rows(holding, person_id), execution_options={"yield_per": 500}).mappings()
    for row in rows:
        yield _shown(holding, dict(row))


def stream_acts(session: Session, holding: Holding, column: str, *, account_id: int) -> Iterator[Values]:
    """What somebody did at work, of a table that names them: which row, and its moments. The rest is of others."""
    table = table_named(holding.table)
    shown = [*table.primary_key.columns, *(one for one in table.columns if one.name.endswith(("_at", "_on")))]
    query = select(*shown).where(table.c[column] == account_id).order_by(*table.primary_key.columns)
    for row in session.execute(query, execution_options={"yield_per": 500}).mappings():
        yield dict(row)


def _rows(holding: Holding, person_id: int, *, is_newest_first: bool = False) -> Select[Any]:
    table = table_named(holding.table)
    keys = table.primary_key.columns
    order = [key.desc() for key in keys] if is_newest_first else list(keys)
    return select(*table.columns).where(is_of(holding, person_id)).order_by(*order)


def _shown(holding: Holding, row: Values) -> Values:
    return {key: KEPT_BACK if key in holding.secret and value else value for key, value in row.items()}
