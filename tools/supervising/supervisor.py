"""Keeps a set of processes running: starts again what dies, and leaves nothing behind when it stops."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.supervising import process_table
from tools.supervising.commands import Process

LARGEST_LOG = 5_000_000
SHORTEST_PAUSE = 0.1
LONGEST_PAUSE = 30.0
# A process that ran this long was well; the next pause starts short again.
SETTLED_AFTER = 10.0
LAST_LINES, LONGEST_LAST_WORDS = 4, 2_000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Ending:
    """A process that ended by itself; `reason` ends a sentence.

    `in_a_row` counts its deaths since it last ran for a while; `last_words` is the end of what it wrote this time.
    """

    name: str
    reason: str
    in_a_row: int = 1
    last_words: str = ""


class _Supervised:
    """One process and what is known of its past."""

    def __init__(self, process: Process, *, cwd: Path, log: Path, environ: Mapping[str, str]) -> None:
        self.process = process
        self._cwd = cwd
        self._log = log
        self._environ = environ
        self._running: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at = 0.0
        self._pause = SHORTEST_PAUSE
        self._deaths = 0
        self._log_began_at = 0

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._log_began_at = output.tell()
            self._running = subprocess.Popen(
                self.process.command,
                cwd=self._cwd,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches only us, and its descendants can be found again.
                start_new_session=True,
                preexec_fn=partial(_die_with, os.getpid()),
            )
        self._started_at = time.monotonic()

    def restart_dead(self) -> Ending | None:
        """Start the process if it is due; an `Ending` when it has just died."""
        now = time.monotonic()
        if self._running is None:
            if now >= self._start_again_at:
                self.start()
            return None
        status = self._running.poll()
        if status is None:
            return None
        # A killed parent leaves its children, which would hold the port or the job of the next one.
        self.end_all(patience=1.0)
        if now - self._started_at > SETTLED_AFTER:
            self._pause, self._deaths = SHORTEST_PAUSE, 0
        self._deaths += 1
        self._start_again_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._running = None
        return Ending(self.process.name, _reason(status), self._deaths, self._last_words())

    def _last_words(self) -> str:
        """The last lines of this time's log, without the blank ones."""
        with self._log.open("rb") as log:
            log.seek(max(self._log_began_at, log.seek(0, os.SEEK_END) - LONGEST_LAST_WORDS))
            lines = log.read().decode("utf-8", "replace").splitlines()
        return "\n".join([line for line in lines if line.strip()][-LAST_LINES:])

    def effort(self) -> int:
        """A number that grows while the process, or one that it started, works or writes: clock ticks and bytes."""
        if self._running is None:
            return 0
        ticks = sum(process_table.ticks(pid) for pid in process_table.in_session(self._running.pid))
        return ticks + self._log.stat().st_size

    def ask_to_stop(self) -> None:
        if self._running is not None:
            self._running.terminate()

    def has_stopped(self) -> bool:
        return self._running is None or self._running.poll() is not None

    def end_all(self, *, patience: float) -> None:
        """End the process and whatever it started."""
        if self._running is not None:
            process_table.end(partial(process_table.in_session, self._running.pid), patience=patience)


class Supervisor:
    """Runs processes with their output in log files of their own."""

    def __init__(self, *, cwd: Path, logs: Path, environ: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._cwd = cwd
        self._logs = logs
        self._environ = environ
        self._kept: list[_Supervised] = []
        self._waiting: list[Process] = []

    def supervise(self, processes: Iterable[Process]) -> None:
        """Start these too, and keep them running; those that wait for the web start with `keep_waiting_ones`."""
        for process in processes:
            if process.waits_for_web:
                self._waiting.append(process)
            else:
                self._start(process)

    def start_waiting(self) -> None:
        """Start those that waited for the web server."""
        while self._waiting:
            self._start(self._waiting.pop(0))

    def _start(self, process: Process) -> None:
        log = self._logs / f"{process.name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.old"))
        kept = _Supervised(process, cwd=self._cwd, log=log, environ=self._environ)
        self._kept.append(kept)
        kept.start()

    def restart_dead(self) -> list[Ending]:
        """Start again what has died; returns what died since the last call. Call it a few times a second."""
        return [ending for kept in self._kept if (ending := kept.restart_dead())]

    def effort(self) -> int:
        """A number that stays as it is only while none of the processes works or writes anything."""
        return sum(kept.effort() for kept in self._kept)

    def stop(self, *, patience: float) -> None:
        """End every process and all that it started, those that others lean on last."""
        for is_last in (False, True):
            chosen = [kept for kept in self._kept if kept.process.stops_last is is_last]
            for kept in chosen:
                kept.ask_to_stop()
            limit = time.monotonic() + patience
            while time.monotonic() < limit and not all(kept.has_stopped() for kept in chosen):
                time.sleep(0.02)
            for kept in chosen:
                kept.end_all(patience=0.5)


def _reason(status: int) -> str:
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"stopped with status {status}"


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process with its parent, even when that is killed outright (prctl(2))."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
