"""Tables whose rows are never changed or removed, held by the database itself and not by good manners."""

from sqlalchemy import DDL, Table, event

REFUSAL = "is append-only"


def _statements(table: str) -> dict[str, tuple[str, ...]]:
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
            for verb in ("update", "delete")
        ),
        "postgresql": (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} {REFUSAL}'; END $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        ),
    }


def protection_statements(table: str, dialect: str) -> tuple[str, ...]:
    """The SQL that makes ``table`` append-only on ``dialect`` (``sqlite`` or ``postgresql``); used by migrations."""
    return _statements(table)[dialect]


def keep_append_only(table: Table) -> None:
    """Protect ``table`` whenever its metadata creates it."""
    for dialect, statements in _statements(table.name).items():
        for statement in statements:
            # DDL() treats % as a format sign; none of these statements holds one.
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
