"""Apply and undo files of past learning, a batch of each in turn."""

from app.jobs.task_loop import work_off
from app.platform.work import unit_of_work
from certificates.record.missing_certificates import certified_completions
from courses.history.stored import HISTORY_RUNS, HistoryRun
from courses.history.working_off import work_off_batch
from kernel.clock import utc_now
from kernel.tasks.claims import Claim

BATCH = 500


def work_off_history() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(HISTORY_RUNS, _batch)


def _batch(claimed: Claim[HistoryRun]) -> None:
    with unit_of_work() as work:
        work_off_batch(work.session, claimed, certified=certified_completions(), limit=BATCH, now=utc_now())
