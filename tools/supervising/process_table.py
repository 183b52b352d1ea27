"""Finds processes in the table of the kernel, also those that outlived the one that started them, and ends them."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

# Every process that `make run` starts inherits this variable, with the folder as its value.
STARTED_IN = "COMMON_GROUND_STARTED_IN"
PROC = Path("/proc")
# A killed process goes as soon as the kernel gets to it.
KILLED_WITHIN = 2.0


def marked(folder: Path) -> list[int]:
    """The processes of this user that an earlier `make run` in this folder started."""
    wanted = f"{STARTED_IN}={folder}".encode("utf-8", "surrogateescape")
    return [pid for pid in _processes() if pid != os.getpid() and wanted in _environment(pid)]


def in_session(session: int) -> list[int]:
    """The living processes of a session, which is to say a process and everything it started."""
    return [pid for pid in _processes() if _session(pid) == session]


def end(find: Callable[[], Iterable[int]], *, patience: float) -> None:
    """Ask what `find` finds to stop, wait up to `patience` seconds, then kill what is left."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, KILLED_WITHIN)):
        _signal(find(), number)
        limit = time.monotonic() + seconds
        while list(find()):
            if time.monotonic() > limit:
                break
            time.sleep(0.02)
        else:
            return


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def ticks(pid: int) -> int:
    """How long a process has used a processor, in clock ticks; 0 when it has gone."""
    fields = _stat(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0


def _session(pid: int) -> int | None:
    """The session of a living process; None when it has gone or only waits to be reaped."""
    fields = _stat(pid)
    return None if not fields or fields[0] == "Z" else int(fields[3])


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on: proc_pid_stat(5), fields 3 and later."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The command in brackets may itself hold spaces and brackets.
    return text.rpartition(")")[2].split()
