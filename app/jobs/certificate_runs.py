"""Work off the runs that people started: issue, or issue anew, batch by batch."""

from time import monotonic

from flask import current_app

from app.badges import ring_for_ended_badges
from app.queue import ring
from app.work import unit_of_work
from certificates.bulk_issuing import BatchOutcome, issue_batch
from certificates.bulk_reissuing import reissue_batch
from certificates.rendering import RENDER_CERTIFICATES
from certificates.runs import WORK_OFF_RUNS, CertificateRun, RunKind, note_failure, running_ids
from kernel.clock import utc_now

BATCH = 200
# The queue ends a job after five minutes: we stop between two batches before that and ring again.
LONGEST_RUN_SECONDS = 240

STEPS = {RunKind.ISSUE: issue_batch, RunKind.REISSUE: reissue_batch}


class RunsFailed(Exception):
    """Some batches could not be issued; their runs say why."""


def work_off_runs() -> None:
    """Take a batch of each run in turn until none is left. Raises ``RunsFailed`` at the end if any batch failed."""
    stop_at = monotonic() + LONGEST_RUN_SECONDS
    failed: list[str] = []
    waiting = _running()
    while waiting:
        waiting = [run_id for run_id in waiting if _goes_on(run_id, failed)]
        if waiting and monotonic() > stop_at:
            ring(WORK_OFF_RUNS)
            break
    if failed:
        raise RunsFailed("; ".join(failed))


def _running() -> list[int]:
    with unit_of_work() as work:
        return list(running_ids(work.session))


def _goes_on(run_id: int, failed: list[str]) -> bool:
    """Do one batch; whether there may be another."""
    try:
        return not _batch(run_id).is_over
    except Exception as problem:
        # Whatever it is: one run that fails must not keep the others from going on.
        current_app.logger.error("Certificate run %s failed", run_id, exc_info=problem)
        reason = str(problem) or repr(problem)
    with unit_of_work() as work:
        note_failure(work.session, run_id=run_id, reason=reason, now=utc_now())
    failed.append(f"run {run_id}: {reason}")
    return False


def _batch(run_id: int) -> BatchOutcome:
    with unit_of_work() as work:
        run = work.session.get_one(CertificateRun, run_id)
        outcome = STEPS[run.kind](work.session, run_id=run_id, limit=BATCH, now=utc_now())
        if outcome.issued:
            work.ring_after_commit(RENDER_CERTIFICATES)
            ring_for_ended_badges(work)
    return outcome
