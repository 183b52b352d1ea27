"""Alembic's environment: runs the migrations on the application's own engine, beside a service that goes on.

Each migration is kept whole or not at all, on SQLite too. One process at a time migrates; another one waits for it and
then finds nothing left to do. On PostgreSQL whoever waits for a table holds up everybody who comes after, so a
migration gives up soon and is run again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.platform.current_settings import current_settings
from app.platform.extensions import SQLITE_BEGIN, db
from kernel.database import UTCDateTime

# Every stored class must be imported for --autogenerate to see it: the application imports them all.
log = logging.getLogger("alembic.env")

_MIGRATION_LOCK = 0x434F4D4E  # next to that of `prepare`, which holds its own meanwhile
_TABLE_IN_USE = {"55P03", "40P01"}  # lock_timeout, and a deadlock
_TOO_SLOW = "57014"  # statement_timeout


def _only_changes(_context: object, _revision: object, directives: list) -> None:
    """Write no empty migration."""
    options = context.config.cmd_opts
    if options is not None and getattr(options, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        log.info("The models have not changed")


def _render(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations must not depend on our own types, which may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


@contextmanager
def _own_connection() -> Iterator[Connection]:
    """A connection that is closed afterwards: nobody else may get what is set on it here."""
    # On SQLite the turn of one who migrates begins before they read where the tables are.
    with db.engine.execution_options(**{SQLITE_BEGIN: "IMMEDIATE"}).connect() as connection:
        connection.detach()
        if connection.dialect.name == "postgresql":
            _take_turn(connection)
        else:
            # Batch mode makes a table anew and drops the old one, which would take or refuse the rows that point to
            # it. Inside a transaction SQLite ignores this setting, so it goes past SQLAlchemy, which would begin one.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        yield connection


def _take_turn(connection: Connection) -> None:
    number = {"number": _MIGRATION_LOCK}
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
        context.config.print_stdout("Another process is changing the tables. Waiting for it.")
        connection.execute(text("SELECT pg_advisory_lock(:number)"), number)
    settings = current_settings()
    for name, seconds in (
        ("lock_timeout", settings.migration_lock_seconds),
        ("statement_timeout", settings.migration_statement_seconds),
    ):
        connection.execute(
            text("SELECT set_config(:name, :value, false)"), {"name": name, "value": f"{round(seconds * 1000)}ms"}
        )
    connection.commit()


def _check_references(**_: object) -> None:
    """After each migration, within its transaction: what SQLite did not check meanwhile holds."""
    connection = context.get_bind()
    if connection.dialect.name != "sqlite":
        return
    broken = sorted({str(row[0]) for row in connection.execute(text("PRAGMA foreign_key_check"))})
    if broken:
        raise CommandError(f"Rows of {', '.join(broken)} would point to rows that are not there. Nothing was changed.")


def _refusal(problem: OperationalError) -> str | None:
    """Why a migration gave up, in a sentence; ``None`` where it did not give up but failed."""
    code, settings = getattr(problem.orig, "sqlstate", None), current_settings()
    if code in _TABLE_IN_USE:
        return (
            f"A table was in use for more than {settings.migration_lock_seconds:g} seconds"
            " (COMMON_GROUND_MIGRATION_LOCK_SECONDS)."
        )
    if code == _TOO_SLOW:
        return (
            f"A step took more than {settings.migration_statement_seconds:g} seconds"
            " (COMMON_GROUND_MIGRATION_STATEMENT_SECONDS)."
        )
    if getattr(problem.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return "The database was busy for more than 10 seconds."
    return None


def run() -> None:
    """Run the migrations. Raises ``CommandError`` with a sentence when one has to be run again."""
    arguments = current_app.extensions["migrate"].configure_args
    arguments.setdefault("process_revision_directives", _only_changes)
    arguments.setdefault("render_item", _render)
    with _own_connection() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            # On PostgreSQL each gives its locks back before the next begins.
            transaction_per_migration=connection.dialect.name == "postgresql",
            transactional_ddl=True,
            on_version_apply=_check_references,
            **arguments,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        except OperationalError as problem:
            refusal = _refusal(problem)
            if refusal is None:
                raise
            at = ", ".join(context.get_context().get_current_heads()) or "the beginning"
            raise CommandError(
                f"{refusal} The tables are at {at}, whole, and the site goes on. "
                "Run the command again; docs/running.md says what else helps."
            ) from problem


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database, not to a file: leave out --sql")
run()
