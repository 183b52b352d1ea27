"""A person of whom every table holds something, filled by the columns of each, so that no table is forgotten."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    insert,
    select,
    true,
)
from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate
from courses.records.completion import Completion
from kernel.database import Base
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Organisation, Unit
from privacy.held.rows import is_of
from privacy.register.whole import REGISTER
from tests.builders.certificates import issued_to, make_file
from tests.builders.region import NOON, TODAY, a_course

# What somebody writes.
WORDS = {"text", "situation", "action", "obstacle", "reason", "label", "words", "called", "pronunciation"}
# What rows of people point to, and is about nobody.
NEEDED = {"act_for_many", "course_correction", "feed_run", "history_run", "way_in_batch", "way_in_round"}
# What the rules of a table ask for.
RULES: dict[str, dict[str, Any]] = {
    "certificate_derived_file": {"kind": "large-print"},
    "rating": {"value": "did"},
    "role_grant": {"role": "author"},
}


def everything_about(session: Session, account: Account, *, words: str) -> None:
    """One row of each table about the person of this account; their own words are ``words``."""
    course = a_course(session)
    if session.scalar(select(Completion.id).where(Completion.person_id == account.person_id)) is None:
        make_file(issued_to(session, account.person_id, course))
    session.flush()
    made = {
        "person": account.person_id,
        "account": account.id,
        "course": course.course_id,
        "course_version": course.version_id,
        "organisation": session.scalar(select(Organisation.id)),
        "unit": session.scalar(select(Unit.id)),
        "completion": session.scalar(select(Completion.id).where(Completion.person_id == account.person_id)),
        "certificate": session.scalar(select(Certificate.id).where(Certificate.person_id == account.person_id)),
    }
    for table in Base.metadata.sorted_tables:
        holding = REGISTER[table.name]
        if not holding.is_about_people and table.name not in NEEDED:
            continue
        first = next(iter(table.primary_key.columns))
        theirs = is_of(holding, account.person_id) if holding.is_about_people else true()
        found = session.scalar(select(first).where(theirs).order_by(first).limit(1))
        if found is None:
            found = _add(session, table, made, account, words)
        made[table.name] = found
    session.flush()


def _add(session: Session, table: Table, made: dict[str, Any], account: Account, words: str) -> Any:
    holding = REGISTER[table.name]
    values: dict[str, Any] = {}
    for column in table.columns:
        if (
            column.primary_key
            and column.autoincrement is not False
            and not column.foreign_keys
            and len(table.primary_key.columns) == 1
        ):
            continue
        if column.name in RULES.get(table.name, {}):
            values[column.name] = RULES[table.name][column.name]
        elif column.name in holding.acted:
            values[column.name] = account.id
        elif column.foreign_keys:
            [key] = column.foreign_keys
            if column.name == holding.whose or not column.nullable:
                values[column.name] = made[key.column.table.name]
        elif column.name in WORDS and not isinstance(column.type, Enum):
            values[column.name] = words
        elif not column.nullable:
            values[column.name] = _value(column, table.name, account.id)
    row = session.execute(insert(table).values(values).returning(next(iter(table.primary_key.columns))))
    return row.scalar_one()


def _value(column: Column[Any], table: str, number: int) -> Any:
    kind, unique = column.type, f"{table} {number}"
    if isinstance(kind, Enum):
        return kind.enums[0] if kind.enum_class is None else next(iter(kind.enum_class))
    if column.name == "state":
        return TaskState.PENDING
    match getattr(kind, "impl", kind):
        case Boolean():
            return False
        case Integer() | Numeric() | Float():
            return number
        case DateTime():
            return NOON
        case Date():
            return TODAY
        case JSON():
            return {}
        case LargeBinary():
            return unique.encode()
        case _:
            return unique[: getattr(kind, "length", None) or 80]
