"""`make run`: set up what is missing, start every process, say where to look, and stop cleanly.

python -m tools.run           with PORT and HOST in the environment
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tools import address, database, demo_settings, embedded_redis, leftovers, readiness, setup
from tools.address import Address
from tools.console import Stop, finish, say
from tools.places import HERE, Places
from tools.processes import processes_for
from tools.supervisor import Supervisor

READY_WITHIN = 60.0
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
    places = HERE
    # Until the processes run, being asked to stop is as good as Ctrl-C: it ends pip and npm too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = address.wanted(os.environ)
    setup.check_can_write(places)
    with _only_one(places):
        _end_leftovers(places)
        address.check_is_free(chosen)
        setup.for_running(places)
        _serve(places, chosen)
    return 0


def _serve(places: Places, chosen: Address) -> None:
    socket = embedded_redis.socket_path(places)
    settings = demo_settings.ensure(places, os.environ)
    environ = {**os.environ, **settings, leftovers.MARK: str(places.root), "PYTHONUNBUFFERED": "1"}
    database.ensure(places, settings, environ)
    processes = processes_for(
        places,
        host=chosen.host,
        port=chosen.port,
        redis_socket=socket,
        settings=settings,
        workers=_worker_count(os.environ),
    )
    stopping = _Stopping()
    supervisor = Supervisor(cwd=places.root, logs=places.logs, environ=environ)
    try:
        supervisor.keep(process for process in processes if not process.waits_for_web)
        _wait_until_ready(supervisor, stopping, places, chosen)
        supervisor.keep(process for process in processes if process.waits_for_web)
        _keep_running(supervisor, stopping)
    finally:
        if stopping.asked:
            say("\nStopping …")
        supervisor.stop(patience=STOP_WITHIN)
        leftovers.end(lambda: leftovers.marked(places.root), patience=1.0)
        embedded_redis.tidy(places, socket)


def _wait_until_ready(supervisor: Supervisor, stopping: _Stopping, places: Places, chosen: Address) -> None:
    limit = time.monotonic() + READY_WITHIN
    while not stopping.asked:
        if readiness.is_ready(chosen.reachable_host, chosen.port):
            say(readiness.announcement(chosen.url, readiness.read_accounts(places.accounts)))
            return
        for ending in supervisor.tend():
            if ending.name == "web":
                raise Stop(f"The web server {ending.reason} while it started: var/log/web.log says why.")
        if time.monotonic() > limit:
            raise Stop(f"Common Ground was not ready in {READY_WITHIN:.0f} seconds: the files in var/log/ say why.")
        time.sleep(LOOK_EVERY)


def _keep_running(supervisor: Supervisor, stopping: _Stopping) -> None:
    while not stopping.asked:
        for ending in supervisor.tend():
            say(f"The {ending.name} process {ending.reason}; it is being started again.")
        time.sleep(LOOK_EVERY)


@contextmanager
def _only_one(places: Places) -> Iterator[None]:
    """Hold the folder for this run; the kernel lets go of it however we end."""
    with (places.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                "Common Ground already runs from this folder: use it, or press Ctrl-C where it was started."
            ) from None
        yield


def _end_leftovers(places: Places) -> None:
    """End what a run that was killed outright could not end itself."""
    if leftovers.marked(places.root):
        say("Ending the processes that an earlier run left behind.")
        leftovers.end(lambda: leftovers.marked(places.root), patience=STOP_WITHIN)


def _worker_count(environ: Mapping[str, str]) -> int:
    text = environ.get("COMMON_GROUND_WORKERS", "2")
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Stop(f"COMMON_GROUND_WORKERS is {text!r} and must be a whole number above 0.")
    return int(text)


if __name__ == "__main__":
    finish(main)
