"""No migration takes anything from code that was written before it, unless an earlier one says that nobody uses it.

While an upgrade lasts, the code of the release before reads and writes on the new tables (docs/running.md).
"""

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from tests.databases import postgresql_only
from tests.migrations.conftest import OwnDatabase
from tests.migrations.old_code import losses, tables_of, unexplained
from tests.migrations.one_more import MIGRATIONS, REVISION, one_more_migration


def test_every_migration_leaves_older_code_what_it_uses(empty_database: OwnDatabase) -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    before, found = tables_of(empty_database.engine), []
    for migration in reversed(list(scripts.walk_revisions())):
        assert empty_database.migrate(MIGRATIONS, to=migration.revision).exit_code == 0
        after = tables_of(empty_database.engine)
        found += unexplained(losses(before, after), migration, scripts)
        before = after
    assert found == []


# What people’s pages write, by the hundred in a minute.
BUSY = {
    *("account", "answer", "attempt", "certificate", "completion", "message", "module_progress", "outbox_promise"),
    *("quiz_answer", "quiz_sitting", "rating", "reflection", "sign_in_session", "story_step"),
}
HELD = """
    SELECT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relkind = 'r'
"""


def held_by(database: OwnDatabase, migrations: Path, revision: str) -> set[str]:
    """The busy tables that nobody could read or write when this migration was committed."""
    existing, held = set(tables_of(database.engine)), set[str]()

    def note(connection: Connection) -> None:
        held.update(connection.exec_driver_sql(HELD).scalars())

    event.listen(database.engine, "commit", note)
    assert database.migrate(migrations, to=revision).exit_code == 0
    event.remove(database.engine, "commit", note)
    return held & existing & BUSY


@postgresql_only
def test_no_migration_holds_two_busy_tables_at_once(empty_database: OwnDatabase) -> None:
    # Pages that have one and wait for the other would be ended by PostgreSQL, as a deadlock, after a second.
    revisions = [one.revision for one in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]
    found = {revision: held_by(empty_database, MIGRATIONS, revision) for revision in revisions}
    assert {revision: tables for revision, tables in found.items() if len(tables) > 1} == {}
    assert set(tables_of(empty_database.engine)) >= BUSY


@postgresql_only
def test_two_busy_tables_in_one_migration_are_noticed(own_database: OwnDatabase, tmp_path: Path) -> None:
    steps = "\n".join(
        f'op.add_column("{table}", sa.Column("remark", sa.String(80), nullable=True))'
        for table in ("answer", "attempt", "unit")
    )
    folder = one_more_migration(tmp_path, steps)
    assert held_by(own_database, folder, REVISION) == {"answer", "attempt"}


def what_is_found(database: OwnDatabase, folder: Path, steps: str, about: str = "One more.") -> list[str]:
    """What is said against a migration that does this."""
    before = tables_of(database.engine)
    migrations = one_more_migration(folder, steps, about=about)
    result = database.migrate(migrations)
    assert result.exit_code == 0, result
    scripts = ScriptDirectory(str(migrations))
    return unexplained(losses(before, tables_of(database.engine)), scripts.get_revision(REVISION), scripts)


BATCH = 'with op.batch_alter_table("{}") as batch:\n    batch.'


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ('op.drop_table("certificate_event")', "certificate_event is gone"),
        ('op.rename_table("certificate_event", "event")', "certificate_event is gone"),
        (BATCH.format("person") + 'drop_column("email")', "person.email is gone"),
        (
            BATCH.format("person") + 'alter_column("email", new_column_name="mail")',
            "person.email is gone",
        ),
        (
            BATCH.format("person") + 'alter_column("email", nullable=False)',
            "person.email may not be empty any more",
        ),
        (
            BATCH.format("person") + 'alter_column("email", type_=sa.Text())',
            "person.email was VARCHAR(254) and is TEXT",
        ),
        (
            BATCH.format("audit_entry") + 'add_column(sa.Column("place", sa.String(20), nullable=False))',
            "audit_entry.place is new, and nothing fills it",
        ),
        (
            BATCH.format("organisation") + 'drop_constraint("uq_organisation_slug", type_="unique")',
            "uq_organisation_slug of organisation is gone",
        ),
        (
            BATCH.format("organisation") + 'create_unique_constraint("uq_organisation_name", ["name"])',
            "uq_organisation_name of organisation is new for columns that older code fills",
        ),
        (
            BATCH.format("organisation") + 'create_check_constraint("named", "name <> \'\'")',
            "ck_organisation_named of organisation is new for columns that older code fills",
        ),
        ('op.execute("ALTER TABLE person DROP COLUMN email")', "person.email is gone"),
        (
            "from kernel.append_only import protection_statements\n"
            'for statement in protection_statements("unit", op.get_bind().dialect.name):\n    op.execute(statement)',
            "unit may not be changed any more",
        ),
    ],
)
def test_what_older_code_would_miss_is_refused(
    own_database: OwnDatabase, tmp_path: Path, steps: str, said: str
) -> None:
    assert f"{REVISION}: {said}" in what_is_found(own_database, tmp_path, steps)


@pytest.mark.parametrize(
    "steps",
    [
        'op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))',
        'op.add_column("person", sa.Column("town", sa.String(80), nullable=True))',
        'op.add_column("person", sa.Column("visits", sa.Integer(), nullable=False, server_default="0"))',
        'op.create_index("ix_person_email", "person", ["email"])',
        BATCH.format("person")
        + 'add_column(sa.Column("home_id", sa.Integer(), nullable=True))\n'
        + '    batch.create_foreign_key("fk_person_home_id_unit", "unit", ["home_id"], ["id"])\n'
        + '    batch.create_unique_constraint("uq_person_email_home_id", ["email", "home_id"])',
    ],
)
def test_what_only_adds_is_welcome(own_database: OwnDatabase, tmp_path: Path, steps: str) -> None:
    assert what_is_found(own_database, tmp_path, steps) == []


@pytest.mark.parametrize(
    ("line", "is_explained"),
    [
        ("person.email: nothing reads or writes it since 0001.", True),
        ("person.email: nothing reads or writes it.", False),
        (f"person.email: nothing reads or writes it since {REVISION}.", False),
        ("person.name: nothing reads or writes it since 0001.", False),
    ],
)
def test_what_an_earlier_release_stopped_using_may_go(
    own_database: OwnDatabase, tmp_path: Path, line: str, is_explained: bool
) -> None:
    steps = BATCH.format("person") + 'drop_column("email")'
    found = what_is_found(own_database, tmp_path, steps, f"Drop what nobody uses.\n\n{line}\n")
    assert (found == []) is is_explained
