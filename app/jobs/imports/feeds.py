"""Plan HR files that came, apply those that somebody let go on, and undo those that somebody takes back."""

from app.jobs.task_loop import work_off
from app.platform.feeds import take_step
from kernel.errors import RuleBroken
from people.feed.reading.unreadable import UnreadableFile
from people.feed.runs.record import FEED_RUNS


def apply_feeds() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(FEED_RUNS, take_step, final=(UnreadableFile, RuleBroken))
