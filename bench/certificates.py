"""Certificates a second through the real queue: rows, bells, two workers, PDFs in the store."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.work import unit_of_work
from bench.places import ROOT
from certificates.issuing import Certificate, CertificateState
from certificates.rendering import RENDER_CERTIFICATES
from courses.catalogue import get_course, get_current_version
from courses.completion import Completion, record_completion
from kernel.clock import utc_now
from people.persons import Employment

WORKERS = 2
HOW_MANY = 1_000


def per_second(app: Flask, environment: Mapping[str, str], log: Path) -> float:
    """Complete the course for ``HOW_MANY`` people at once, and count until the last file is stored."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with log.open("ab") as output:
        workers = [
            subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=output, stderr=output)
            for _ in range(WORKERS)
        ]
    try:
        complete(app, 1)  # the workers are up and warm before the clock starts
        _wait_until_made(app, 1)
        complete(app, HOW_MANY)
        started = time.perf_counter()
        wake(app)
        _wait_until_made(app, HOW_MANY + 1)
        return HOW_MANY / (time.perf_counter() - started)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def complete(app: Flask, how_many: int) -> None:
    """So many more people have finished the course, and are promised their certificates."""
    with app.app_context(), unit_of_work() as work:
        course = get_course(work.session, slug="race-equality-essentials")
        version = get_current_version(work.session, course_id=course.id)
        finished = select(Completion.person_id).where(Completion.course_id == course.id)
        people = work.session.scalars(
            select(Employment.person_id)
            .where(Employment.person_id.not_in(finished))
            .distinct()
            .order_by(Employment.person_id.desc())
            .limit(how_many)
        ).all()
        for person_id in people:
            work.publish(
                record_completion(
                    work.session,
                    person_id=person_id,
                    course_id=course.id,
                    cycle=1,
                    course_version_id=version.id,
                    now=utc_now(),
                )
            )


def wake(app: Flask) -> None:
    """Ring for the workers."""
    with app.app_context(), unit_of_work() as work:
        work.ring_after_commit(RENDER_CERTIFICATES)


def _wait_until_made(app: Flask, how_many: int) -> None:
    for _ in range(2_400):
        with app.app_context():
            made = db.session.scalar(
                select(func.count()).select_from(Certificate).where(Certificate.state == CertificateState.READY)
            )
        if made is not None and made >= how_many:
            return
        time.sleep(0.05)
    raise SystemExit("The certificates were not made within two minutes")
