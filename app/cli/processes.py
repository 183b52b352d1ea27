"""The processes beside the web server: workers keep promises, the scheduler rings for housekeeping.

Both go on when Redis goes away, and when it comes back; nobody has to start them again.
"""

import gc
import logging
import signal
from contextlib import suppress
from importlib import import_module
from itertools import count
from threading import Event
from time import sleep
from typing import ClassVar, cast

import click
from flask import current_app
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from rq import Worker
from rq.cron import CronScheduler
from rq.worker.base import StopRequested

from app.extensions import db
from app.queue import HOUSEKEEPING_SECONDS, JOBS, KEEP_HOUSE, QUEUE_NAME, ROUNDS_BETWEEN_CHECKS, RedisBell, bell, ring
from certificates.file_checks import CHECK_FILES

# Loaded before the first fork, so that each job starts warm: WeasyPrint alone takes 0.7 s to import.
PRELOADED = sorted({function.rpartition(".")[0] for function in JOBS.values()})
RESTART_SECONDS = 2


class PatientWorker(Worker):
    """Remembers whether it was asked to stop: RQ's own also stops, without a word, when it loses Redis."""

    was_asked_to_stop: ClassVar[bool] = False

    def handle_warm_shutdown_request(self) -> None:
        PatientWorker.was_asked_to_stop = True


@click.command()
@with_appcontext
def worker() -> None:
    """Keep promises: make certificates, and whatever else the queue rings for."""
    for name in PRELOADED:
        getattr(import_module(name), "warm_up", lambda: None)()
    gc.freeze()  # what is warm now stays shared with every fork, instead of being copied by its first collection
    # The forked job inherits the app context but must not share the parent's database connections.
    db.engine.dispose()
    try:
        while not _work():
            current_app.logger.warning("The worker lost Redis; it starts again in %s seconds", RESTART_SECONDS)
            sleep(RESTART_SECONDS)
    except (StopRequested, RedisError):  # asked to stop while it slept, with Redis or without
        return


def _work() -> bool:
    """Work until somebody asks to stop (``True``) or Redis goes away (``False``)."""
    connection = cast(RedisBell, bell()).worker_connection()
    try:
        PatientWorker([QUEUE_NAME], connection=connection).work(logging_level=logging.WARNING)
    except RedisError as problem:
        current_app.logger.warning("Redis cannot be reached: %s", problem)
    return PatientWorker.was_asked_to_stop


@click.command()
@with_appcontext
def scheduler() -> None:
    """Ring for housekeeping every minute, and now and then for the check of all files."""
    stop, rounds = Event(), count(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # RQ's own loop ends when it loses Redis; its registration is what the doctor and dashboards look for.
    presence = CronScheduler(cast(RedisBell, bell()).connection, logging_level=logging.WARNING)
    while not stop.is_set():
        ring(KEEP_HOUSE)
        if next(rounds) % ROUNDS_BETWEEN_CHECKS == 0:
            ring(CHECK_FILES)
        with suppress(RedisError):
            presence.heartbeat()
        stop.wait(HOUSEKEEPING_SECONDS)
    with suppress(RedisError):
        presence.register_death()
