"""How long one run of a job may last: whoever comes next is a fresh process, and nothing that was held is held on."""

import os
from contextlib import suppress
from pathlib import Path
from time import monotonic

from app.platform.queue import must_give_way

# The queue ends a job after five minutes, in the middle of whatever it does: we stop before that and wake it again.
LONGEST_SECONDS = 240
# Fonts cut for East Asian names stay in caches, ours and Pango's. A worker weighs 80 MiB when it starts.
MOST_GROWTH_MIB = 100
# Asking Redis costs less than a millisecond, and waking a job some forty.
LOOK_AFTER_SECONDS = 1.0
_PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20


class TimeLimit:
    """One run of a job, from now on."""

    def __init__(self, job: str, seconds: float = LONGEST_SECONDS) -> None:
        self.job = job
        self._looked_at = monotonic()
        self._ends_at = self._looked_at + seconds
        self._began_mib = resident_mib()

    @property
    def is_over(self) -> bool:
        """Whether it is time to wake the next run and end."""
        return (
            monotonic() > self._ends_at
            or resident_mib() - self._began_mib > MOST_GROWTH_MIB
            or self._something_more_urgent_waits()
        )

    def _something_more_urgent_waits(self) -> bool:
        if monotonic() - self._looked_at < LOOK_AFTER_SECONDS:
            return False
        self._looked_at = monotonic()
        return must_give_way(self.job)


def resident_mib() -> float:
    """What this process holds in memory now; 0 where the system does not say."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_MIB
    return 0.0
