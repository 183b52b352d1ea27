"""Work off the runs that people started: issue, or issue anew, a batch of each in turn."""

from app.jobs.task_loop import work_off
from app.platform.badge_settings import ring_for_ended_badges
from app.platform.work import unit_of_work
from assignments.ends import ends_of
from certificates.batches.working_off import work_off_batch
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.runs import RUNS, CertificateRun
from kernel.clock import utc_now
from kernel.tasks.claims import Claim

BATCH = 200


def work_off_runs() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(RUNS, _batch)


def _batch(claimed: Claim[CertificateRun]) -> None:
    with unit_of_work() as work:
        batch = work_off_batch(work.session, claimed, limit=BATCH, now=utc_now(), ends_of=ends_of)
        if batch.issued:
            work.ring_after_commit(RENDER_CERTIFICATES)
            ring_for_ended_badges(work)
