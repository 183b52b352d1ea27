"""Where measurements run: a folder, databases and a Redis of their own, gone afterwards."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

from tools.paths import Paths
from tools.supervising import embedded_redis

ROOT = Path(__file__).resolve().parent.parent
# Its own, that of `tools.test_servers`, or the usual one of this machine.
SERVER = (
    os.environ.get("BENCH_DATABASE_URL")
    or os.environ.get("TEST_DATABASE_URL")
    or "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def settings(folder: Path, database_url: str, redis_url: str) -> dict[str, str]:
    """The environment of a process that serves or works on this database."""
    return {
        **os.environ,
        "COMMON_GROUND_ENV": "demo",
        "COMMON_GROUND_SECRET_KEY": "bench-" + "x" * 40,
        "COMMON_GROUND_DATABASE_URL": database_url,
        "COMMON_GROUND_REDIS_URL": redis_url,
        "COMMON_GROUND_STORAGE_URL": str(folder / "files"),
        "COMMON_GROUND_PUBLIC_URL": "http://127.0.0.1",
    }


@contextmanager
def postgresql(suffix: str = "") -> Iterator[str | None]:
    """An empty database on the server of BENCH_DATABASE_URL, or ``None`` when no server answers."""
    name = f"common_ground_bench_{os.getpid()}{suffix and f'_{suffix}'}"
    try:
        _administer(f"CREATE DATABASE {name}")
    except psycopg.OperationalError as problem:
        print(f"PostgreSQL does not answer ({problem}): its figures are left out", file=sys.stderr)
        yield None
        return
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        # By a connection of its own: a server that was killed meanwhile has ended the first one.
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


def _administer(statement: str) -> None:
    with psycopg.connect(SERVER.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def settle(database_url: str) -> None:
    """Let PostgreSQL do now what it would do in the minutes after so much was written, and not while we measure."""
    if database_url.startswith("postgresql"):
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server of our own."""
    path = folder / "redis.sock"
    server = embedded_redis.find_server(Paths(ROOT))
    command = embedded_redis.arguments(server, socket=path, folder=folder / "redis")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    url = f"unix://{path}"
    for _ in range(100):
        try:
            Redis.from_url(url).ping()
            break
        except RedisError:
            time.sleep(0.05)
    try:
        yield url
    finally:
        process.terminate()
        process.wait()
