"""The rows of a person, wherever they are: found by their foreign keys, moved, and moved back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, Table, UniqueConstraint, exists, false, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.util import ClauseAdapter

from kernel.database import Base, JsonObject, table_of
from people.merging.records import PersonMerge
from people.names.person_words import PersonWord
from people.persons import Person

# What says who a person is, and not what is theirs: words are made from the name, merges are about both.
NOT_MOVED = frozenset({PersonWord.__tablename__, PersonMerge.__tablename__})


@dataclass(frozen=True)
class Rule:
    """Columns that no two rows share; where ``holds_for`` says so, among the rows for which that is true."""

    columns: tuple[Column[Any], ...]
    holds_for: ColumnElement[bool] | None = None

    def hold_for_both(self, other: FromClause) -> Iterator[ColumnElement[bool]]:
        """The conditions on two rows, the other one of ``other``, to be among those that it is about."""
        if self.holds_for is not None:
            yield self.holds_for
            yield ClauseAdapter(other).traverse(self.holds_for)


@dataclass(frozen=True)
class Kind:
    """A table with a column that says whose a row is, and the unique rules in which that column has a part."""

    table: Table
    person: Column[int]
    rules: tuple["Rule", ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def key(self) -> Column[int]:
        """What a row is known by: its id, or the person where there is one row for each."""
        return self.table.c.id if "id" in self.table.c else self.person

    def stays(self, kept_person_id: int) -> ColumnElement[bool]:
        """The condition on a row that the kept person has one in its place, so that it cannot go there."""
        other = self.table.alias()
        same = [
            exists().where(
                other.c[self.person.name] == kept_person_id,
                *(other.c[column.name] == column for column in rule.columns if column is not self.person),
                *rule.hold_for_both(other),
            )
            for rule in self.rules
        ]
        return or_(false(), *same)


def kinds() -> Iterator[Kind]:
    """Every table whose rows belong to a person, in the order of their names."""
    target = table_of(Person).c.id
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        for column in table.c:
            if table.name not in NOT_MOVED and column.references(target):
                yield Kind(table, column, tuple(_rules(table, column)))


def _rules(table: Table, person: Column[int]) -> Iterator[Rule]:
    rules = [Rule(tuple(one.columns)) for one in table.constraints if isinstance(one, UniqueConstraint)]
    rules += [Rule(tuple(one.columns), one.dialect_kwargs["sqlite_where"]) for one in table.indexes if one.unique]
    rules.append(Rule(tuple(table.primary_key.columns)))
    yield from (rule for rule in rules if person in rule.columns)


@dataclass(frozen=True)
class Counted:
    """How many rows of a table go to the kept person, and how many stay because that one has their like."""

    name: str
    moving: int
    staying: int


def count_rows(session: Session, *, merged_person_id: int, kept_person_id: int) -> tuple[Counted, ...]:
    """What a merge would move, by table; tables without a row of this person are left out."""
    found = []
    for kind in kinds():
        moving, staying = _keys(session, kind, merged_person_id, kept_person_id)
        if moving or staying:
            found.append(Counted(kind.name, len(moving), len(staying)))
    return tuple(found)


def move_rows(session: Session, *, merged_person_id: int, kept_person_id: int) -> JsonObject:
    """Give the rows of one person to another; returns the keys of what moved, by table."""
    session.flush()
    moved: JsonObject = {}
    for kind in kinds():
        keys, _ = _keys(session, kind, merged_person_id, kept_person_id)
        if keys:
            _give(session, kind, keys, merged_person_id, kept_person_id)
            moved[kind.name] = keys
    session.expire_all()
    return moved


def move_back(session: Session, *, moved: JsonObject, merged_person_id: int, kept_person_id: int) -> None:
    """Give back what moved. What the kept person did since stays theirs."""
    session.flush()
    for kind in kinds():
        keys = [kept_person_id] if kind.key is kind.person and kind.name in moved else moved.get(kind.name, [])
        if keys:
            _give(session, kind, keys, kept_person_id, merged_person_id)
    session.expire_all()


def _keys(session: Session, kind: Kind, merged_person_id: int, kept_person_id: int) -> tuple[list[int], list[int]]:
    stays = kind.stays(kept_person_id)
    rows = session.execute(select(kind.key, stays).where(kind.person == merged_person_id).order_by(kind.key)).all()
    return [key for key, is_staying in rows if not is_staying], [key for key, is_staying in rows if is_staying]


def _give(session: Session, kind: Kind, keys: Sequence[int], giver: int, taker: int) -> None:
    # Nothing but the owner is set: the rows of some tables never change otherwise, and the database holds them to it.
    statement = update(kind.table).where(kind.person == giver, kind.key.in_(keys)).values({kind.person.name: taker})
    session.execute(statement)
