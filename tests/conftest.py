"""One application and one database for each test process; one transaction, rolled back, for each test."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from config import Settings
from people import accounts
from tests.reading import Browser


class ListeningBell:
    """A bell that only remembers who rang."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.is_connected = True

    def ring(self, job: str) -> None:
        self.rung.append(job)

    def is_reachable(self) -> bool:
        return self.is_connected


def pytest_configure() -> None:
    # Many tests start processes of ours. Each would compile all our modules anew where nobody may keep bytecode.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Hypothesis allows 200 ms for an example, which a busy machine passes now and then; what never ends takes longer.
    hypothesis.settings.register_profile("busy-machine", deadline=timedelta(seconds=5))
    hypothesis.settings.load_profile("busy-machine")


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """What hashes passwords in real life; here a cheap one stands in, because a real hash takes 64 MiB and its time."""
    with pytest.MonkeyPatch.context() as patch:
        real = accounts._hasher
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield real


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with every table and no row, to be copied; nobody is connected to it."""
    folder = tmp_path_factory.mktemp("template")
    with a_database(folder, "template") as url:
        application = create_app(settings_for(url, folder))
        with application.app_context():
            upgrade(directory=str(Path(application.root_path).parent / "migrations"))
            db.engine.dispose()
        yield url


@pytest.fixture(scope="session")
def database_url(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The empty database of this test process."""
    with a_database(tmp_path_factory.mktemp("database"), "main", like=migrated) as url:
        yield url


@contextmanager
def a_database(folder: Path, name: str, *, like: str | None = None) -> Iterator[str]:
    """A database: SQLite in ``folder``, or a fresh one on the server that TEST_DATABASE_URL names.

    It is empty, or else a copy of the one at the address ``like``.
    """
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        if like is not None:
            shutil.copyfile(str(make_url(like).database), folder / "test.db")
        yield f"sqlite:///{folder}/test.db"
        return
    name = f"common_ground_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{name}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        template = f" TEMPLATE {make_url(like).database}" if like is not None else ""
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


def settings_for(database_url: str, folder: Path, **changes: object) -> Settings:
    """Test settings; ``changes`` replace single ones."""
    values = {
        "env": "test",
        "secret_key": "test-" + "x" * 40,
        "database_url": database_url,
        "redis_url": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:1"),
        "storage_url": str(folder),
        "public_url": "http://localhost",
        "max_upload_mb": 2,
        "sign_in_limit": "10000 per minute",
        "verify_limit": "10000 per minute",
    }
    return Settings(**{**values, **changes})


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated, empty database."""
    application = create_app(settings_for(database_url, tmp_path_factory.mktemp("files")))
    application.testing = True
    application.config["RATELIMIT_STORAGE_URI"] = "memory://"
    application.extensions["common-ground-bell"] = ListeningBell()
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def bell(app: Flask) -> ListeningBell:
    """The application's bell, silent so far."""
    found: ListeningBell = app.extensions["common-ground-bell"]
    found.rung.clear()
    found.is_connected = True
    return found


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """One connection in one transaction that is rolled back; the application uses it too."""
    with app.app_context():
        engine = db.engine
    with engine.connect() as held:
        transaction = held.begin()
        db.session.session_factory.configure(bind=held, join_transaction_mode="create_savepoint")
        yield held
        db.session.session_factory.configure(bind=None, join_transaction_mode="conditional_savepoint")
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """The test's own session, beside those of the requests it makes; read again with ``session.expire_all()``."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as own:
        yield own


@pytest.fixture
def browser(app: Flask, connection: Connection) -> Browser:
    """A reader of pages who is not signed in; ``browser.enter_as(account)`` signs in."""
    return Browser(app)
