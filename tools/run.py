"""`make run`: set up what is missing, start every process, say where to look, and stop cleanly.

python -m tools.run           with PORT and HOST in the environment
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tools import address, demo_settings, setup
from tools.address import Address
from tools.console import Stop, finish, say
from tools.installing import database
from tools.paths import HERE, Paths
from tools.supervising import embedded_redis, process_table, readiness
from tools.supervising.commands import processes_for
from tools.supervising.supervisor import Supervisor

# A start is given up when nothing works or writes for so long; a slow machine may take as long as it needs.
IDLE_FOR = 60.0
SAY_EVERY = 15.0
MOST_DEATHS = 3
# Long enough for a certificate that is being drawn; an unfinished job is taken up again at the next start.
STOP_WITHIN = 10.0
LOOK_EVERY = 0.1


class _Stopping:
    """Whether somebody has asked us to stop, with Ctrl-C or otherwise."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, *_: object) -> None:
        self.asked = True


def main() -> int:
    paths = HERE
    # Until the processes run, being asked to stop is as good as Ctrl-C: it ends pip and npm too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = address.wanted(os.environ)
    setup.check_can_write(paths)
    with _only_one(paths):
        _end_orphans(paths)
        address.check_is_free(chosen)
        setup.for_running(paths)
        _serve(paths, chosen)
    return 0


def _serve(paths: Paths, chosen: Address) -> None:
    socket = embedded_redis.socket_path(paths)
    settings = demo_settings.ensure(paths, os.environ)
    environ = {
        **paths.with_caches(os.environ),
        **settings,
        process_table.STARTED_IN: str(paths.root),
        "PYTHONUNBUFFERED": "1",
    }
    database.ensure(paths, settings, environ)
    processes = processes_for(
        paths,
        host=chosen.host,
        port=chosen.port,
        redis_socket=socket,
        settings=settings,
        workers=_worker_count(os.environ),
    )
    stopping = _Stopping()
    supervisor = Supervisor(cwd=paths.root, logs=paths.logs, environ=environ)
    try:
        supervisor.supervise(processes)
        _wait_until_ready(supervisor, stopping, paths, chosen)
        _keep_running(supervisor, stopping)
    finally:
        if stopping.asked:
            say("\nStopping …")
        supervisor.stop(patience=STOP_WITHIN)
        process_table.end(lambda: process_table.marked(paths.root), patience=1.0)
        embedded_redis.tidy(paths, socket)


def _wait_until_ready(supervisor: Supervisor, stopping: _Stopping, paths: Paths, chosen: Address) -> None:
    """Wait as long as the processes make progress, and say what for. The last two start when pages are there."""
    watched = _Progress(supervisor)
    while not stopping.asked:
        missing = readiness.missing(chosen.reachable_host, chosen.port)
        if readiness.are_pages_there(missing):
            supervisor.start_waiting()
        if missing == ():
            say(readiness.announcement(chosen.url, readiness.read_accounts(paths.accounts)))
            return
        _refuse_what_keeps_dying(supervisor)
        watched.look(readiness.in_words(missing))
        time.sleep(LOOK_EVERY)


def _refuse_what_keeps_dying(supervisor: Supervisor) -> None:
    for ending in supervisor.restart_dead():
        if ending.in_a_row >= MOST_DEATHS:
            raise Stop(
                f"The {ending.name} process {ending.reason}, {MOST_DEATHS} times in a row. "
                f"Its last words (all of them are in var/log/{ending.name}.log):\n{ending.last_words}"
            )


class _Progress:
    """Whether a start goes on; it is given up when nothing has moved for ``IDLE_FOR`` seconds."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._effort = -1
        self._moved_at = self._said_at = time.monotonic()

    def look(self, waiting_for: str) -> None:
        now, effort = time.monotonic(), self._supervisor.effort()
        if effort != self._effort:
            self._effort, self._moved_at = effort, now
        if now - self._moved_at > IDLE_FOR:
            raise Stop(
                f"Common Ground waited for {waiting_for}, and nothing happened for {IDLE_FOR:.0f} seconds: "
                "the files in var/log/ say why."
            )
        if now - self._said_at > SAY_EVERY:
            self._said_at = now
            say(f"Still starting: waiting for {waiting_for}.")


def _keep_running(supervisor: Supervisor, stopping: _Stopping) -> None:
    while not stopping.asked:
        for ending in supervisor.restart_dead():
            say(f"The {ending.name} process {ending.reason}; it is being started again.")
            if ending.in_a_row == MOST_DEATHS:
                say(f"{_meanwhile(ending.name)} var/log/{ending.name}.log ends with:\n{ending.last_words}")
        time.sleep(LOOK_EVERY)


def _meanwhile(name: str) -> str:
    """What does not happen while a process cannot be kept alive."""
    return {
        "web": "Nobody reaches a page until it lives:",
        "scheduler": "Nothing that is due by time happens until it lives:",
    }.get(name, "No certificate is made and no mail sent until it lives:")


@contextmanager
def _only_one(paths: Paths) -> Iterator[None]:
    """Hold the folder for this run; the kernel lets go of it however we end."""
    with (paths.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                "Common Ground already runs from this folder: use it, or press Ctrl-C where it was started."
            ) from None
        yield


def _end_orphans(paths: Paths) -> None:
    """End what a run that was killed outright could not end itself."""
    if process_table.marked(paths.root):
        say("Ending the processes that an earlier run left behind.")
        process_table.end(lambda: process_table.marked(paths.root), patience=STOP_WITHIN)


def _worker_count(environ: Mapping[str, str]) -> int:
    text = environ.get("COMMON_GROUND_WORKERS", "2")
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Stop(f"COMMON_GROUND_WORKERS is {text!r} and must be a whole number above 0.")
    return int(text)


if __name__ == "__main__":
    finish(main)
