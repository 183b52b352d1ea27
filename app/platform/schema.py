"""Whether the database's tables are those of this version of the code, and bringing them there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def newest_revisions() -> set[str]:
    """The migrations that this code ends with; one, unless two were written side by side."""
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())


def current_revisions(engine: Engine) -> set[str]:
    """The migrations that the database ends with; empty before the first."""
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def bring_up_to_date(engine: Engine) -> bool:
    """Run the migrations that are missing; says whether there were any. Needs an application context.

    Raises Alembic's ``CommandError``, in words for the person who upgrades.
    """
    current = current_revisions(engine)
    if current == newest_revisions():
        return False
    known = {migration.revision for migration in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if unknown := current - known:
        raise CommandError(
            f"The tables are at {', '.join(sorted(unknown))}, which this version of the code does not know. "
            "Start the version that made them."
        )
    settings = Config()
    # Alembic reads a % in the path as the beginning of a reference to another setting.
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(settings, "head")
    return True
