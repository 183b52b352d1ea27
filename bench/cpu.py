"""Processor time of other processes, as Linux counts it: on a machine that others use, it says more than the clock."""

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# In /proc/PID/stat behind the name (proc(5)): parent, session; own and waited-for children's user and system time.
_PARENT, _SESSION, _TIMES = 1, 3, slice(11, 15)


def of_sessions(leaders: Collection[int]) -> float:
    """Seconds spent so far by the processes of these sessions, and by those of them that have ended."""
    return _seconds(lambda _, fields: int(fields[_SESSION]) in leaders)


def of_family(parent: int) -> float:
    """Seconds spent so far by a process and its children, such as a PostgreSQL server and its backends."""
    return _seconds(lambda pid, fields: pid == parent or int(fields[_PARENT]) == parent)


def of_processes(pids: Collection[int]) -> float:
    """Seconds spent so far by these processes alone."""
    return _seconds(lambda pid, _: pid in pids)


def parent_of(pid: int) -> int | None:
    """The parent of a process, ``None`` when it does not run on this machine."""
    with suppress(OSError):
        return int(_fields(Path(f"/proc/{pid}/stat"))[_PARENT])
    return None


def _seconds(is_meant: Callable[[int, list[str]], bool]) -> float:
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = _fields(entry)
            if is_meant(int(entry.parent.name), fields):
                ticks += sum(map(int, fields[_TIMES]))
    return ticks / _TICKS


def _fields(entry: Path) -> list[str]:
    return entry.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
