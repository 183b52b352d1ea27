"""Plan HR files that came, apply those that somebody let go on, and undo those that somebody takes back."""

from datetime import timedelta
from functools import partial

from app.jobs.heartbeat import heartbeat
from app.jobs.task_loop import work_off
from app.platform.feeds import take_step
from kernel.errors import RuleBroken
from kernel.tasks.claims import Claim
from people.feed.reading.unreadable import UnreadableFile
from people.feed.runs.record import FEED_RUNS, FeedRun

# A plan of 300,000 rows takes some minutes; a worker that takes longer hangs.
LONGEST_SILENCE = timedelta(minutes=30)


def apply_feeds() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(FEED_RUNS, _take_step, final=(UnreadableFile, RuleBroken))


def _take_step(claimed: Claim[FeedRun]) -> None:
    take_step(claimed, partial(heartbeat, silence=LONGEST_SILENCE))
