"""Certificates a second through the real queue: rows, bells, two workers, PDFs in the store.

``python -m bench.certificate_run`` makes those of a whole workforce in one run.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from app.platform.extensions import db
from app.platform.work import unit_of_work
from bench import cpu
from bench.environment import ROOT
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from courses.catalogue.versions import get_course, get_current_version
from courses.records.completion import Completion, record_completion
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.jobs.employment import Employment

WORKERS = 2
HOW_MANY = 1_000
WARM = 60  # so many first, that are not counted: the workers are then up and have drawn what most look like
AT_ONCE = 50  # so many complete in one transaction: PostgreSQL and the session both slow down with its savepoints
FEWEST_A_SECOND = 10  # slower than that and we give up


@dataclass(frozen=True)
class Made:
    """How long it took, and the processor time in milliseconds for each certificate.

    ``database_ms`` is ``None`` when the database runs on another machine or in no process of its own.
    """

    how_many: int
    seconds: float
    workers_ms: float
    database_ms: float | None

    @property
    def per_second(self) -> float:
        """Certificates a second, from the first pending row to the last stored file."""
        return self.how_many / self.seconds

    @property
    def context(self) -> dict[str, object]:
        """What else was measured, in words for a line of JSON."""
        return {
            "made": self.how_many,
            "seconds": round(self.seconds, 1),
            "workers": WORKERS,
            "workers_cpu_ms": round(self.workers_ms, 2),
            "database_cpu_ms": None if self.database_ms is None else round(self.database_ms, 2),
            "load": round(os.getloadavg()[0], 1),
        }


def make(app: Flask, environment: Mapping[str, str], log: Path, how_many: int = HOW_MANY) -> Made:
    """Complete the course for ``how_many`` people at once, and count until the last file is stored."""
    with _workers(environment, log) as leaders:
        complete(app, WARM)
        wake(app)
        _wait_until_made(app, WARM)
        complete(app, how_many)
        server = _database_server(app)
        before = cpu.of_sessions(leaders), server and cpu.of_family(server)
        started = time.perf_counter()
        for _ in range(WORKERS):
            wake(app)
        _wait_until_made(app, WARM + how_many)
        seconds = time.perf_counter() - started
        workers = cpu.of_sessions(leaders) - before[0]
        database = cpu.of_family(server) - before[1] if server and before[1] is not None else None
    each = 1000 / how_many
    return Made(how_many, seconds, workers * each, None if database is None else database * each)


@contextmanager
def _workers(environment: Mapping[str, str], log: Path) -> Iterator[Sequence[int]]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with log.open("ab") as output:
        workers = [
            subprocess.Popen(
                command, env=dict(environment), cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )
            for _ in range(WORKERS)
        ]
    try:
        yield [worker.pid for worker in workers]
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def _database_server(app: Flask) -> int | None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return None
        backend = db.session.scalar(text("SELECT pg_backend_pid()"))
    return cpu.parent_of(int(backend or 0))


def complete(app: Flask, how_many: int) -> None:
    """So many people have finished the course, for the first time or once more, and are promised their certificates.

    Nobody rings for the workers: ``wake`` does.
    """
    with app.app_context(), _silence(app):
        course = get_course(db.session(), slug="race-equality-essentials")
        course_id, version_id = course.id, get_current_version(db.session(), course_id=course.id).id
        cycles = func.coalesce(func.max(Completion.cycle), 0)
        people = db.session.execute(
            select(Employment.person_id, cycles)
            .outerjoin(Completion, (Completion.person_id == Employment.person_id) & (Completion.course_id == course_id))
            .group_by(Employment.person_id)
            .order_by(cycles, Employment.person_id.desc())
            .limit(how_many)
        ).all()
        for first in range(0, len(people), AT_ONCE):
            with unit_of_work() as work:
                for person_id, cycle in people[first : first + AT_ONCE]:
                    work.publish(
                        record_completion(
                            work.session,
                            person_id=person_id,
                            course_id=course_id,
                            cycle=cycle + 1,
                            course_version_id=version_id,
                            now=utc_now(),
                        )
                    )


class _NoBell:
    def ring(self, job: str) -> None:
        pass

    def is_reachable(self) -> bool:
        return True


@contextmanager
def _silence(app: Flask) -> Iterator[None]:
    before = app.extensions["common-ground-bell"]
    app.extensions["common-ground-bell"] = _NoBell()
    try:
        yield
    finally:
        app.extensions["common-ground-bell"] = before


def wake(app: Flask) -> None:
    """Ring for the workers."""
    with app.app_context(), unit_of_work() as work:
        work.ring_after_commit(RENDER_CERTIFICATES)


def _wait_until_made(app: Flask, how_many: int) -> None:
    ends = time.monotonic() + 120 + how_many / FEWEST_A_SECOND
    while time.monotonic() < ends:
        with app.app_context():
            made = db.session.scalar(
                select(func.count()).select_from(Certificate).where(Certificate.state == TaskState.DONE)
            )
        if made is not None and made >= how_many:
            return
        time.sleep(0.1)
    raise SystemExit("The certificates were not made in time")
