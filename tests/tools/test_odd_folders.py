"""Common Ground works in a folder of any name: its database, its files, and above all its worker."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from redis import ConnectionError, Redis
from rq import Worker
from sqlalchemy import create_engine, text

from app.platform.storage import FolderStore, make_store
from tests.conftest import settings_for
from tools import demo_settings
from tools.paths import HERE, Paths
from tools.supervising import embedded_redis

NAMES = ["My Documents", "a=b", "No #1", "what?", "100%25 sure", "Čommon Gröund", "%41", "a&b;c", "[x]", "plain"]


@pytest.fixture(params=NAMES)
def paths(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A folder with such a name, and a temporary folder that is short enough for a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        root = Path(folder) / request.param
        root.mkdir()
        yield Paths(root)


def test_the_database_stands_where_it_is_said_to(paths: Paths) -> None:
    url = demo_settings.ensure(paths, {})["COMMON_GROUND_DATABASE_URL"]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trial (id INTEGER)"))
    engine.dispose()
    assert paths.database.stat().st_size > 0
    assert {path.name for path in paths.root.iterdir()} == {"var"}


def test_files_stand_where_they_are_said_to(paths: Paths) -> None:
    url = demo_settings.ensure(paths, {})["COMMON_GROUND_STORAGE_URL"]
    store = make_store(settings_for("sqlite:///unused.db", paths.root, storage_url=url))
    assert isinstance(store, FolderStore)
    store.put("certificates/one.pdf", b"%PDF-")
    assert (paths.var / "files" / "certificates" / "one.pdf").read_bytes() == b"%PDF-"


def test_a_worker_listens(paths: Paths) -> None:
    """RQ asks Redis who it is when a worker starts, and reads the answer by its blanks and equals signs."""
    url = demo_settings.ensure(paths, {})["COMMON_GROUND_REDIS_URL"]
    socket = embedded_redis.socket_path(paths)
    command = embedded_redis.arguments(embedded_redis.find_server(HERE), socket=socket, folder=paths.var / "redis")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            with closing(Redis.from_url(url)) as connection:
                _wait_for(connection)
                worker = Worker(["trial"], connection=connection)
                worker.register_birth()
                assert [one.name for one in Worker.all(connection)] == [worker.name]
        finally:
            server.terminate()
    embedded_redis.tidy(paths, socket)


def _wait_for(connection: Redis) -> None:
    limit = time.monotonic() + 60
    while True:  # the socket stands there before anybody listens
        try:
            connection.ping()
            return
        except ConnectionError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.02)
