"""One build of the product as it serves a region: web server, worker, scheduler, Redis and a PostgreSQL database."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, NullPool, create_engine, text

from bench import cpu
from bench.environment import free_port, postgresql, settings
from bench.processes import kill_session
from bench.server import wait_for
from tools.paths import Paths
from tools.supervising import embedded_redis
from tools.supervising.commands import web_command

WEB_PROCESSES = 2
HR_LEADS = ("hr.liverpool", "hr.sefton", "hr.wirral")
STAFF = "staff.sefton"
ADD_LEARNERS = """
    INSERT INTO account (person_id, username{columns})
    SELECT chosen.person_id, 'launch-' || chosen.place{values}
    FROM (SELECT person_id, row_number() OVER (ORDER BY person_id) AS place
          FROM (SELECT DISTINCT person_id FROM employment
                WHERE person_id NOT IN (SELECT person_id FROM account)
                  AND person_id NOT IN (SELECT person_id FROM attempt)
                  AND person_id NOT IN (SELECT person_id FROM completion)) AS free
          ORDER BY person_id LIMIT :people) AS chosen
    CROSS JOIN account AS model
    WHERE model.username = :model
"""


@dataclass
class Part:
    """One program of the site, in a session of its own, that can be killed and comes back."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    root: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    spent_before: float = 0.0

    def start(self) -> None:
        """Start it, or start it again."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd=self.root,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to it and to everything that it has started."""
        if self.process is not None:
            self.spent_before = self.cpu_seconds()
            kill_session(self.process)
            self.process = None

    def cpu_seconds(self) -> float:
        """Processor time of all that ran under this name, also of those that were killed."""
        return self.spent_before + (cpu.of_sessions([self.process.pid]) if self.process else 0.0)


@dataclass
class Site:
    """A site that answers at ``url``. ``parts`` are its programs by name."""

    name: str
    url: str
    engine: Engine
    database_server: int
    folder: Path
    parts: dict[str, Part] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def cpu_seconds(self) -> dict[str, float]:
        """Processor time so far: of each program, and of the database server that this site has for itself."""
        return {
            **{name: part.cpu_seconds() for name, part in self.parts.items()},
            "database": cpu.of_family(self.database_server),
        }

    def add_learners(self, people: int) -> list[str]:
        """Accounts for so many people who have begun nothing, with the password of the demo's member of staff."""
        with self.engine.begin() as connection:
            kept = connection.execute(
                text(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = 'account' "
                    "AND column_name NOT IN ('id', 'person_id', 'username') AND is_generated = 'NEVER'"
                )
            ).scalars()
            names = [f'"{name}"' for name in sorted(kept)]
            columns, values = ("".join(f", {prefix}{name}" for name in names) for prefix in ("", "model."))
            added = ADD_LEARNERS.format(columns=columns, values=values)
            connection.execute(text(added), {"people": people, "model": STAFF})
            found = connection.execute(text("SELECT username FROM account WHERE username LIKE 'launch-%' ORDER BY id"))
            return list(found.scalars())


@contextmanager
def serving_site(root: Path, folder: Path, *, name: str) -> Iterator[Site]:
    """A site of the build in ``root``, ready to answer, on the server of BENCH_DATABASE_URL."""
    folder.mkdir(parents=True)
    with ExitStack() as held:
        database_url = held.enter_context(postgresql(name))
        if database_url is None:
            raise SystemExit("The launch day needs PostgreSQL: run it by make launch-day")
        engine = create_engine(database_url, poolclass=NullPool)
        site = Site(name, f"http://127.0.0.1:{free_port()}", engine, _server_of(engine), folder)
        socket = folder / "redis.sock"
        environment = settings(folder, database_url, f"unix://{socket}")
        environment |= {
            "COMMON_GROUND_PUBLIC_URL": site.url,
            "COMMON_GROUND_MAIL_URL": str(folder / "mail"),
            "COMMON_GROUND_MAIL_FROM": "Common Ground <learning@example.org>",
        }
        site.parts = dict(_parts(root, folder, environment, site.url, socket))
        for part in site.parts.values():
            held.callback(part.kill)
        site.parts["redis"].start()
        _wait_for_redis(socket)
        _prepare(root, folder, environment)
        site.passwords = _passwords(folder / "accounts.json")
        for part in site.parts.values():
            if part.process is None:
                part.start()
        wait_for(site.url)
        yield site


def _parts(
    root: Path, folder: Path, environment: Mapping[str, str], url: str, socket: Path
) -> Iterator[tuple[str, Part]]:
    paths = Paths(root)
    flask = (str(paths.python), "-m", "flask", "--app", "wsgi")
    port = int(url.rpartition(":")[2])
    commands = {
        "redis": embedded_redis.arguments(embedded_redis.find_server(paths), socket=socket, folder=folder / "redis"),
        "web": web_command(paths, host="127.0.0.1", port=port, workers=WEB_PROCESSES),
        "worker": (*flask, "worker"),
        "scheduler": (*flask, "scheduler"),
    }
    for name, command in commands.items():
        yield name, Part(name, tuple(map(str, command)), environment, root, folder / f"{name}.log")


def _prepare(root: Path, folder: Path, environment: Mapping[str, str]) -> None:
    command = [str(Paths(root).python), "-m", "flask", "--app", "wsgi", "prepare"]
    command += ["--accounts-file", str(folder / "accounts.json")]
    subprocess.run(command, env=dict(environment), cwd=root, check=True, stdout=sys.stderr)


def _passwords(accounts: Path) -> dict[str, str]:
    kept = json.loads(accounts.read_text(encoding="utf-8"))
    rows = kept["accounts"] if isinstance(kept, dict) else kept
    return {row["username"]: row["password"] for row in rows}


def _server_of(engine: Engine) -> int:
    """The process of the database server. Exits when it runs on another machine."""
    with engine.connect() as connection:
        parent = cpu.parent_of(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    if parent is None or parent == os.getpid():
        raise SystemExit("The launch day measures the database's processor time: let PostgreSQL run on this machine")
    return parent


def _wait_for_redis(socket: Path) -> None:
    for _ in range(200):
        try:
            Redis(unix_socket_path=str(socket)).ping()
            return
        except RedisError:
            time.sleep(0.05)
    raise SystemExit("Redis does not answer")
