"""The worker: one process takes what people wait for, and one beside it what takes long, so that neither waits."""

import ctypes
import gc
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from time import sleep
from typing import ClassVar, cast

import click
from flask import current_app
from flask.cli import with_appcontext
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.job import Job

from app.cli.temporary_folder import remove_abandoned, temporary_folder_of_its_own
from app.platform.extensions import db
from app.platform.queue import JOBS, LONG, OLD_QUEUE, SHORT, RedisBell, bell, queue_name

# Loaded before the first fork, so that each job starts warm: WeasyPrint alone takes 0.7 s to import.
PRELOADED = sorted({function.rpartition(".")[0] for function in JOBS.values()})
RESTART_SECONDS = 2
_TEMPORARY_FOLDER = Path(tempfile.gettempdir())
_PR_SET_PDEATHSIG = 1  # prctl(2)


class PatientWorker(Worker):
    """Remembers whether it was asked to stop: RQ's own also stops, without a word, when it loses Redis."""

    was_asked_to_stop: ClassVar[bool] = False
    beside: "ClassVar[ProcessBeside | None]" = None

    def handle_warm_shutdown_request(self) -> None:
        PatientWorker.was_asked_to_stop = True

    def execute_job(self, job: Job, queue: Queue) -> None:
        if self.beside:
            self.beside.start_again_if_dead()
        with temporary_folder_of_its_own():
            super().execute_job(job, queue)

    def run_maintenance_tasks(self) -> None:
        remove_abandoned(_TEMPORARY_FOLDER)
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]  # RQ leaves it without types


@click.command()
@with_appcontext
def worker() -> None:
    """Do what is due: make certificates, send mail, and whatever else the queue asks for."""
    # Until RQ listens, which it does only after it has made itself known: nothing may stay of a worker that is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with temporary_folder_of_its_own():
        for name in PRELOADED:
            getattr(import_module(name), "warm_up", lambda: None)()
        gc.freeze()  # what is warm now stays shared with every fork, instead of being copied by its first collection
        # What is forked inherits the app context but must not share the parent's database connections.
        db.engine.dispose()
        with process_beside(LONG):
            _work_until_asked_to_stop((*map(queue_name, SHORT), OLD_QUEUE))


class ProcessBeside:
    """A second worker, forked from the first one, for some jobs alone. It costs little: what is loaded is shared."""

    def __init__(self, jobs: Iterable[str]) -> None:
        self._queues = tuple(map(queue_name, jobs))
        self._pid = self._fork()

    def start_again_if_dead(self) -> None:
        """Fork another one if somebody killed it."""
        if os.waitpid(self._pid, os.WNOHANG) != (0, 0):
            current_app.logger.error("The process beside the worker died; another one takes its place")
            self._pid = self._fork()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has done what it has in hand."""
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGTERM)
            os.waitpid(self._pid, 0)

    def _fork(self) -> int:
        parent, pid = os.getpid(), os.fork()
        if pid:
            return pid
        try:
            PatientWorker.beside = None
            _stop_with_parent(parent)
            with temporary_folder_of_its_own():
                _work_until_asked_to_stop(self._queues)
        except Exception:
            current_app.logger.exception("The process beside the worker ends")
        finally:
            os._exit(0)  # what is to be done at the end of the program is the parent's


@contextmanager
def process_beside(jobs: Iterable[str]) -> Iterator[None]:
    """Have these jobs done beside everything that the block does."""
    PatientWorker.beside = beside = ProcessBeside(jobs)
    try:
        yield
    finally:
        beside.stop()


def _stop_with_parent(parent: int) -> None:
    """Ask this process to stop when its parent is killed. Only Linux can do that."""
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # killed before we had said so
        os._exit(0)


def _work_until_asked_to_stop(queues: Sequence[str]) -> None:
    try:
        while not _work(queues):
            current_app.logger.warning("The worker lost Redis; it starts again in %s seconds", RESTART_SECONDS)
            sleep(RESTART_SECONDS)
    except (StopRequested, RedisError):  # asked to stop while it slept, with Redis or without
        return


def _work(queues: Sequence[str]) -> bool:
    """Work until somebody asks to stop (``True``) or Redis goes away (``False``)."""
    connection = cast(RedisBell, bell()).worker_connection()
    try:
        PatientWorker(queues, connection=connection).work(logging_level="WARNING")
    except RedisError as problem:
        current_app.logger.warning("Redis cannot be reached: %s", problem)
    return PatientWorker.was_asked_to_stop
