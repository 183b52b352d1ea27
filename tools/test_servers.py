"""Runs a command with PostgreSQL and Redis servers at hand: private ones made for it, or else the machine's PostgreSQL.

    python -m tools.test_servers pytest -n auto

The command finds them in TEST_DATABASE_URL and TEST_REDIS_URL; what is set already is used as it is. The tests make
databases of their own on the one, and empty databases by number on the other: nobody else should keep anything there.
A private PostgreSQL does not wait for the disk: it makes, writes and drops databases ten times as fast.
This module runs inside the virtual environment.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from tools.console import Stop, finish, run_quietly, say
from tools.installing import debian
from tools.paths import HERE, Paths
from tools.supervising import embedded_redis

USUAL_POSTGRESQL = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres")
START_WITHIN = 30
FOLDERS = "common-ground-test-"  # tests/databases.py clears away what killed runs left
REDIS_DATABASES = 256  # one for each process of a run


def main() -> int:
    command = sys.argv[1:]
    if not command:
        raise Stop("Run it as: python -m tools.test_servers COMMAND …")
    with _postgresql(HERE) as database_url, _redis(HERE) as redis_url:
        say(f"Testing against {database_url} and {redis_url}")
        environ = {**os.environ, "TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
        return subprocess.run(command, env=environ, check=False).returncode


@contextmanager
def _postgresql(paths: Paths) -> Iterator[str]:
    """The address of a server in which databases may be made, as SQLAlchemy writes it."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    programs = _find_postgresql_programs()
    if programs is None:
        for usual in USUAL_POSTGRESQL:
            if _may_make_databases(usual):
                yield _for_sqlalchemy(usual)
                return
        programs = _install_postgresql(paths)
    with tempfile.TemporaryDirectory(prefix=FOLDERS) as name:
        folder, port = Path(name), free_port()
        as_owner = _as_owner(folder)
        data, log = folder / "data", paths.logs / "postgresql.log"
        sentence = "A PostgreSQL server for the tests could not be started: set TEST_DATABASE_URL to one"
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off"
        initialise = (programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        start = (programs / "pg_ctl", "-D", data, "-w", "-t", str(START_WITHIN), "-o", options, "start")
        for step in (initialise, start):
            # The server inherits its output, so that the log must not be a pipe that somebody waits for.
            run_quietly([*as_owner, *step], log=log, otherwise=sentence, cwd=paths.root)
        try:
            yield _for_sqlalchemy(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        finally:
            stop = (programs / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
            subprocess.run([*as_owner, *stop], cwd=folder, check=False)


@contextmanager
def _redis(paths: Paths) -> Iterator[str]:
    """The address of a Redis server of which the tests may empty every database."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    port = free_port()
    server = embedded_redis.find_server(paths)
    options = ("--bind", "127.0.0.1", "--save", "", "--daemonize", "no", "--databases", str(REDIS_DATABASES))
    running = subprocess.Popen([server, "--port", str(port), *options], stdout=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}"
    limit = time.monotonic() + START_WITHIN
    try:
        while not _answers(address):
            if time.monotonic() > limit:
                raise Stop("A Redis server for the tests could not be started: set TEST_REDIS_URL to one.")
            time.sleep(0.05)
        yield address
    finally:
        running.terminate()
        running.wait(START_WITHIN)


def _may_make_databases(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _answers(address: str) -> bool:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=3) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _install_postgresql(paths: Paths) -> Path:
    debian.install(paths, {"postgresql": "to run the tests against"})
    if (found := _find_postgresql_programs()) is None:
        raise Stop("PostgreSQL was installed but initdb is not found: set TEST_DATABASE_URL to a server.")
    return found


def _find_postgresql_programs() -> Path | None:
    """The folder of initdb and pg_ctl, which Debian keeps off PATH."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    return versions[-1].parent if versions else None


def _as_owner(folder: Path) -> Sequence[str]:
    """How to run PostgreSQL's programs: they refuse to work for root."""
    if os.geteuid() != 0:
        return ()
    shutil.chown(folder, "postgres")
    return ("runuser", "-u", "postgres", "--")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _for_sqlalchemy(address: str) -> str:
    return address.replace("postgresql:", "postgresql+psycopg:", 1)


if __name__ == "__main__":
    finish(main)
