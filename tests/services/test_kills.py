"""Processes that are killed, and services that go away, in the middle of many certificates."""

import hashlib
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from sqlite3 import connect

import pytest
from rq import Worker
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from app.jobs.housekeeping import run_housekeeping
from app.platform.extensions import db
from app.platform.queue import ring
from app.platform.storage import FolderStore
from certificates.file_care.file_checks import (
    CertificateFileCheck,
    ask_for_check,
    find_last_check,
    look,
    next_step,
    write_down,
)
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from tests.builders.tasks import count_open
from tests.services.conftest import OwnRedis, Site, let_time_pass, promise_many, wait_until
from tests.services.processes import Process

pytestmark = pytest.mark.slow

LONG = 60.0  # seconds, for a busy machine


def count(site: Site, state: TaskState) -> int:
    with site.session() as session:
        return session.scalar(select(func.count()).where(Certificate.state == state)) or 0


def are_all_ready(site: Site) -> bool:
    return {certificate.state for certificate in site.certificates()} == {TaskState.DONE}


def nightly(site: Site) -> CertificateFileCheck:
    """What the nightly check would find in two days, when whatever is left behind is old enough to be sure."""
    store, now = FolderStore(site.files), utc_now() + timedelta(days=2)
    with site.session(is_writing=True) as session:
        ask_for_check(session, account_id=None, now=now)
        while (step := next_step(session)) is not None:
            assert write_down(session, step, look(store, step, now=now), now=now)
        found = find_last_check(session)
    assert found is not None
    return found


def check_all_is_well(site: Site, how_many: int) -> None:
    """All ready, none twice, every byte as stored, and nothing left that the nightly check does not find."""
    certificates = site.certificates()
    assert len({certificate.completion_id for certificate in certificates}) == len(certificates) == how_many
    assert {certificate.state for certificate in certificates} == {TaskState.DONE}
    found = nightly(site)
    assert (found.files, found.missing, found.changed, found.unreadable) == (how_many, 0, 0, 0)
    left = {str(path.relative_to(site.files)): path for path in site.files.rglob("*") if path.is_file()}
    assert len(left) == how_many + found.orphans
    for certificate in certificates:
        data = left[str(certificate.storage_key)].read_bytes()
        assert hashlib.sha256(data).hexdigest() == certificate.sha256
    with site.session() as session:
        assert count_open(session, CERTIFICATE_FILES) == 0


def carry_on(site: Site) -> None:
    """A minute later: leases have run out, and housekeeping rings."""
    let_time_pass(site, CERTIFICATE_FILES.lease + timedelta(seconds=5))
    with site.app.app_context():
        run_housekeeping()


def worker_at_work(site: Site) -> Process:
    with site.app.app_context():
        ring(RENDER_CERTIFICATES)
    return site.start("worker")


def is_listening(own_redis: OwnRedis, process: Process) -> bool:
    """Before that, looking a thousand times a second would only keep it from starting."""
    return any(worker.pid == process.running.pid for worker in Worker.all(own_redis.client()))


def is_writing(site: Site) -> bool:
    return any(site.files.rglob("*.part"))


def test_killed_again_and_again_a_worker_loses_and_doubles_nothing(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    promise_many(site, 100)
    moments: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("its first claim", lambda: count(site, TaskState.WORKING) > 0),
        # On a disk in memory a file is half written for too short a time to be sure of seeing one.
        ("a file half written", lambda: is_writing(site) or count(site, TaskState.DONE) >= 20),
        ("the middle", lambda: count(site, TaskState.DONE) >= 40),
    )
    for what, has_come in moments:
        worker = site.start("worker")
        wait_until(lambda: is_listening(own_redis, worker), "a worker that listens", within=LONG)  # noqa: B023 - at once
        with site.app.app_context():
            ring(RENDER_CERTIFICATES)
        wait_until(has_come, what, within=LONG, every=0.001)
        worker.kill()
        carry_on(site)
    assert not are_all_ready(site), "the last kill came in the middle"
    worker_at_work(site)
    wait_until(lambda: are_all_ready(site), "every certificate", within=LONG)
    check_all_is_well(site, 100)


def test_an_emptied_redis_loses_no_certificate(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    promise_many(site, 60)
    worker = worker_at_work(site)
    wait_until(lambda: count(site, TaskState.DONE) > 0, "the first", within=LONG, every=0.01)
    own_redis.client().flushall()
    own_redis.kill()
    own_redis.start()
    own_redis.client().flushall()
    carry_on(site)
    wait_until(lambda: are_all_ready(site), "every certificate", within=LONG)
    assert worker.is_alive
    check_all_is_well(site, 60)


def interrupt(site: Site) -> None:
    """PostgreSQL ends every connection, as it does when it restarts; SQLite is locked for a while."""
    url = make_url(site.settings.database_url)
    if url.get_backend_name() == "sqlite":
        with closing(connect(str(url.database), isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(1.5)
            connection.execute("ROLLBACK")
        return
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ended, {"name": url.database})
    engine.dispose()


def test_a_database_that_drops_its_connections_loses_no_certificate(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    promise_many(site, 60)
    worker = worker_at_work(site)
    wait_until(lambda: count(site, TaskState.DONE) > 0, "the first", within=LONG, every=0.01)
    with site.app.app_context():
        db.engine.dispose()
    interrupt(site)
    carry_on(site)
    wait_until(lambda: are_all_ready(site), "every certificate", within=LONG)
    assert worker.is_alive
    check_all_is_well(site, 60)
