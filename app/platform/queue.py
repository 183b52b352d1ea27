"""The bell. Jobs are named, never imported, so that a web process does not load WeasyPrint.

A lost bell loses nothing: the promise is a row, and housekeeping rings again.
"""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, WatchError
from redis.retry import Retry
from rq import Queue

from app.platform.presence import living_schedulers, living_workers
from assignments.checking.record import COUNT_STANDINGS
from assignments.for_many.record import WORK_OFF_ACTS
from assignments.reminders.daily import NOTE_REMINDERS
from certificates.badges.making import SIGN_BADGES
from certificates.badges.status import PUBLISH_STATUS
from certificates.file_care.file_checks import CHECK_FILES
from certificates.file_care.lost_files import RECREATE_FILES
from certificates.making.derived_files import MAKE_DERIVED_FILES
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.runs import WORK_OFF_RUNS
from certificates.zips.requests import MAKE_ARCHIVES
from config import Settings
from courses.corrections.declaring import MOVE_ATTEMPTS
from courses.history.stored import WORK_OFF_HISTORY
from kernel.audit_seals.sealing import SEAL_TRAIL
from messages.by_text.proving import SEND_CODES
from messages.by_text.sending import SEND_TEXTS
from messages.ledger import SEND_MESSAGES
from people.feed.runs.record import APPLY_FEEDS
from people.feed.sources.record import FETCH_FEEDS
from people.ways_in.rounds import BEGIN_ROUNDS, MAKE_WAYS_IN
from people.ways_in.zips import ZIP_SHEETS
from privacy.erasing.files import DELETE_ERASED_FILES
from privacy.leaving.record import MAKE_EXPORTS
from privacy.retention.applying import APPLY_RETENTION
from reports.items.snapshots import COUNT_ITEMS
from reports.month_ends.due import KEEP_COUNTS
from reports.paper.record import MAKE_PAPERS
from reports.session_pack import MAKE_SESSION_PACKS

# So many rounds of housekeeping lie between two looks at whether the nightly check of all files is due.
ROUNDS_BETWEEN_CHECKS = 10
# On this one queue the release before asked for everything. Workers listen to it last; the next release drops it.
OLD_QUEUE = "common-ground"

# Job -> the function that a worker imports and calls without arguments, the most urgent first. Each has a queue of its
# own: workers take from the first one that holds something, and whether one waits already is one look.
HOUSEKEEPING = "keep-house"
READ_BOUNCES = "read-bounces"
SHORT = {
    HOUSEKEEPING: "app.jobs.housekeeping.run_housekeeping",
    SEND_CODES: "app.jobs.telling.codes.send_mobile_codes",
    SEND_MESSAGES: "app.jobs.messages.send_waiting",
    SEND_TEXTS: "app.jobs.telling.texts.send_texts",
    MAKE_DERIVED_FILES: "app.jobs.derived_files.make_derived_files",
    SIGN_BADGES: "app.jobs.badges.sign_badges",
    PUBLISH_STATUS: "app.jobs.badges.publish_status",
    RENDER_CERTIFICATES: "app.jobs.certificates.render_waiting",
    MAKE_SESSION_PACKS: "app.jobs.session_packs.make_waiting",
    WORK_OFF_ACTS: "app.jobs.asked.acts_for_many.work_off_acts",
    MAKE_PAPERS: "app.jobs.papers.making.make_papers",
    WORK_OFF_RUNS: "app.jobs.certificate_runs.work_off_runs",
    WORK_OFF_HISTORY: "app.jobs.imports.past_learning.work_off_history",
    BEGIN_ROUNDS: "app.jobs.ways_in.making.begin_rounds",
    MAKE_WAYS_IN: "app.jobs.ways_in.making.make_ways_in",
}
# What takes long, and cannot always give way to others in the middle: done by a process beside the worker's own.
LONG = {
    FETCH_FEEDS: "app.jobs.imports.sources.fetch_feeds",
    APPLY_FEEDS: "app.jobs.imports.feeds.apply_feeds",
    READ_BOUNCES: "app.jobs.imports.bounces.read_bounces",
    NOTE_REMINDERS: "app.jobs.asked.reminders.note_reminders",
    COUNT_STANDINGS: "app.jobs.asked.standings.count_standings",
    KEEP_COUNTS: "app.jobs.asked.kept_counts.keep_counts",
    MOVE_ATTEMPTS: "app.jobs.corrections.move_waiting",
    APPLY_RETENTION: "app.jobs.privacy.retention.apply_retention",
    DELETE_ERASED_FILES: "app.jobs.privacy.erased_files.delete_erased_files",
    SEAL_TRAIL: "app.jobs.audit_seals.seal_trail",
    COUNT_ITEMS: "app.jobs.item_counts.count_waiting",
    RECREATE_FILES: "app.jobs.certificate_files.recreate_files",
    ZIP_SHEETS: "app.jobs.ways_in.zipping.zip_sheets",
    MAKE_ARCHIVES: "app.jobs.certificate_archives.make_archives",
    MAKE_EXPORTS: "app.jobs.privacy.exports.make_exports",
    CHECK_FILES: "app.jobs.certificate_files.check_files",
}
JOBS = {**SHORT, **LONG}

