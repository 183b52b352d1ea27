"""Tables whose rows are never changed or removed, held by the database itself and not by good manners."""

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

REFUSAL = "is append-only"


def _statements(table: str, kept: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """``kept`` are the columns that never change, where they are not all of them."""
    of = f" OF {', '.join(kept)}" if kept else ""
    return {
        "sqlite": tuple(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()}{of if verb == 'update' else ''} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSAL}'); END"
            for verb in ("update", "delete")
        ),
        "postgresql": (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} {REFUSAL}'; END $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE{of} OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        ),
    }


def protection_statements(table: str, dialect: str, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The SQL that makes ``table`` append-only on ``dialect`` (``sqlite`` or ``postgresql``); used by migrations.

    With ``kept``, only these columns never change.
    """
    return _statements(table, kept)[dialect]


def keep_append_only(table: Table, *, but: str | None = None) -> None:
    """Protect ``table`` whenever its metadata creates it. The column ``but`` may change: it says whose a row is, and
    two records of one person are merged."""
    kept = () if but is None else tuple(column.name for column in table.columns if column.name != but)
    for dialect, statements in _statements(table.name, kept).items():
        for statement in statements:
            # DDL() treats % as a format sign; none of these statements holds one.
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
