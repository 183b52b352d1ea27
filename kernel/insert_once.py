"""Storing a row once: whoever comes second finds it there, and the unique constraint decides who that is."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from kernel.database import Base, table_of


def insert_once(
    session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]], *, unique: tuple[str, ...]
) -> list[int]:
    """Store rows, but none whose ``unique`` columns are taken; returns the ids of those stored now, in no order.

    A second transaction that would take the same waits until the first has ended, as for every unique constraint. It
    is one statement, where a savepoint to fall back to would be two more. Every other constraint raises as usual.
    """
    if not rows:
        return []
    statement = _statement(kind, unique, session.get_bind().dialect.name)
    return list(session.scalars(statement, rows if len(rows) > 1 else rows[0]))


@cache
def _statement(kind: type[Base], unique: tuple[str, ...], dialect: str) -> ReturningInsert[tuple[int]]:
    table = table_of(kind)
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_nothing(index_elements=unique).returning(table.c.id)
