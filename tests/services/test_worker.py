"""Real workers beside the site: they make what is promised, die, come back, and make nothing twice."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from rq import Worker

from app.jobs.housekeeping import run_housekeeping
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from kernel.tasks.kinds import TaskState
from tests.builders.tasks import count_open
from tests.services.conftest import OwnRedis, Site, finish, let_time_pass, promise_many, wait_until

pytestmark = pytest.mark.slow

READY, RENDERING = TaskState.DONE, TaskState.WORKING


def stored_files(site: Site) -> list[Path]:
    return sorted(path for path in site.files.rglob("*") if path.is_file())


def are_all_ready(site: Site) -> bool:
    return {certificate.state for certificate in site.certificates()} == {READY}


def check_every_file(site: Site) -> None:
    """One file for each certificate, each with the bytes that its row says, and no promise left open."""
    for certificate in site.certificates():
        assert certificate.storage_key is not None
        data = (site.files / certificate.storage_key).read_bytes()
        assert data.startswith(b"%PDF")
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (certificate.sha256, certificate.size_bytes)
    assert len(stored_files(site)) == len(site.certificates())
    with site.session() as session:
        assert count_open(session, CERTIFICATE_FILES) == 0


def ring_housekeeping(site: Site) -> None:
    with site.app.app_context():
        run_housekeeping()


def test_a_finished_course_becomes_a_stored_certificate(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    site.start("worker", is_fresh=True)
    learner = site.browser(site.learner())
    finish(learner)
    wait_until(lambda: are_all_ready(site), "the certificate")
    check_every_file(site)
    (certificate,) = site.certificates()
    downloaded = learner.client.get(f"/certificates/{certificate.number}/file")
    assert downloaded.mimetype == "application/pdf"
    assert hashlib.sha256(downloaded.get_data()).hexdigest() == certificate.sha256
    downloaded.close()
    assert learner.client.get(f"/certificates/{certificate.number}/status").status_code == 200


def test_two_workers_share_the_work_and_make_nothing_twice(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    promise_many(site, 50)
    ring_housekeeping(site)
    with site.app.app_context():
        site.app.extensions["common-ground-bell"].ring(RENDER_CERTIFICATES)
    site.start("worker")
    site.start("worker")
    wait_until(lambda: are_all_ready(site), "every certificate")
    check_every_file(site)
    assert {certificate.failures for certificate in site.certificates()} == {0}


def test_a_worker_outlives_its_redis(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    worker = site.start("worker")
    finish(site.browser(site.learner()))
    wait_until(lambda: are_all_ready(site), "the first certificate")
    own_redis.kill()
    finish(site.browser(site.learner("Ada Okafor")))
    own_redis.start()
    let_time_pass(site, timedelta(minutes=1))
    ring_housekeeping(site)
    wait_until(lambda: are_all_ready(site), "the second certificate")
    assert worker.is_alive
    check_every_file(site)


def test_a_stopped_worker_ends_quietly(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    worker = site.start("worker", is_fresh=True)
    wait_until(lambda: [w.get_state() for w in Worker.all(own_redis.client())] == ["idle"] * 2, "a worker that listens")
    worker.stop()
    assert worker.running.returncode == 0
    assert own_redis.client().scard("rq:workers") == 0


def test_a_worker_that_starts_before_redis_waits_for_it(own_redis: OwnRedis, site: Site) -> None:
    worker = site.start("worker")
    finish(site.browser(site.learner()))
    wait_until(lambda: "Redis cannot be reached" in worker.log.read_text(), "a word about Redis")
    own_redis.start()
    let_time_pass(site, timedelta(minutes=1))
    ring_housekeeping(site)
    wait_until(lambda: are_all_ready(site), "the certificate")
    assert worker.is_alive


def test_a_worker_can_be_stopped_while_redis_is_away(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    worker = site.start("worker")
    wait_until(lambda: [w.get_state() for w in Worker.all(own_redis.client())] == ["idle"] * 2, "a worker that listens")
    own_redis.kill()
    wait_until(lambda: "could not connect to Redis" in worker.log.read_text(), "a word about Redis")
    worker.running.terminate()
    wait_until(lambda: not worker.is_alive, "its end")
    assert worker.running.returncode == 0
