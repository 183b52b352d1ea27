"""Days as the database works them out: the same as ``local_day`` and as a calendar, on PostgreSQL and SQLite alike."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, SQLColumnExpression
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# Summer time begins and ends at one o'clock UTC on the last Sunday of these months: the first on or after the 25th.
_SUMMER = "date(strftime('%Y', {at}) || '-{month}-25', 'weekday 0') || ' 01:00:00'"


class _LocalDay(FunctionElement[date]):
    inherit_cache = True
    type = Date()


class _DayBefore(FunctionElement[date]):
    inherit_cache = True
    type = Date()


def local_day_of(moment: SQLColumnExpression[Any]) -> ColumnElement[date]:
    """The calendar day in the city region at a stored moment."""
    return _LocalDay(moment)


def day_before(day: SQLColumnExpression[Any]) -> ColumnElement[date]:
    """The day before a stored day."""
    return _DayBefore(day)


@compiles(_LocalDay, "postgresql")
def _local_day_postgresql(element: _LocalDay, compiler: Any, **kw: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **kw)}) AT TIME ZONE 'Europe/London' AS DATE)"


@compiles(_LocalDay, "sqlite")
def _local_day_sqlite(element: _LocalDay, compiler: Any, **kw: Any) -> str:
    # Whole seconds: SQLite rounds a moment in the last millisecond of a day up to the next one.
    at = f"substr({compiler.process(element.clauses, **kw)}, 1, 19)"
    begins, ends = (_SUMMER.format(at=at, month=month) for month in ("03", "10"))
    return f"date({at}, CASE WHEN {at} >= {begins} AND {at} < {ends} THEN '+1 hour' ELSE '+0 hours' END)"


@compiles(_DayBefore, "postgresql")
def _day_before_postgresql(element: _DayBefore, compiler: Any, **kw: Any) -> str:
    return f"(({compiler.process(element.clauses, **kw)}) - 1)"


@compiles(_DayBefore, "sqlite")
def _day_before_sqlite(element: _DayBefore, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '-1 day')"
