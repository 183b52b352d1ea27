"""What the numbers in rows stand for: courses, versions, authorities, units, people who did something."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, CourseVersion, current_versions
from people.actors import names_of_accounts
from people.organisations import Organisation, Unit
from privacy.held.rows import Values, table_named
from privacy.register.entries import Holding

NAMED = ("course", "course_version", "organisation", "unit", "account")
# Rows of the same person to which others belong, and by which of their columns somebody knows them.
PARENTS = {
    "attempt": "course_id",
    "completion": "course_id",
    "exemption": "course_id",
    "quiz_sitting": "attempt_id",
    "employment": "organisation_id",
    "certificate": "course_title",
    "plan": "situation",
}
Names = Mapping[tuple[str, int], str]


def target_of(table: Table, column: str) -> str | None:
    """The table to whose rows a column points, if it does."""
    return next((key.column.table.name for key in table.c[column].foreign_keys), None)


def names_in(session: Session, found: Sequence[tuple[Holding, Sequence[Values]]]) -> Names:
    """The names of everything that these rows point to. A fixed number of statements for any number of rows."""
    wanted: dict[str, set[int]] = {kind: set() for kind in (*NAMED, *PARENTS)}
    for holding, rows in found:
        table = table_named(holding.table)
        for column in table.columns:
            kind = target_of(table, column.name)
            if column.name in holding.acted:
                kind = "account"
            if kind is not None and (kind in NAMED or (column.name == holding.whose and kind in PARENTS)):
                wanted[kind] |= {row[column.name] for row in rows if row[column.name] is not None}
    parents = _parents(session, wanted)
    named = _named(session, wanted)
    for kind in PARENTS:
        target = target_of(table_named(kind), PARENTS[kind])
        for key, value in parents[kind].items():
            words = value if target is None else named.get((target, value), "")
            named |= {(kind, key): words} if words else {}
    return named


def _parents(session: Session, wanted: dict[str, set[int]]) -> dict[str, dict[int, Any]]:
    """By what each row is known to which others belong; what that points to is ``wanted`` from then on."""
    found: dict[str, dict[int, Any]] = {}
    for kind in ("quiz_sitting", *(one for one in PARENTS if one != "quiz_sitting")):
        table, column = table_named(kind), PARENTS[kind]
        found[kind] = _read(session, table.c.id, table.c[column], wanted[kind])
        if (target := target_of(table, column)) is not None:
            wanted[target] |= set(found[kind].values())
    return found


def _named(session: Session, wanted: Mapping[str, set[int]]) -> dict[tuple[str, int], str]:
    return {
        **_keyed("account", names_of_accounts(session, account_ids=wanted["account"])),
        **_keyed("organisation", _read(session, Organisation.id, Organisation.name, wanted["organisation"])),
        **_keyed("unit", _read(session, Unit.id, Unit.path, wanted["unit"])),
        **_keyed("course", _titles(session, wanted["course"])),
        **_keyed("course_version", _versions(session, wanted["course_version"])),
    }


def _keyed(kind: str, names: Mapping[int, str]) -> dict[tuple[str, int], str]:
    return {(kind, key): words for key, words in names.items()}


def _read(session: Session, key: Any, words: Any, ids: Iterable[int]) -> dict[int, str]:
    wanted = tuple(ids)
    return dict(session.execute(select(key, words).where(key.in_(wanted))).all()) if wanted else {}


def _titles(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    titles = _read(session, Course.id, Course.code, ids)
    return titles | {course.id: version.title for course, version in current_versions(session) if course.id in ids}


def _versions(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = session.execute(
        select(CourseVersion.id, CourseVersion.title, CourseVersion.number).where(CourseVersion.id.in_(ids))
    )
    return {key: f"{title}, version {number}" for key, title, number in rows}
