"""What a migration takes from code that was written before it, and that reads and writes beside it for a while."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, inspect, text


@dataclass(frozen=True)
class Column:
    """What code that knows a column leans on."""

    kind: str
    may_be_empty: bool
    fills_itself: bool


@dataclass(frozen=True)
class Rule:
    """A constraint: the columns that it is about, and what it says about them.

    Where it ``passes_gaps``, a row in which one of its columns is empty is always allowed.
    """

    columns: frozenset[str]
    words: str
    passes_gaps: bool = True


@dataclass(frozen=True)
class Table:
    """One table; its rules by their names. Rows of a protected one are never changed."""

    columns: dict[str, Column]
    rules: dict[str, Rule]
    is_protected: bool


@dataclass(frozen=True)
class Loss:
    """Something that older code has no more. ``thing`` is a table, ``table.column`` or the name of a rule."""

    thing: str
    words: str

    def __str__(self) -> str:
        return f"{self.thing} {self.words}"


def tables_of(engine: Engine) -> dict[str, Table]:
    """The tables of a database, as its code knows them."""
    with engine.connect() as connection:
        inspector, protected = inspect(connection), _protected(connection)
        names = set(inspector.get_table_names()) - {"alembic_version"}
        return {name: _table(inspector, name, is_protected=name in protected) for name in names}


def _protected(connection: Connection) -> set[str]:
    """The tables with a trigger that refuses: they only grow."""
    if connection.dialect.name == "sqlite":
        refusing = (
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%\\_no\\_update' ESCAPE '\\'"
        )
    else:
        refusing = (
            "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE '%\\_append\\_only'"
        )
    return set(connection.scalars(text(refusing)))


def _table(inspector: Inspector, name: str, *, is_protected: bool) -> Table:
    columns = {
        found["name"]: Column(
            found["type"].compile(inspector.dialect), found["nullable"], found.get("default") is not None
        )
        for found in inspector.get_columns(name)
    }
    return Table(columns, dict(_rules(inspector, name, set(columns))), is_protected)


def _rules(inspector: Inspector, table: str, columns: set[str]) -> Iterator[tuple[str, Rule]]:
    key = inspector.get_pk_constraint(table)["constrained_columns"]
    yield f"pk_{table}", Rule(frozenset(key), str(key))
    for unique in inspector.get_unique_constraints(table):
        yield str(unique["name"]), Rule(frozenset(unique["column_names"]), str(unique["column_names"]))
    for index in inspector.get_indexes(table):
        if index["unique"]:
            where = index.get("dialect_options", {}).get(f"{inspector.dialect.name}_where", "")
            names = [str(name) for name in index["column_names"]]
            yield str(index["name"]), Rule(frozenset(names), f"{names} {where}")
    for foreign in inspector.get_foreign_keys(table):
        names, target = foreign["constrained_columns"], foreign["referred_table"]
        # Those of the first migration have no names; on SQLite they get none either.
        yield f"fk_{table}_{'_'.join(names)}_{target}", Rule(frozenset(names), str(foreign["options"]))
    for check in inspector.get_check_constraints(table):
        about = columns.intersection(re.findall(r"\w+", check["sqltext"]))
        yield str(check["name"]), Rule(frozenset(about), check["sqltext"], passes_gaps=False)


def losses(before: dict[str, Table], after: dict[str, Table]) -> list[Loss]:
    """What code that knows the tables of ``before`` cannot do any more, or must do and does not know, by table."""
    found: list[Loss] = []
    for name, old in sorted(before.items()):
        if (new := after.get(name)) is None:
            found.append(Loss(name, "is gone"))
            continue
        if new.is_protected and not old.is_protected:
            found.append(Loss(name, "may not be changed any more"))
        found += _lost_columns(name, old.columns, new.columns)
        found += _lost_rules(name, old, new)
    return found


def _lost_columns(table: str, before: dict[str, Column], after: dict[str, Column]) -> Iterator[Loss]:
    for name, old in before.items():
        thing, new = f"{table}.{name}", after.get(name)
        if new is None:
            yield Loss(thing, "is gone")
            continue
        if new.kind != old.kind:
            yield Loss(thing, f"was {old.kind} and is {new.kind}")
        if old.may_be_empty and not new.may_be_empty:
            yield Loss(thing, "may not be empty any more")
        if old.fills_itself and not new.fills_itself:
            yield Loss(thing, "does not fill itself any more")
    for name in after.keys() - before.keys():
        if not (after[name].may_be_empty or after[name].fills_itself):
            yield Loss(f"{table}.{name}", "is new, and nothing fills it")


def _lost_rules(table: str, before: Table, after: Table) -> Iterator[Loss]:
    for name, old in before.rules.items():
        if name not in after.rules:
            yield Loss(name, f"of {table} is gone")
        elif after.rules[name].words != old.words:
            yield Loss(name, f"of {table} says something else")
    for name in after.rules.keys() - before.rules.keys():
        rule = after.rules[name]
        has_gap = any(
            column not in before.columns and not after.columns[column].fills_itself for column in rule.columns
        )
        if rule.columns & before.columns.keys() and not (rule.passes_gaps and has_gap):
            yield Loss(name, f"of {table} is new for columns that older code fills")


def unexplained(found: Iterable[Loss], migration: Script, scripts: ScriptDirectory) -> list[str]:
    """The losses that the migration's docstring does not explain.

    It explains one by a line that begins with the thing and names an earlier revision:
    ``message.subject: nothing uses it since 0007``.
    """
    earlier = {one.revision for one in scripts.iterate_revisions(migration.down_revision, "base")}
    lines = re.findall(r"^([\w.]+): .*\bsince (\w+)", migration.module.__doc__ or "", flags=re.MULTILINE)
    explained = {thing for thing, revision in lines if revision in earlier}
    return [f"{migration.revision}: {loss}" for loss in found if loss.thing not in explained]
