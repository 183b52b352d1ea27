"""Of which day a change of each table is the first to speak, in SQL: what the database itself writes down as a mark.

Figures of a day that is over follow from these tables and from no others, which a test holds. A mark may say too much,
an earlier day or every authority, and never too little.
"""

# ruff: noqa: S608 - every word in these statements is ours
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

# What a mark says of a change that may matter on any day.
EVERY_DAY = "'0001-01-01'"
_NO_END = "'9999-12-31'"
ANY = "0"
# The advisory lock that everybody shares who changes what figures follow from, and that whoever closes days has alone.
LOCK = 0x434F4D50  # near those of migrations and of `prepare`

Row = str  # "NEW" or "OLD", as triggers call them
Verb = Literal["insert", "update", "delete"]


@dataclass(frozen=True)
class Mark:
    """In SQL, of which authority, course (``ANY``) and first day a change speaks; ``since`` may be a moment in UTC.
    ``source`` is where else that is looked up."""

    organisation: str
    course: str
    since: str
    source: str = ""
    is_moment: bool = False


@dataclass(frozen=True)
class Watched:
    """A table, and what is marked of a row. ``changed`` is what is marked of an update, where that is not both of its
    rows; ``columns`` are those whose update matters, all without; ``verbs`` what matters at all."""

    table: str
    marks: Callable[[Row], tuple[Mark, ...]]
    changed: tuple[Mark, ...] = ()
    columns: tuple[str, ...] = ()
    verbs: tuple[Verb, ...] = ("insert", "update", "delete")


def _job(row: Row) -> tuple[Mark, ...]:
    return (Mark(f"{row}.organisation_id", ANY, EVERY_DAY),)


def _of_job(row: Row, since: str) -> Mark:
    return Mark("job.organisation_id", ANY, since, f" FROM employment job WHERE job.id = {row}.employment_id")


def _terms(row: Row, since: str = "") -> tuple[Mark, ...]:
    since = since or f"{row}.starts_on"
    # Who manages somebody is among the figures of their own authority, which may be another one.
    manager = f" FROM employment job WHERE job.id = {row}.manager_id"
    return _of_job(row, since), Mark("job.organisation_id", ANY, since, manager)


_SAME_TERMS = " AND ".join(
    f"(OLD.{name} = NEW.{name} OR (OLD.{name} IS NULL AND NEW.{name} IS NULL))"
    for name in (
        "employment_id",
        "starts_on",
        "unit_id",
        "job_title",
        "grade",
        "kind",
        "hours_per_week",
        "contract",
        "manager_id",
        "is_main",
    )
)


def _earlier(one: str, other: str) -> str:
    return f"CASE WHEN {one} < {other} THEN {one} ELSE {other} END"


def _terms_changed() -> tuple[Mark, ...]:
    """Where their end alone is another one, up to the earlier of both ends nothing is."""
    ends = (f"COALESCE({row}.ends_on, {_NO_END})" for row in ("OLD", "NEW"))
    since = f"CASE WHEN {_SAME_TERMS} THEN {_earlier(*ends)} ELSE {_earlier('OLD.starts_on', 'NEW.starts_on')} END"
    return (*_terms("OLD", since), *_terms("NEW", since))


def _completion_event(row: Row) -> tuple[Mark, ...]:
    source = f" FROM completion done WHERE done.id = {row}.completion_id"
    return (Mark(ANY, "done.course_id", "done.completed_at", source, is_moment=True),)


def _exemption_end(row: Row) -> tuple[Mark, ...]:
    source = f" FROM exemption given WHERE given.id = {row}.exemption_id"
    return (Mark("given.organisation_id", "given.course_id", f"{row}.from_on", source),)


def _audience_version(row: Row) -> tuple[Mark, ...]:
    source = f" FROM audience WHERE audience.id = {row}.audience_id"
    return (Mark("audience.organisation_id", ANY, EVERY_DAY, source),)


def _programme_version(row: Row) -> tuple[Mark, ...]:
    source = f" FROM programme WHERE programme.id = {row}.programme_id"
    return (Mark(ANY, "programme.course_id", EVERY_DAY, source),)


def _programme_route(row: Row) -> tuple[Mark, ...]:
    source = (
        " FROM programme_version version JOIN programme ON programme.id = version.programme_id"
        f" WHERE version.id = {row}.programme_version_id"
    )
    return (Mark(ANY, "programme.course_id", EVERY_DAY, source),)


def _unit_period(row: Row) -> tuple[Mark, ...]:
    return (Mark("unit.organisation_id", ANY, EVERY_DAY, f" FROM unit WHERE unit.id = {row}.unit_id"),)


