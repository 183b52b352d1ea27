"""Read and plan large files of past learning, apply and undo them, a batch of each in turn."""

from app.jobs.heartbeat import heartbeat
from app.jobs.task_loop import work_off
from app.platform.sealed.past_learning import delete_file, planned_from_store
from app.platform.work import unit_of_work
from certificates.record.missing_certificates import certified_completions
from courses.amending.record import replaced_completions
from courses.history.planning import keep_plan
from courses.history.stored import HISTORY_RUNS, LONGEST_SILENCE, HistoryRun, Stage
from courses.history.working_off import OfOthers, work_off_batch
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, ClaimLost, finish, hold
from people.feed.reading.unreadable import UnreadableFile

BATCH = 500


def work_off_history() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(HISTORY_RUNS, _step)


def _step(claimed: Claim[HistoryRun]) -> None:
    (run,) = claimed.rows
    if run.stage is Stage.PLANNING:
        _plan(claimed, run)
        return
    with unit_of_work() as work:
        others = OfOthers(certified_completions(), replaced_completions())
        work_off_batch(work.session, claimed, others=others, limit=BATCH, now=utc_now())


def _plan(claimed: Claim[HistoryRun], run: HistoryRun) -> None:
    """Read without holding anything; store in one transaction what came of it. Raises ``ClaimLost``."""
    key = run.file_key or ""
    try:
        with heartbeat(claimed, silence=LONGEST_SILENCE):
            file, made = planned_from_store(run)
        with unit_of_work() as work:
            keep_plan(work.session, hold(work.session, claimed), file, made, now=utc_now())
            finish(work.session, claimed, stage=Stage.PLANNED, file_key=None)
    except UnreadableFile as problem:
        with unit_of_work() as work:
            reason = " ".join(problem.findings)[: HistoryRun.failure_reason.type.length]
            finish(work.session, claimed, stage=Stage.UNREADABLE, file_key=None, failure_reason=reason)
    except ClaimLost:
        with unit_of_work() as work:
            is_put_away = work.session.get_one(HistoryRun, claimed.id, populate_existing=True).stage is Stage.DISCARDED
        if is_put_away:
            delete_file(key)
        raise
    delete_file(key)
