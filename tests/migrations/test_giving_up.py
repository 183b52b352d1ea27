"""A migration beside a service that goes on: it gives up soon, is kept whole or not at all, and runs once."""

from pathlib import Path
from shlex import quote

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from people.organisations import Organisation, Unit
from tests.builders.region import a_unit, an_organisation
from tests.databases import postgresql_only
from tests.migrations.conftest import OwnDatabase
from tests.migrations.one_more import REVISION, one_more_migration
from tests.services.processes import Process, environment_of

ADD_A_COLUMN = 'op.add_column("audit_entry", sa.Column("note", sa.String(length=80), nullable=True))'


def columns(database: OwnDatabase, table: str = "audit_entry") -> set[str]:
    return {column["name"] for column in inspect(database.engine).get_columns(table)}


@postgresql_only
def test_a_long_reading_makes_it_give_up_with_one_sentence_and_the_second_try_succeeds(
    own_database: OwnDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_database.gives_up_after(lock=0.2)
    before = own_database.revisions
    folder = one_more_migration(
        tmp_path, f'op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))\n{ADD_A_COLUMN}'
    )
    with own_database.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM audit_entry"))
        refused = own_database.migrate(folder)
    assert refused.exit_code == 1
    assert caplog.messages[-1] == (
        "Error: A table was in use for more than 0.2 seconds (COMMON_GROUND_MIGRATION_LOCK_SECONDS). "
        f"The tables are at {', '.join(before)}, whole, and the site goes on. "
        "Run the command again; docs/running.md says what else helps."
    )
    assert own_database.revisions == before
    assert not inspect(own_database.engine).has_table("extra")
    assert own_database.migrate(folder).exit_code == 0
    assert own_database.revisions == {REVISION}
    assert "note" in columns(own_database)


@postgresql_only
def test_a_step_that_takes_too_long_is_ended(
    own_database: OwnDatabase, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_database.gives_up_after(statement=0.5)
    folder = one_more_migration(tmp_path, f'{ADD_A_COLUMN}\nop.execute("SELECT pg_sleep(30)")')
    assert own_database.migrate(folder).exit_code == 1
    assert "A step took more than 0.5 seconds (COMMON_GROUND_MIGRATION_STATEMENT_SECONDS)." in caplog.messages[-1]
    assert "note" not in columns(own_database)


@postgresql_only
def test_a_migration_that_knows_better_gives_itself_more_time(own_database: OwnDatabase, tmp_path: Path) -> None:
    own_database.gives_up_after(statement=0.5)
    longer = "op.execute(\"SET LOCAL statement_timeout = '30s'\")"
    folder = one_more_migration(tmp_path, f'{longer}\nop.execute("SELECT pg_sleep(0.7)")\n{ADD_A_COLUMN}')
    assert own_database.migrate(folder).exit_code == 0


@postgresql_only
def test_nobody_else_gets_the_limits_of_a_migration(own_database: OwnDatabase, tmp_path: Path) -> None:
    assert own_database.migrate(one_more_migration(tmp_path, ADD_A_COLUMN)).exit_code == 0
    with own_database.engine.connect() as connection:
        assert [connection.scalar(text(f"SHOW {name}_timeout")) for name in ("lock", "statement")] == ["0", "0"]
        # Only those of this database: other tests run at the same moment on the same server.
        held = "SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid"
        here = "locktype = 'advisory' AND datname = current_database()"
        assert connection.scalar(text(f"{held} WHERE {here}")) == 0


@postgresql_only
def test_prepare_gives_up_with_the_same_sentence(
    own_database: OwnDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_database.gives_up_after(lock=0.2)
    monkeypatch.setattr("app.platform.schema.MIGRATIONS", one_more_migration(tmp_path, ADD_A_COLUMN))
    with own_database.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM audit_entry"))
        result = own_database.app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: A table was in use for more than 0.2 seconds")
    assert len(result.output.splitlines()) == 1


def test_code_that_is_older_than_the_tables_says_so(own_database: OwnDatabase, tmp_path: Path) -> None:
    assert own_database.migrate(one_more_migration(tmp_path, ADD_A_COLUMN)).exit_code == 0
    result = own_database.app.test_cli_runner().invoke(args=["prepare"])
    assert result.exit_code == 1
    assert result.output == (
        f"Error: The tables are at {REVISION}, which this version of the code does not know. "
        "Start the version that made them.\n"
    )


def test_one_that_fails_half_way_leaves_nothing_behind(own_database: OwnDatabase, tmp_path: Path) -> None:
    before = own_database.revisions
    steps = f'op.create_table("extra", sa.Column("id", sa.Integer()))\n{ADD_A_COLUMN}\nop.execute("SELECT nothing")'
    assert own_database.migrate(one_more_migration(tmp_path, steps)).exit_code == 1
    assert own_database.revisions == before
    assert not inspect(own_database.engine).has_table("extra")
    assert "note" not in columns(own_database)


# Batch mode makes the table anew on SQLite.
MAKE_ANEW = """with op.batch_alter_table("organisation", recreate="auto") as batch:
    batch.add_column(sa.Column("town_id", sa.Integer(), nullable=True))
    batch.create_foreign_key("fk_organisation_town_id_organisation", "organisation", ["town_id"], ["id"])"""


def an_organisation_with_a_unit(database: OwnDatabase) -> None:
    with Session(database.engine) as session:
        a_unit(session, an_organisation(session), "Ọláyínká")
        session.commit()


def test_a_table_that_is_made_anew_keeps_what_points_to_it(own_database: OwnDatabase, tmp_path: Path) -> None:
    an_organisation_with_a_unit(own_database)
    assert own_database.migrate(one_more_migration(tmp_path, MAKE_ANEW)).exit_code == 0
    with Session(own_database.engine) as session:
        unit = session.scalars(select(Unit)).one()
        assert unit.organisation_id == session.scalars(select(Organisation.id)).one()
    uniques = inspect(own_database.engine).get_unique_constraints("organisation")
    assert [unique["name"] for unique in uniques] == ["uq_organisation_slug"]


def test_one_that_would_leave_rows_pointing_nowhere_is_refused(own_database: OwnDatabase, tmp_path: Path) -> None:
    an_organisation_with_a_unit(own_database)
    before = own_database.revisions
    assert own_database.migrate(one_more_migration(tmp_path, 'op.execute("DELETE FROM organisation")')).exit_code == 1
    assert own_database.revisions == before
    with own_database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM organisation")) == 1


def test_two_hosts_that_migrate_at_once_do_it_once(own_database: OwnDatabase, tmp_path: Path) -> None:
    folder = one_more_migration(tmp_path, f"import time\ntime.sleep(1)\n{ADD_A_COLUMN}")
    command, environment = f"db upgrade --directory {quote(str(folder))}", environment_of(own_database.settings)
    logs = [tmp_path / f"host-{number}.log" for number in (1, 2)]
    hosts = [Process(command, environment, log, is_fresh=False) for log in logs]
    assert [host.running.wait(60) for host in hosts] == [0, 0], [log.read_text() for log in logs]
    assert own_database.revisions == {REVISION}
