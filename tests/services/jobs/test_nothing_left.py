"""Nothing is left behind in the temporary folder and in Redis, however a job or its worker ends."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from rq import Worker
from rq.worker import WorkerStatus

from app.cli.temporary_folder import PREFIX
from app.platform.queue import JOBS, ring
from app.platform.work import unit_of_work
from certificates.making.rendering import CERTIFICATE_FILES
from certificates.zips.requests import ZIPS
from kernel.clock import utc_now
from kernel.tasks.background import want
from reports.items.snapshots import ITEM_COUNTS
from reports.session_pack import GENERAL, SESSION_PACKS
from tests.builders.tasks import count_open
from tests.services.conftest import OwnRedis, Site, finish, wait_until
from tests.services.jobs.test_queues import ask_for_a_zip, hold_the_zip_up
from tests.services.processes import Process

pytestmark = pytest.mark.slow
KINDS = (CERTIFICATE_FILES, ZIPS, SESSION_PACKS, ITEM_COUNTS)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the processes."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def is_idle(own_redis: OwnRedis) -> bool:
    """No job waits and none is being worked on."""
    client = own_redis.client()
    return not [*client.keys("rq:job:*"), *client.keys("rq:queue:*")]


def work_for_everybody(site: Site, own_redis: OwnRedis, name: str) -> None:
    """A certificate, a pack, a count, a zip, and every job once."""
    finish(site.browser(site.learner(name)))
    with site.app.app_context(), unit_of_work() as work:
        want(work.session, SESSION_PACKS, subject=f"{GENERAL}/1", now=utc_now())
        want(work.session, ITEM_COUNTS, subject="1", now=utc_now())
    ask_for_a_zip(site)
    with site.app.app_context():
        for job in JOBS:
            ring(job)
    wait_until(lambda: is_idle(own_redis), "the end of all jobs")
    with site.session() as session:
        assert [count_open(session, kind) for kind in KINDS] == [0] * len(KINDS)


def test_jobs_of_every_kind_leave_nothing(own_redis: OwnRedis, site: Site, temporary: Path) -> None:
    own_redis.start()
    worker = site.start("worker", is_fresh=True)
    work_for_everybody(site, own_redis, "Ada Okafor")
    before = what_stands(own_redis, temporary)
    work_for_everybody(site, own_redis, "Siân Nguyễn")
    assert what_stands(own_redis, temporary) == before
    worker.stop()
    assert list(temporary.iterdir()) == []
    client = own_redis.client()
    assert client.smembers("rq:workers") == set()
    assert all(client.ttl(key) > 0 for key in client.keys("rq:worker:*")), "the rest goes by itself"


def what_stands(own_redis: OwnRedis, temporary: Path) -> tuple[set[bytes], set[Path]]:
    """Every key and every file, once the folders of all jobs are gone: those of the worker's two processes stay.

    A job leaves its queue before its process has ended, and the worker writes down that it waits after that.
    """
    wait_until(lambda: are_waiting(own_redis), "workers that wait")
    wait_until(lambda: len(list(temporary.rglob(f"{PREFIX}*"))) == 2, "the end of what jobs left")
    return set(own_redis.client().keys()), set(temporary.rglob("*"))


def are_waiting(own_redis: OwnRedis, *processes: int | None) -> bool:
    """Whether all workers, or those in these processes, have done what they do before they wait for work."""
    workers = [one for one in Worker.all(own_redis.client()) if not processes or one.pid in processes]
    return bool(workers) and {one.get_state() for one in workers} == {WorkerStatus.IDLE}


def kill_the_job(worker: Process) -> None:
    """End the process that was forked for the zip, as the kernel does when memory runs out."""
    for beside in children(worker.running.pid):
        for job in children(beside):
            os.kill(job, signal.SIGKILL)


def children(parent: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def kill_all(worker: Process) -> None:
    worker.kill()


@pytest.mark.parametrize("kill", [kill_the_job, kill_all], ids=["its process alone", "with its worker"])
def test_a_killed_job_leaves_nothing(
    own_redis: OwnRedis, site: Site, temporary: Path, kill: Callable[[Process], None]
) -> None:
    own_redis.start()
    worker = site.start("worker", is_fresh=True)
    hold_the_zip_up(site)
    kill(worker)
    if worker.is_alive:
        wait_until(lambda: own_redis.client().keys("rq:queue:*") == [], "its end")
        worker.stop()
    after = site.start("worker", is_fresh=True)
    wait_until(lambda: are_waiting(own_redis, after.running.pid), "another worker that has tidied up")
    after.stop()
    assert list(temporary.iterdir()) == []
