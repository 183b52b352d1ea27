"""Workers that are killed at random moments, or two at once, until a piece of work is done."""

import random
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, update

from app.jobs.housekeeping import run_housekeeping
from app.platform.queue import ring
from courses.history.stored import HISTORY_RUNS
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskKind, TaskState
from people.feed.runs.record import FEED_RUNS
from people.ways_in.rounds import WAYS_IN
from tests.services.conftest import Site, wait_until

KILLS = 3
KINDS = {one.name: one for one in (FEED_RUNS, HISTORY_RUNS, WAYS_IN)}


def kill_again_and_again(site: Site, job: str, is_done: Callable[[], bool]) -> int:
    """Kill the worker at random moments, each time after a lease and a look of housekeeping; returns how often."""
    chance = random.Random(time.monotonic_ns())  # noqa: S311 - when to kill is no secret
    kills = 0
    for _ in range(KILLS):
        worker = site.start("worker")
        wake(site, job)
        wait_until(lambda: is_anything_in_hand(site, KINDS[job]) or is_done(), "a worker at work", every=0.005)
        time.sleep(chance.uniform(0, 0.6))
        worker.kill()
        kills += not is_done()
        grow_old(site, KINDS[job])
    site.start("worker")
    wake(site, job)
    wait_until(is_done, "the end of it", within=90)
    return kills


def two_at_once(site: Site, job: str, is_done: Callable[[], bool]) -> None:
    for _ in range(2):
        site.start("worker")
    wake(site, job)
    deadline = time.monotonic() + 90
    while not is_done() and time.monotonic() < deadline:  # a second one joins as soon as the first has taken the job
        wake(site, job)
        time.sleep(0.2)
    assert is_done()


def wake(site: Site, job: str) -> None:
    with site.app.app_context():
        run_housekeeping()
        ring(job)


def is_anything_in_hand(site: Site, kind: TaskKind[object]) -> bool:  # type: ignore[type-var]
    with site.session() as session:
        return bool(session.scalar(select(func.count()).where(kind.table.state == TaskState.WORKING)))


def grow_old(site: Site, kind: TaskKind[object]) -> None:  # type: ignore[type-var]
    """A lease later. A worker that was killed at the last moment five times would be given up: that is another test."""
    with site.session(is_writing=True) as session:
        old = utc_now() - kind.lease - timedelta(seconds=5)
        is_working = kind.table.state == TaskState.WORKING
        session.execute(update(kind.table).where(is_working).values(claimed_at=old, claims=1))
