"""Workers and a scheduler as processes of their own, each in a session, so that one dies with all that it forked."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bench.environment import ROOT

_PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20


class Crew:
    """So many workers and one scheduler, for as long as a ``with`` block lasts."""

    def __init__(self, environment: Mapping[str, str], log: Path, *, workers: int) -> None:
        self.environment, self.log, self.size = dict(environment), log, workers
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Crew":
        self.workers = [self._start("worker") for _ in range(self.size)]
        self.scheduler = self._start("scheduler")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None:
                kill_session(process)

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", command],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL to one worker and all that it forked; another takes its place."""
        place = chance.randrange(len(self.workers))
        kill_session(self.workers[place])
        self.workers[place] = self._start("worker")

    def largest_mib(self) -> float:
        """What the largest process of any worker holds in memory now."""
        found = [0.0]
        for worker in self.workers:
            for member in _members(worker.pid):
                with suppress(OSError, IndexError):
                    pages = Path(f"/proc/{member}/statm").read_text(encoding="ascii").split()[1]
                    found.append(int(pages) * _PAGE_MIB)
        return max(found)


def kill_session(leader: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process and to all of its session."""
    for member in _members(leader.pid):
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
    leader.wait()


def _members(leader: int) -> list[int]:
    """A work horse leaves its parent's process group, but not its session."""
    found = [leader]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(entry.parent.name))
    return found
