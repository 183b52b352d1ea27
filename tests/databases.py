"""The databases and folders that a test run makes for itself, and what runs that were killed left of theirs.

A database is a file of SQLite, or one on the PostgreSQL server that TEST_DATABASE_URL names. There each name says when
it was made, by which run and by which of its processes: two runs on one server leave each other alone.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from kernel.clock import utc_now

SERVER = os.environ.get("TEST_DATABASE_URL")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:8]
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# The processes of a run share a Redis server, and each counts in a database of its own. Without one, nobody answers.
REDIS = urlsplit(os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:1"))._replace(path=f"/{PROCESS}").geturl()
DATABASES = "common_ground_test_"
FOLDERS = "common-ground-test-"  # tools/test_servers.py calls its own so too
# Whatever is younger may still be in use.
LEFT_BEHIND_AFTER = timedelta(hours=6)
_numbers = count(1)

postgresql_only = pytest.mark.skipif(SERVER is None, reason="needs a PostgreSQL server")


@contextmanager
def new_database(folder: Path, *, like: str | None = None) -> Iterator[str]:
    """The address of a database, which lasts as long as the block: empty, or a copy of the one at ``like``.

    A test comes to it by the fixture ``a_database``: that is how `.ci/run` knows which tests touch a database.
    """
    if SERVER is None:
        if like is not None:
            shutil.copyfile(str(make_url(like).database), folder / "test.db")
        yield f"sqlite:///{folder}/test.db"
        return
    name = f"{name_at(utc_now())}{RUN}_{PROCESS}_{next(_numbers)}"
    template = f" TEMPLATE {make_url(like).database}" if like is not None else ""
    with administering(SERVER) as connection:
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with administering(SERVER) as connection:
            drop(connection, name)


def name_at(moment: datetime) -> str:
    """How the name of a database begins that is made at this moment; names sort by age."""
    return f"{DATABASES}{moment:%Y%m%d%H%M}_"


@contextmanager
def administering(server: str) -> Iterator[Connection]:
    """A connection on which databases can be made and dropped."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def drop(connection: Connection, name: str) -> None:
    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def drop_old_databases(server: str, *, now: datetime) -> None:
    """Drop the databases that runs which were killed hours ago left on this server."""
    old = text("SELECT datname FROM pg_database WHERE datname ~ :ours AND datname < :oldest")
    search = {"ours": f"^{DATABASES}[0-9]{{12}}_[a-z0-9_]+$", "oldest": name_at(now - LEFT_BEHIND_AFTER)}
    with administering(server) as connection:
        for name in connection.scalars(old, search).all():
            with suppress(DBAPIError):  # another run, which began at the same moment, is dropping it
                drop(connection, name)


def remove_old_folders(*, now: datetime) -> None:
    """Remove such runs' folders for sockets and servers. A PostgreSQL server whose folder has gone ends by itself."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        with suppress(OSError):
            if folder.stat().st_mtime < (now - LEFT_BEHIND_AFTER).timestamp():
                shutil.rmtree(folder, ignore_errors=True)
