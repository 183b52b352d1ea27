"""Whether the database's tables are those of this version of the code, and bringing them there."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def newest_revisions() -> set[str]:
    """The migrations that this code ends with; one, unless two were written side by side."""
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def current_revisions(engine: Engine) -> set[str]:
    """The migrations that the database ends with; empty before the first."""
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def bring_up_to_date(engine: Engine) -> bool:
    """Run the migrations that are missing; says whether there were any. Needs an application context."""
    if current_revisions(engine) == newest_revisions():
        return False
    upgrade(directory=str(MIGRATIONS))
    return True