# A job that is not done by then is ended in the middle of what it does. A bucket takes its time with 22,000 files.
LONGEST_SECONDS = 300
LONGER = {KEEP_COUNTS: 3_600, MAKE_ARCHIVES: 3_600, MAKE_EXPORTS: 3_600}
# What RQ says of a job that failed; what became of its work stands in the rows.
FAILED_SECONDS = 86_400

log = logging.getLogger(__name__)


class Bell(Protocol):
    """What wakes the workers."""

    def ring(self, job: str) -> None:
        """Ask for one run of ``job``, soon."""
        ...

    def must_give_way(self, job: str) -> bool:
        """Whether something more urgent waits for the process that works on ``job``."""
        ...

    def is_reachable(self) -> bool:
        """Whether a ring would be heard now."""
        ...

    def living_processes(self, now: datetime) -> dict[str, bool]:
        """Whether a worker and a scheduler live, by name."""
        ...


class RedisBell:
    """RQ on Redis. A job finds all work that is due when it begins, so one that waits in its queue is enough."""

    def __init__(self, url: str) -> None:
        self.url = url
        # A learner's request must not hang on a dead Redis: a second, and no second try.
        self.connection = Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1, retry=Retry(NoBackoff(), 0))
        self.queues = {job: Queue(queue_name(job), connection=self.connection) for job in JOBS}

    def worker_connection(self) -> Redis:
        """A connection that waits for work as long as it must, for the processes that do nothing else."""
        return Redis.from_url(self.url)

    def ring(self, job: str) -> None:
        queue = self.queues[job]
        # One that waits begins later than now, so it sees what was committed. One that runs may have looked before:
        # it has left the queue, and the next one waits behind it.
        if queue.count:
            return
        seconds = LONGER.get(job, LONGEST_SECONDS)
        with self.connection.pipeline() as pipeline, suppress(WatchError):  # somebody else was faster by a moment
            pipeline.watch(queue.key)  # type: ignore[no-untyped-call]  # redis leaves it without types
            if not pipeline.llen(queue.key):
                queue.enqueue(
                    JOBS[job], result_ttl=0, failure_ttl=FAILED_SECONDS, job_timeout=seconds, pipeline=pipeline
                )
                pipeline.execute()

    def must_give_way(self, job: str) -> bool:
        together = tuple(SHORT if job in SHORT else LONG)
        before = [self.queues[one].key for one in together[: together.index(job)]]
        return bool(before) and bool(self.connection.exists(*before))

    def is_reachable(self) -> bool:
        try:
            return bool(self.connection.ping())
        except RedisError:
            return False

    def living_processes(self, now: datetime) -> dict[str, bool]:
        try:
            workers = living_workers(self.connection, queue_name(RENDER_CERTIFICATES), now=now)
            schedulers = living_schedulers(self.connection, now=now)
        except RedisError:
            return {"worker": False, "scheduler": False}
        return {"worker": bool(workers), "scheduler": bool(schedulers)}


def queue_name(job: str) -> str:
    """The queue in which a job waits."""
    return f"common-ground:{job}"


def must_give_way(job: str) -> bool:
    """Whether what works on ``job`` should end soon and ring for the rest, because something more urgent waits."""
    try:
        return bell().must_give_way(job)
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
