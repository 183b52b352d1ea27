"""What the last files would have done, against limits that somebody thinks of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.rounding import whole_percent
from people.feed.planning.brakes import Brake, is_above
from people.feed.runs.deciding import runs_of
from people.feed.runs.record import FeedRun

LOOKED_BACK = 10
# The sentence of a plan about what a brake watches; also what is counted of a plan that kept no more than that.
SENTENCE_OF = {
    Brake.LEAVERS: "leave",
    Brake.CHANGED_KEYS: "new-number",
    Brake.MOVED_EMAILS: "moved-email",
    Brake.JOINERS: "join",
    Brake.MOVES: "move",
}


@dataclass(frozen=True)
class PastShare:
    """How many of the jobs held then one file was about."""

    run_id: int
    planned_at: datetime
    count: int
    jobs: int

    @property
    def in_a_hundred(self) -> int:
        """The share in whole per cent."""
        return whole_percent(self.count, self.jobs)

    def is_stopped(self, limit: int) -> bool:
        """Whether a limit would have stopped it."""
        return is_above(self.count, jobs=self.jobs, limit=limit)


def past_shares(
    session: Session, *, organisation_id: int, applied_before: int | None = None
) -> dict[Brake, tuple[PastShare, ...]]:
    """What each brake would have seen in the last files, the newest first. A first file runs into none.

    With ``applied_before`` only files are looked at that were applied, and are older than that run.
    """
    found = runs_of(session, organisation_id=organisation_id, size=LOOKED_BACK)
    if applied_before is not None:
        found = tuple(run for run in found if run.is_applied and run.id < applied_before)
    runs = [run for run in found if run.plan.get("jobs")]
    return {brake: tuple(_share(run, brake) for run in runs) for brake in Brake}


def _share(run: FeedRun, brake: Brake) -> PastShare:
    said = {one["about"]: one["count"] for one in run.plan["sentences"]}
    count = run.plan.get("watched", {}).get(brake.value, said.get(SENTENCE_OF[brake], 0))
    return PastShare(run.id, run.planned_at, count, run.plan["jobs"])
