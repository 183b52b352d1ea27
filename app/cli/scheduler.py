"""The scheduler: it rings for housekeeping, and goes on when Redis goes away and comes back."""

import logging
import signal
from contextlib import suppress
from itertools import count
from threading import Event
from typing import cast

import click
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from rq.cron import CronScheduler

from app.platform.presence import HOUSEKEEPING_SECONDS
from app.platform.queue import (
    HOUSEKEEPING,
    ROUNDS_BETWEEN_CHECKS,
    RedisBell,
    bell,
    ring,
)
from certificates.file_care.file_checks import CHECK_FILES


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
        ring(HOUSEKEEPING)
        if next(rounds) % ROUNDS_BETWEEN_CHECKS == 0:
            ring(CHECK_FILES)
        with suppress(RedisError):
            presence.heartbeat()
        stop.wait(HOUSEKEEPING_SECONDS)
    with suppress(RedisError):
        presence.register_death()
