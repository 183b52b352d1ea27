"""The migrations build exactly what the models say, can be undone, and protect what may never change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.platform.extensions import db
from kernel.append_only import REFUSAL
from kernel.database import Base
from tests.conftest import NewDatabase, settings_for

FOLDER = str(Path(__file__).resolve().parents[2] / "migrations")
APPEND_ONLY = [
    "attempt_move",
    "audit_entry",
    "audit_seal",
    "certificate_branding",
    "certificate_event",
    "certificate_picture",
    "change_of_past",
    "closed_days",
    "completion",
    "completion_event",
    "course_correction",
    "course_version",
    "earlier_training_rule",
    "enquiry",
    "enquiry_event",
    "equality_action",
    "equality_action_end",
    "equality_policy",
    "local_text",
    "message_template",
    "programme_route",
    "programme_version",
    "published_figure",
    "quiz_adjustment",
]

# What the release before reads and writes, and the next release drops.
LEFT_TABLES = {"certificate_extra", "outbox_promise"}
LEFT_COLUMNS = {
    "certificate_lost_file": {"extra_id"},
    "employment": {"unit_id", "job_title", "grade", "kind", "is_main", "ends_on", "away_from", "away_until"},
}


@pytest.fixture(scope="module")
def scratch(a_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on an empty database of its own."""
    folder = tmp_path_factory.mktemp("scratch")
    with a_database(folder) as url:
        application = create_app(settings_for(url, folder))
        yield application
        with application.app_context():
            db.engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"} - LEFT_TABLES


def _is_ours(thing: Any, _name: str, kind: str, *_: object) -> bool:
    table = thing if kind == "table" else thing.table
    columns = [thing] if kind == "column" else [] if kind == "table" else thing.columns
    left = LEFT_COLUMNS.get(table.name, set())
    return table.name not in LEFT_TABLES and not any(column.name in left for column in columns)


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_the_checks_of_the_tables_are_those_of_the_models(app: Flask) -> None:
    # Alembic does not compare them.
    with app.app_context():
        inspector = inspect(db.engine)
    for name, table in Base.metadata.tables.items():
        wanted = {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        assert {str(check["name"]) for check in inspector.get_check_constraints(name)} == wanted


def test_every_step_down_undoes_its_step_up(scratch: Flask) -> None:
    with scratch.app_context():
        upgrade(directory=FOLDER)
        assert tables(db.engine) == set(Base.metadata.tables)
        downgrade(directory=FOLDER, revision="base")
        assert tables(db.engine) == set()
        assert _functions_of_ours(db.engine) == []
        upgrade(directory=FOLDER)
        assert tables(db.engine) == set(Base.metadata.tables)


def _functions_of_ours(engine: Engine) -> list[str]:
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        return list(
            connection.scalars(
                text("SELECT proname FROM pg_proc WHERE proname LIKE '%\\_refuse' OR proname LIKE '%\\_marks'")
            )
        )


def test_upgrading_twice_changes_nothing(scratch: Flask) -> None:
    with scratch.app_context():
        upgrade(directory=FOLDER)
        upgrade(directory=FOLDER)
        assert tables(db.engine) == set(Base.metadata.tables)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1


def test_these_tables_are_append_only(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert _protected(connection) == APPEND_ONLY


def _protected(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.scalars(
            text("SELECT DISTINCT tbl_name FROM sqlite_master WHERE name LIKE '%\\_no\\_update' ESCAPE '\\'")
        )
    else:
        rows = connection.scalars(
            text(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers "
                "WHERE trigger_name LIKE '%\\_append\\_only'"
            )
        )
    return sorted(rows)


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET action = 'other'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_what_is_append_only(connection: Connection, change: str) -> None:
    connection.execute(
        text(
            "INSERT INTO audit_entry (happened_at, action, subject_type, subject_id, detail)"
            " VALUES ('2026-11-21 12:00:00', 'course-published', 'course', '1', '{}')"
        )
    )
    with pytest.raises(DBAPIError, match=REFUSAL):
        connection.execute(text(change))
