"""The scheduler rings for housekeeping, whatever Redis does."""

import pytest
from rq import Queue
from rq.cron import CronScheduler

from app.platform.queue import HOUSEKEEPING, JOBS, queue_name
from kernel.tasks.kinds import TaskState
from tests.services.conftest import OwnRedis, Site, complete_many, wait_until

pytestmark = pytest.mark.slow


def rung(own_redis: OwnRedis) -> list[str]:
    return [job.func_name for job in Queue(queue_name(HOUSEKEEPING), connection=own_redis.client()).jobs]


def test_the_scheduler_rings_for_housekeeping_at_once(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    scheduler = site.start("scheduler", is_fresh=True)
    wait_until(lambda: rung(own_redis) == [JOBS[HOUSEKEEPING]], "a ring")
    wait_until(lambda: len(CronScheduler.all(own_redis.client())) == 1, "its registration")
    scheduler.stop()
    assert scheduler.running.returncode == 0
    assert CronScheduler.all(own_redis.client()) == []


def test_the_scheduler_goes_on_without_redis(site: Site) -> None:
    scheduler = site.start("scheduler")
    wait_until(lambda: "cannot be reached" in scheduler.log.read_text(), "a word about Redis")
    assert scheduler.is_alive
    scheduler.stop()
    assert scheduler.running.returncode == 0


def test_what_was_never_issued_is_noticed_and_made_without_anybody(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    complete_many(site, 3)
    site.start("worker")
    site.start("scheduler")
    wait_until(lambda: [c.state for c in site.certificates()] == [TaskState.DONE] * 3, "three certificates")
