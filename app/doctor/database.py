"""The database: does it answer, is it the right kind, has it this version's tables, is its clock right?"""

from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.platform.demo_guard import REFUSAL
from app.platform.schema import current_revisions, newest_revisions
from config import Environment
from demo.flag import has_demo

OLDEST_POSTGRESQL = 14
_CLOCKS_MAY_DIFFER = timedelta(seconds=5)


def check_database(engine: Engine) -> Check:
    """The database answers."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        return problem(
            "database",
            f"It does not answer: {reason[0].rstrip('.') if reason else type(error).__name__}. "
            "Check COMMON_GROUND_DATABASE_URL, and that the server runs and lets this machine in.",
        )
    return ok("database", f"{engine.url.render_as_string(hide_password=True)} answers.")


def check_kind(engine: Engine, *, env: Environment) -> Check:
    """PostgreSQL of a supported age, in UTF-8; SQLite is for the demo."""
    name = "database kind"
    if engine.dialect.name == "sqlite":
        if env is Environment.PRODUCTION:
            return problem(name, "SQLite is for the demo. Use PostgreSQL in production.")
        return ok(name, "SQLite, which is for the demo only.")
    with engine.connect() as connection:
        version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
        encoding = connection.scalar(text("SHOW server_encoding"))
    if version < OLDEST_POSTGRESQL:
        return problem(name, f"PostgreSQL {version} is too old. Use {OLDEST_POSTGRESQL} or newer.")
    if encoding != "UTF8":
        return problem(
            name,
            f"The database's encoding is {encoding}, which cannot hold every name. "
            "Create it anew: createdb --encoding UTF8 --template template0 NAME",
        )
    return ok(name, f"PostgreSQL {version}, UTF8.")


def check_tables(engine: Engine) -> Check:
    """The migrations have run to the end, and no further."""
    name, current, newest = "tables", current_revisions(engine), newest_revisions()
    if current == newest:
        return ok(name, f"Up to date ({', '.join(sorted(newest))}).")
    if not current:
        return problem(name, "There are none yet. Run: flask --app wsgi prepare")
    return problem(
        name,
        f"They are at {', '.join(sorted(current))} and this code needs {', '.join(sorted(newest))}. "
        "Run: flask --app wsgi prepare (or start the version of the code that made them).",
    )


def check_clock(engine: Engine, *, now: datetime) -> Check:
    """This machine and the database agree on the time, so leases and promises run out when they should."""
    if engine.dialect.name == "sqlite":
        return ok("clock", "The database has no clock of its own.")
    with engine.connect() as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    apart = abs(theirs - now) if theirs is not None else timedelta()
    if apart > _CLOCKS_MAY_DIFFER:
        return problem(
            "clock",
            f"The database's clock is {apart.total_seconds():.0f} seconds off this one. Turn on time synchronisation.",
        )
    return ok("clock", "This machine and the database agree on the time.")


def check_demo(session: Session, *, env: Environment) -> Check:
    """No made-up people in production."""
    if not has_demo(session):
        return ok("demo data", "There is none.")
    if env is Environment.PRODUCTION:
        return problem("demo data", REFUSAL)
    return ok("demo data", f"There is a demo region, which is fine in {env}.")
