"""HR files that come by themselves: look at the sources that are due, and let plans go on where a source says so."""

from datetime import datetime

from app.jobs.task_loop import work_off
from app.platform.hr_sources.fetching import take_look
from kernel.tasks.control import is_any_due
from kernel.unit_of_work import UnitOfWork
from people.feed.runs.record import APPLY_FEEDS
from people.feed.sources.letting_go import drop_overtaken, let_clean_go
from people.feed.sources.looks import want_due
from people.feed.sources.record import FETCH_FEEDS, FETCHES


def fetch_feeds() -> None:
    """Go on until none is due. One that hangs keeps the others waiting for three minutes, and no longer.

    Raises ``TasksFailed`` at the end, where the fault was ours.
    """
    work_off(FETCHES, take_look)


def care_for_sources(work: UnitOfWork, *, now: datetime) -> None:
    """Note which sources are to be looked at by now, and what becomes of the plans of files that came."""
    want_due(work.session, now=now)
    if is_any_due(work.session, FETCHES, now=now):
        work.ring_after_commit(FETCH_FEEDS)
    drop_overtaken(work.session, now=now)
    if let_clean_go(work.session, now=now):
        work.ring_after_commit(APPLY_FEEDS)
