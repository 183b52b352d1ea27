"""Finds and ends processes that outlived the one that started them."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

# Every process that `make run` starts inherits this variable, with the folder as its value.
MARK = "COMMON_GROUND_STARTED_IN"
PROC = Path("/proc")
# A killed process goes as soon as the kernel gets to it.
KILLED_WITHIN = 2.0


def marked(folder: Path) -> list[int]:
    """The processes of this user that an earlier `make run` in this folder started."""
    wanted = f"{MARK}={folder}".encode("utf-8", "surrogateescape")
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


def _session(pid: int) -> int | None:
    """The session of a living process; None when it has gone or only waits to be reaped."""
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The command in brackets may itself hold spaces and brackets (proc_pid_stat(5)).
    state, _parent, _group, session, *_rest = text.rpartition(")")[2].split()
    return None if state == "Z" else int(session)
