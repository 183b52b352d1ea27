"""How jobs wait: one of each kind at most, the urgent ones first, and no long one before a short one."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from rq import Queue, Worker
from sqlalchemy import select

from app.jobs.housekeeping import run_housekeeping
from app.platform.queue import HOUSEKEEPING, JOBS, RedisBell, queue_name, ring
from app.platform.work import unit_of_work
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.audiences import Audience
from certificates.zips.requests import MAKE_ARCHIVES, CertificateArchive, ask_for_archive
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import SEND_MESSAGES
from tests.builders.region import TODAY, a_person, an_account
from tests.services.conftest import OwnRedis, Site, finish, promise_many, wait_until

pytestmark = pytest.mark.slow

A_WORKFORCE = 22_000


@pytest.fixture
def bell(own_redis: OwnRedis) -> Iterator[RedisBell]:
    own_redis.start()
    found = RedisBell(own_redis.url)
    yield found
    found.connection.close()


def waiting(bell: RedisBell) -> dict[str, int]:
    """How many jobs of each kind wait, where any do."""
    return {job: queue.count for job, queue in bell.queues.items() if queue.count}


def test_a_whole_workforce_that_finishes_leaves_one_waiting_job_of_each_kind(bell: RedisBell) -> None:
    for _ in range(A_WORKFORCE):
        bell.ring(RENDER_CERTIFICATES)
    for job in (SEND_MESSAGES, SEND_MESSAGES, RENDER_CERTIFICATES):
        bell.ring(job)
    assert waiting(bell) == {RENDER_CERTIFICATES: 1, SEND_MESSAGES: 1}
    assert len(bell.connection.keys("rq:job:*")) == 2


def test_whoever_rings_at_the_same_moment_adds_one_job_together(bell: RedisBell) -> None:
    with ThreadPoolExecutor(8) as pool:
        for job in JOBS:
            list(pool.map(bell.ring, [job] * 40))
    assert waiting(bell) == dict.fromkeys(JOBS, 1)
    assert len(bell.connection.keys("rq:job:*")) == len(JOBS)


def test_a_ring_while_the_job_runs_is_heard(bell: RedisBell) -> None:
    bell.ring(RENDER_CERTIFICATES)
    assert Queue.dequeue_any([bell.queues[RENDER_CERTIFICATES]], timeout=None, connection=bell.connection)
    assert waiting(bell) == {}, "a worker has it in hand"
    bell.ring(RENDER_CERTIFICATES)
    bell.ring(RENDER_CERTIFICATES)
    assert waiting(bell) == {RENDER_CERTIFICATES: 1}


def test_housekeeping_does_not_pile_up_while_no_worker_runs(bell: RedisBell, site: Site) -> None:
    promise_many(site, 3)
    with site.app.app_context():
        for _ in range(60):
            ring(HOUSEKEEPING)
            run_housekeeping()
    assert max(waiting(bell).values()) == 1


def test_a_job_gives_way_to_more_urgent_ones_of_its_process_alone(bell: RedisBell) -> None:
    bell.ring(MAKE_ARCHIVES)
    assert not any(bell.must_give_way(job) for job in (RENDER_CERTIFICATES, HOUSEKEEPING, MAKE_ARCHIVES))
    assert bell.must_give_way("check-certificate-files")
    bell.ring(SEND_MESSAGES)
    assert bell.must_give_way(RENDER_CERTIFICATES)
    assert not bell.must_give_way(HOUSEKEEPING)


def test_one_worker_makes_a_certificate_while_a_zip_takes_long(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    site.start("worker")
    let_it_go_on = hold_the_zip_up(site)
    finish(site.browser(site.learner()))
    wait_until(lambda: [one.state for one in site.certificates()][-1] is TaskState.DONE, "the second certificate")
    assert zip_state(site) is TaskState.WORKING
    let_it_go_on()
    wait_until(lambda: zip_state(site) is TaskState.DONE, "the zip")


def hold_the_zip_up(site: Site) -> Callable[[], None]:
    """A worker is in the middle of a zip, until the store answers."""
    finish(site.browser(site.learner("Ada Okafor")))
    wait_until(lambda: [one.state for one in site.certificates()] == [TaskState.DONE], "the first certificate")
    (first,) = site.certificates()
    path = site.files / str(first.storage_key)
    data = path.read_bytes()
    path.unlink()
    os.mkfifo(path)  # whoever reads it waits until somebody writes
    ask_for_a_zip(site)
    wait_until(lambda: zip_state(site) is TaskState.WORKING, "a worker that makes the zip")
    return lambda: path.write_bytes(data) and None


def ask_for_a_zip(site: Site) -> None:
    with site.session() as session:
        account_id = an_account(session, a_person(session)).id
    with site.app.app_context(), unit_of_work() as work:
        audience = Audience(None, None, on=TODAY)
        ask_for_archive(work.session, audience, wanted=1, account_id=account_id, now=utc_now())
        work.ring_after_commit(MAKE_ARCHIVES)


def zip_state(site: Site) -> TaskState:
    with site.session() as session:
        return session.scalars(select(CertificateArchive.state)).one()


def listening_to(own_redis: OwnRedis, job: str) -> list[int]:
    """The processes that take this job."""
    client = own_redis.client()
    return [worker.pid for worker in Worker.all(queue=Queue(queue_name(job), connection=client)) if worker.pid]


def is_dead(pid: int) -> bool:
    """Whether a process has ended, though its parent may not have looked yet. Linux tells its state in ``/proc``."""
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_process_for_long_work_is_replaced_when_it_is_killed(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    worker = site.start("worker")
    wait_until(lambda: len(listening_to(own_redis, MAKE_ARCHIVES)) == 1, "a process for long work")
    (killed,) = listening_to(own_redis, MAKE_ARCHIVES)
    assert killed != worker.running.pid
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: is_dead(killed), "its end")  # its parent looks once a job, and would find it alive

    def has_another() -> bool:
        with site.app.app_context():
            ring(HOUSEKEEPING)  # as the scheduler does each minute: one ring may be lost, and nothing with it
        return set(listening_to(own_redis, MAKE_ARCHIVES)) > {killed}

    wait_until(has_another, "another one", every=1.0)
    worker.stop()
    assert worker.running.returncode == 0


def test_the_process_for_long_work_ends_with_its_worker(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    worker = site.start("worker")
    wait_until(lambda: len(listening_to(own_redis, MAKE_ARCHIVES)) == 1, "a process for long work")
    os.kill(worker.running.pid, signal.SIGKILL)
    wait_until(lambda: listening_to(own_redis, MAKE_ARCHIVES) == [], "its end")
