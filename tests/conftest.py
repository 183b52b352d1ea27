"""One application and one database for each test process; one transaction, rolled back, for each test."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app import create_app
from app.platform.extensions import db
from config import Settings
from kernel.clock import utc_now
from people import accounts
from tests import databases
from tests.reading import Browser

pytest_plugins = ["tests.selection"]


class ListeningBell:
    """A bell that only remembers who rang."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.is_connected = True
        self.is_something_urgent = False
        self.alive = {"worker": True, "scheduler": True}

    def ring(self, job: str) -> None:
        self.rung.append(job)

    def must_give_way(self, _job: str) -> bool:
        return self.is_something_urgent

    def is_reachable(self) -> bool:
        return self.is_connected

    def living_processes(self, _now: datetime) -> dict[str, bool]:
        return self.alive


def pytest_configure() -> None:
    # Many tests start processes of ours. Each would compile all our modules anew where nobody may keep bytecode.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Hypothesis allows 200 ms for an example, which a busy machine passes now and then; what never ends takes longer.
    hypothesis.settings.register_profile("busy-machine", deadline=timedelta(seconds=5))
    hypothesis.settings.load_profile("busy-machine")


def pytest_sessionstart(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return  # the process that started this one has cleared away for all
    databases.remove_old_folders(now=utc_now())
    if databases.SERVER is not None:
        databases.drop_old_databases(databases.SERVER, now=utc_now())


def pytest_collection_finish() -> None:
    # Thousands of collected tests and all our modules last as long as the run: no use in looking through them again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """What hashes passwords in real life; here a cheap one stands in, because a real hash takes 19 MiB and its time."""
    with pytest.MonkeyPatch.context() as patch:
        real = accounts._hasher
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield real


NewDatabase = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def a_database() -> NewDatabase:
    """The only way to a database: ``with a_database(folder, like=migrated) as url``."""
    return databases.new_database


@pytest.fixture(scope="session")
def migrated(a_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with every table and no row, to be copied; nobody is connected to it."""
    folder = tmp_path_factory.mktemp("template")
    with a_database(folder) as url:
        application = create_app(settings_for(url, folder))
        with application.app_context():
            upgrade(directory=str(Path(application.root_path).parent / "migrations"))
            db.engine.dispose()
        yield url


@pytest.fixture(scope="session")
def database_url(a_database: NewDatabase, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The empty database of this test process."""
    with a_database(tmp_path_factory.mktemp("database"), like=migrated) as url:
        yield url


def settings_for(database_url: str, folder: Path, **changes: object) -> Settings:
    """Test settings; ``changes`` replace single ones."""
    values = {
        "env": "test",
        "secret_key": "test-" + "x" * 40,
        "database_url": database_url,
        "redis_url": databases.REDIS,
        "storage_url": str(folder),
        "public_url": "http://localhost",
        "max_upload_mb": 2,
        "sign_in_limit": "10000 per minute",
        "verify_limit": "10000 per minute",
        "sign_in_address_limit": "10000 per minute",
        "verify_address_limit": "10000 per minute",
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
