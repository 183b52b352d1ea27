"""A real Common Ground for the browser: its own database, Redis, web server and worker, for a while."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.platform.badge_settings import write_key
from app.platform.extensions import SQLITE_BEGIN
from app.platform.queue import RedisBell
from app.platform.storage import FolderStore
from certificates.badges.keys import new_key
from tests.browser.region import Region, build_region
from tests.databases import FOLDERS, new_database
from tools.paths import HERE
from tools.supervising import embedded_redis, readiness
from tools.supervising.commands import web_command
from tools.test_servers import free_port

READY_WITHIN = 60.0
STOP_WITHIN = 10.0
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


@dataclass
class LiveSite:
    """Where the site is, who may sign in, and a way to put more people there."""

    address: str
    database_url: str
    redis_url: str
    region: Region
    files: Path
    serial: int = field(default=0)

    def a_learner(self, name: str = "Siân Nguyễn") -> str:
        """The username of a new member of staff, who has done nothing yet."""
        self.serial += 1
        with self.session() as session:
            username = self.region.add_learner(session, name=name, serial=self.serial)
            session.commit()
        return username

    def ring(self, job: str) -> None:
        """Wake the site's worker for what a session of our own has promised; housekeeping would take a minute."""
        bell = RedisBell(self.redis_url)
        bell.ring(job)
        bell.connection.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session of our own on the site's database."""
        # The site's own processes write meanwhile: on SQLite a transaction that reads first could not write any more.
        engine = create_engine(self.database_url, execution_options={SQLITE_BEGIN: "IMMEDIATE"})
        try:
            with Session(engine) as session:
                yield session
        finally:
            engine.dispose()


@contextmanager
def running_site(folder: Path, *, migrated: str | None = None) -> Iterator[LiveSite]:
    """The whole site on this machine, until the block ends; on a copy of the ``migrated`` database, if there is one."""
    with ExitStack() as stack:
        database_url = stack.enter_context(new_database(folder, like=migrated))
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        # The kernel keeps the path of a socket under 108 bytes, and the tests' own folder may be deep.
        redis = Path(stack.enter_context(TemporaryDirectory(prefix=FOLDERS))) / "redis.sock"
        environ = _environ(folder, database_url=database_url, redis=redis, address=address)
        if migrated is None:
            _run_once((*FLASK, "db", "upgrade"), environ, folder / "migrate.log")
        write_key(Path(environ["COMMON_GROUND_BADGE_KEY_FILE"]), new_key())
        engine = create_engine(database_url)
        with Session(engine) as session:
            region = build_region(session, FolderStore(folder / "files"))
            session.commit()
        engine.dispose()
        server = embedded_redis.find_server(HERE)
        processes = {
            "redis": embedded_redis.arguments(server, socket=redis, folder=folder / "redis"),
            "worker": (*FLASK, "worker"),
            # On a very busy machine a bell may be lost; housekeeping then rings again, as it does in earnest.
            "scheduler": (*FLASK, "scheduler"),
            "web": web_command(HERE, host="127.0.0.1", port=port, workers=1),
        }
        for name, command in processes.items():
            stack.enter_context(_running(command, environ, folder / f"{name}.log"))
            if name == "redis":
                _wait_until(redis.exists, "The queue's Redis did not start", folder / "redis.log")
        _wait_until(lambda: readiness.is_serving("127.0.0.1", port), "The web server did not start", folder / "web.log")
        yield LiveSite(address, database_url, environ["COMMON_GROUND_REDIS_URL"], region, folder / "files")


def _environ(folder: Path, *, database_url: str, redis: Path, address: str) -> dict[str, str]:
    ours = {
        "ENV": "test",
        "SECRET_KEY": "test-" + "x" * 40,
        "DATABASE_URL": database_url,
        "REDIS_URL": f"unix://{redis}",
        "STORAGE_URL": str(folder / "files"),
        "PUBLIC_URL": address,
        "MAIL_URL": str(folder / "mail"),
        "MAIL_FROM": "Common Ground <learning@example.org>",
        "BADGE_KEY_FILE": str(folder / "badge-key.pem"),
        "SIGN_IN_LIMIT": "10000 per minute",
        "VERIFY_LIMIT": "10000 per minute",
        "SIGN_IN_ADDRESS_LIMIT": "10000 per minute",
        "VERIFY_ADDRESS_LIMIT": "10000 per minute",
    }
    return {
        **os.environ,
        **{f"COMMON_GROUND_{name}": value for name, value in ours.items()},
        "PYTHONUNBUFFERED": "1",
    }


def _run_once(command: Sequence[str], environ: dict[str, str], log: Path) -> None:
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=HERE.root, env=environ, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[-2:])} failed:\n{_tail(log)}")


@contextmanager
def _running(command: Sequence[str], environ: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=HERE.root, env=environ, stdout=output, stderr=output)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_WITHIN)


def _wait_until(is_so, sentence: str, log: Path) -> None:
    limit = time.monotonic() + READY_WITHIN
    while not is_so():
        if time.monotonic() > limit:
            raise RuntimeError(f"{sentence}:\n{_tail(log)}")
        time.sleep(0.05)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
