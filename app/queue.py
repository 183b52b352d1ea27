"""The bell. Jobs are named, never imported, so that a web process does not load WeasyPrint.

A lost bell loses nothing: the promise is a row, and housekeeping rings again.
"""

import logging
from typing import Protocol

from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

from certificates.archives import MAKE_ARCHIVES
from certificates.badges.making import SIGN_BADGES
from certificates.badges.status import PUBLISH_STATUS
from certificates.extras import RENDER_EXTRAS
from certificates.file_checks import CHECK_FILES
from certificates.lost_files import RECREATE_FILES
from certificates.rendering import RENDER_CERTIFICATES
from certificates.runs import WORK_OFF_RUNS
from config import Settings
from people.messages import SEND_MESSAGES
from reports.items.snapshots import COUNT_ITEMS
from reports.session_pack import MAKE_SESSION_PACKS

QUEUE_NAME = "common-ground"
HOUSEKEEPING_SECONDS = 60
# So many rounds of housekeeping lie between two looks at whether the nightly check of all files is due.
ROUNDS_BETWEEN_CHECKS = 10

# Bell name -> the function that a worker imports and calls without arguments.
KEEP_HOUSE = "keep-house"
JOBS = {
    RENDER_CERTIFICATES: "app.jobs.certificates.render_waiting",
    RENDER_EXTRAS: "app.jobs.certificate_extras.render_extras",
    SIGN_BADGES: "app.jobs.badges.sign_badges",
    PUBLISH_STATUS: "app.jobs.badges.publish_status",
    WORK_OFF_RUNS: "app.jobs.certificate_runs.work_off_runs",
    MAKE_ARCHIVES: "app.jobs.certificate_archives.make_archives",
    MAKE_SESSION_PACKS: "app.jobs.session_packs.make_waiting",
    CHECK_FILES: "app.jobs.certificate_files.check_files",
    RECREATE_FILES: "app.jobs.certificate_files.recreate_files",
    SEND_MESSAGES: "app.jobs.messages.send_waiting",
    COUNT_ITEMS: "app.jobs.item_counts.count_waiting",
    KEEP_HOUSE: "app.jobs.housekeeping.keep_house",
}

# A job that is not done by then is ended in the middle of what it does. A bucket takes its time with 22,000 files.
LONGEST_SECONDS = 300
LONGER = {MAKE_ARCHIVES: 3_600}

log = logging.getLogger(__name__)


class Bell(Protocol):
    """What wakes the workers."""

    def ring(self, job: str) -> None:
        """Ask for one run of ``job``, soon."""
        ...

    def is_reachable(self) -> bool:
        """Whether a ring would be heard now."""
        ...


class RedisBell:
    """RQ on Redis. Every bell finds all work that is due, so one that waits in the queue is enough."""

    def __init__(self, url: str) -> None:
        self.url = url
        # A learner's request must not hang on a dead Redis: a second, and no second try.
        self.connection = Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1, retry=Retry(NoBackoff(), 0))
        self.queue = Queue(QUEUE_NAME, connection=self.connection)

    def worker_connection(self) -> Redis:
        """A connection that waits for work as long as it must, for the processes that do nothing else."""
        return Redis.from_url(self.url)

    def ring(self, job: str) -> None:
        self.queue.enqueue(JOBS[job], result_ttl=0, failure_ttl=86_400, job_timeout=LONGER.get(job, LONGEST_SECONDS))

    def is_reachable(self) -> bool:
        try:
            return bool(self.connection.ping())
        except RedisError:
            return False


def ring(job: str) -> None:
    """Wake the workers for ``job``; when the queue cannot be reached, say so in the log and carry on."""
    try:
        bell().ring(job)
    except RedisError as problem:
        log.warning("The queue cannot be reached (%s): %s waits for housekeeping", problem, job)


def bell() -> Bell:
    """The application's bell."""
    found: Bell = current_app.extensions["common-ground-bell"]
    return found


def init_queue(app: Flask, settings: Settings) -> None:
    """Give the application its bell; tests put one there that only listens."""
    app.extensions.setdefault("common-ground-bell", RedisBell(settings.redis_url))
