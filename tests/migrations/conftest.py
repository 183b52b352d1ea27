"""A database of a test's own, and the command that migrates it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine

from app import create_app
from app.platform.extensions import db
from app.platform.schema import current_revisions
from config import Settings
from tests.conftest import NewDatabase, settings_for


@dataclass(frozen=True)
class OwnDatabase:
    """An application on a database that may be changed, without a row."""

    app: Flask
    settings: Settings

    @property
    def engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    @property
    def revisions(self) -> set[str]:
        return current_revisions(self.engine)

    def gives_up_after(self, *, lock: float = 0.8, statement: float = 10) -> None:
        """A migration waits so many seconds for a table, and a step of it may take so many."""
        limits = {"migration_lock_seconds": lock, "migration_statement_seconds": statement}
        self.app.config["SETTINGS"] = self.settings.model_copy(update=limits)

    def migrate(self, folder: Path, *, to: str = "head") -> Result:
        """``flask db upgrade``, as somebody types it."""
        return self.app.test_cli_runner().invoke(args=["db", "upgrade", "--directory", str(folder), to])


@pytest.fixture
def own_database(a_database: NewDatabase, migrated: str, tmp_path: Path) -> Iterator[OwnDatabase]:
    """A database with every table."""
    with a_database(tmp_path, like=migrated) as url, an_application_on(url, tmp_path) as found:
        yield found


@pytest.fixture
def empty_database(a_database: NewDatabase, tmp_path: Path) -> Iterator[OwnDatabase]:
    """A database without tables."""
    with a_database(tmp_path) as url, an_application_on(url, tmp_path) as found:
        yield found


@contextmanager
def an_application_on(url: str, folder: Path) -> Iterator[OwnDatabase]:
    settings = settings_for(url, folder)
    found = OwnDatabase(create_app(settings), settings)
    yield found
    found.engine.dispose()