WATCHED = (
    # A new job is held on no day before it has terms, and those who are taken on are not in what is kept.
    Watched(
        "employment",
        _job,
        columns=("person_id", "organisation_id", "payroll_number", "starts_on"),
        verbs=("update", "delete"),
    ),
    Watched("employment_terms", _terms, _terms_changed()),
    Watched("employment_absence", lambda row: (_of_job(row, f"{row}.starts_on"),)),
    Watched("completion", lambda row: (Mark(ANY, f"{row}.course_id", f"{row}.completed_at", is_moment=True),)),
    Watched("completion_event", _completion_event),
    Watched("exemption", lambda row: (Mark(f"{row}.organisation_id", f"{row}.course_id", f"{row}.starts_on"),)),
    Watched("exemption_end", _exemption_end),
    # Since when a programme is asked for is asked of every authority.
    Watched("requirement", lambda row: (Mark(ANY, f"{row}.course_id", EVERY_DAY),)),
    Watched("audience", _job, columns=("organisation_id",), verbs=("update", "delete")),
    Watched("audience_version", _audience_version),
    Watched("programme", lambda row: (Mark(ANY, f"{row}.course_id", EVERY_DAY),)),
    Watched("programme_version", _programme_version),
    Watched("programme_route", _programme_route),
    Watched("earlier_training_rule", lambda row: (Mark(f"{row}.organisation_id", ANY, f"{row}.holds_from"),)),
    # A new unit has nobody in it until terms say so.
    Watched("unit", _job, columns=("organisation_id", "parent_id"), verbs=("update", "delete")),
    Watched("unit_period", _unit_period),
)


def watch_statements(dialect: str, tables: Collection[str] = ()) -> tuple[str, ...]:
    """The SQL that lets the database mark each change, of all tables or some; safe to run again."""
    make = _on_sqlite if dialect == "sqlite" else _on_postgresql
    return tuple(statement for one in _some(tables) for statement in make(one))


def unwatch_statements(dialect: str, tables: Collection[str] = ()) -> tuple[str, ...]:
    """The SQL that takes it back."""
    if dialect == "sqlite":
        names = (f"{one.table}_marks_{verb}" for one in _some(tables) for verb in one.verbs)
        return tuple(f"DROP TRIGGER IF EXISTS {name}" for name in names)
    return tuple(f"DROP FUNCTION IF EXISTS {one.table}_marks() CASCADE" for one in _some(tables))


def _some(tables: Collection[str]) -> Iterator[Watched]:
    return (one for one in WATCHED if not tables or one.table in tables)


def _marks(watched: Watched, verb: Verb) -> tuple[Mark, ...]:
    if verb == "update":
        return watched.changed or (*watched.marks("OLD"), *watched.marks("NEW"))
    return watched.marks("NEW" if verb == "insert" else "OLD")


def _event(watched: Watched, verb: Verb) -> str:
    columns = f" OF {', '.join(watched.columns)}" if verb == "update" and watched.columns else ""
    return f"{verb.upper()}{columns}"


def _on_sqlite(watched: Watched) -> Iterator[str]:
    for verb in watched.verbs:
        body = "".join(f"{_insert_on_sqlite(mark)}; " for mark in _marks(watched, verb))
        event = f"AFTER {_event(watched, verb)} ON {watched.table}"
        yield f"CREATE TRIGGER IF NOT EXISTS {watched.table}_marks_{verb} {event} BEGIN {body}END"


def _insert_on_sqlite(mark: Mark) -> str:
    # Days and moments are text there, which sorts as they follow each other.
    day = f"substr({mark.since}, 1, 10)" if mark.is_moment else mark.since
    return (
        "INSERT INTO change_of_past (organisation_id, course_id, since_on) "
        "SELECT of_organisation, of_course, of_day FROM "
        f"(SELECT {mark.organisation} AS of_organisation, {mark.course} AS of_course, {day} AS of_day{mark.source}) "
        "WHERE of_day <= (SELECT MAX(until_on) FROM closed_days)"
    )


def _on_postgresql(watched: Watched) -> Iterator[str]:
    body = "".join(
        f"IF TG_OP = '{verb.upper()}' THEN "
        f"{''.join(f'{_insert_on_postgresql(mark)}; ' for mark in _marks(watched, verb))}END IF; "
        for verb in watched.verbs
    )
    # It waits for nobody but whoever closes days, for a moment; what it reads afterwards, it reads afresh.
    yield (
        f"CREATE OR REPLACE FUNCTION {watched.table}_marks() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"DECLARE closed date; BEGIN PERFORM pg_advisory_xact_lock_shared({LOCK}); "
        f"SELECT MAX(until_on) INTO closed FROM closed_days; {body}RETURN NULL; END $$"
    )
    events = " OR ".join(_event(watched, verb) for verb in watched.verbs)
    yield (
        f"CREATE OR REPLACE TRIGGER {watched.table}_marks AFTER {events} ON {watched.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {watched.table}_marks()"
    )


def _insert_on_postgresql(mark: Mark) -> str:
    day = f"({mark.since} AT TIME ZONE 'UTC')" if mark.is_moment else mark.since
    return (
        "INSERT INTO change_of_past (organisation_id, course_id, since_on) "
        "SELECT of_organisation, of_course, of_day::date FROM "
        f"(SELECT {mark.organisation} AS of_organisation, {mark.course} AS of_course, {day} AS of_day{mark.source}) "
        "AS said WHERE of_day::date <= closed"
    )
