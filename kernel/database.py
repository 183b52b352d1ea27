"""The declarative base, and column types that store what their names promise."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Table,
    bindparam,
    func,
    select,
)
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

# Named constraints: a migration can drop them, and an IntegrityError can be told from another.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every stored class; Flask-SQLAlchemy and Alembic share its metadata."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def table_of(kind: type[Base]) -> Table:
    """The table of a stored class: statements on it go past the ORM, which costs several times what they do."""
    return cast(Table, kind.__table__)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC and given back aware; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_by_value(kind: type[StrEnum]) -> Enum:
    """A column that stores an enum's value (``in-progress``), not its Python name, as plain text."""
    return Enum(
        kind,
        native_enum=False,
        length=40,
        create_constraint=False,
        values_callable=lambda items: [str(item.value) for item in items],
    )


JsonObject = dict[str, Any]


def among(session: Session, column: InstrumentedAttribute[int], ids: Collection[int]) -> ColumnElement[bool]:
    """The condition that a column has one of these ids, which go as one value: a statement as short as with none.

    ``in_`` makes a parameter of each, of which PostgreSQL takes 65,535 and SQLite fewer.
    """
    values = sorted(ids)
    if session.get_bind().dialect.name == "postgresql":
        array = bindparam("ids", values, type_=ARRAY(Integer), unique=True)
        return column.in_(select(func.unnest(cast_in_sql(array, ARRAY(Integer)))))
    found = func.json_each(bindparam("ids", json.dumps(values), unique=True)).table_valued("value")
    return column.in_(select(found.c.value))
