"""Runs a command with PostgreSQL and Redis servers at hand: the machine's own, or private ones made for it.

    python -m tools.test_servers pytest -n auto

The command finds them in TEST_DATABASE_URL and TEST_REDIS_URL; what is set already is used as it is.
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

from tools import debian, embedded_redis
from tools.console import Stop, finish, run_quietly, say
from tools.places import HERE, Places

USUAL_POSTGRESQL = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres")
# The last of the 16 databases that a Redis server has: nobody keeps anything there.
USUAL_REDIS = "redis://127.0.0.1:6379/15"
START_WITHIN = 30


def main() -> int:
    command = sys.argv[1:]
    if not command:
        raise Stop("Run it as: python -m tools.test_servers COMMAND …")
    with _postgresql(HERE) as database_url, _redis(HERE) as redis_url:
        say(f"Testing against {database_url} and {redis_url}")
        environ = {**os.environ, "TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
        return subprocess.run(command, env=environ, check=False).returncode


@contextmanager
def _postgresql(places: Places) -> Iterator[str]:
    """The address of a server in which databases may be made, as SQLAlchemy writes it."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    for usual in USUAL_POSTGRESQL:
        if _may_make_databases(usual):
            yield _for_sqlalchemy(usual)
            return
    programs = _postgresql_programs(places)
    with tempfile.TemporaryDirectory(prefix="common-ground-pg-") as name:
        folder, port = Path(name), _free_port()
        as_owner = _as_owner(folder)
        data, log = folder / "data", places.logs / "postgresql.log"
        sentence = "A PostgreSQL server for the tests could not be started: set TEST_DATABASE_URL to one"
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off"
        initialise = (programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        start = (programs / "pg_ctl", "-D", data, "-w", "-t", str(START_WITHIN), "-o", options, "start")
        for step in (initialise, start):
            # The server inherits its output, so that the log must not be a pipe that somebody waits for.
            run_quietly([*as_owner, *step], log=log, otherwise=sentence, cwd=places.root)
        try:
            yield _for_sqlalchemy(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        finally:
            stop = (programs / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
            subprocess.run([*as_owner, *stop], cwd=folder, check=False)


@contextmanager
def _redis(places: Places) -> Iterator[str]:
    """The address of a Redis database that the tests may empty."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    if _answers(USUAL_REDIS):
        yield USUAL_REDIS
        return
    port = _free_port()
    server = embedded_redis.find_server(places)
    running = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"],
        stdout=subprocess.DEVNULL,
    )
    address = f"redis://127.0.0.1:{port}/0"
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


def _postgresql_programs(places: Places) -> Path:
    """The folder of initdb and pg_ctl, which Debian keeps off PATH; PostgreSQL is installed when missing."""
    found = _find_postgresql_programs()
    if found is None:
        debian.install(places, ["postgresql"], purpose="to run the tests against")
        found = _find_postgresql_programs()
    if found is None:
        raise Stop("PostgreSQL was installed but initdb is not found: set TEST_DATABASE_URL to a server.")
    return found


def _find_postgresql_programs() -> Path | None:
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


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _for_sqlalchemy(address: str) -> str:
    return address.replace("postgresql:", "postgresql+psycopg:", 1)


if __name__ == "__main__":
    finish(main)
