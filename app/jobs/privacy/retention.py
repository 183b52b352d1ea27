"""Apply the rules that say how long things are kept."""

from app.jobs.task_loop import work_off
from app.platform.queue import ring
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, extend, finish
from privacy.erasing.files import DELETE_ERASED_FILES
from privacy.retention.applying import RETENTION, apply_portion
from privacy.retention.rules import RecordKind


def apply_retention() -> None:
    """Let everything go whose time has passed, in portions: a killed worker costs one, and the next goes on."""
    work_off(RETENTION, _apply)


def _apply(claimed: Claim[BackgroundTask]) -> None:
    for kind in RecordKind:
        while _portion(claimed, kind):
            pass
    with unit_of_work() as work:
        finish(work.session, claimed)
    ring(DELETE_ERASED_FILES)


def _portion(claimed: Claim[BackgroundTask], kind: RecordKind) -> int:
    now = utc_now()
    with unit_of_work() as work:
        extend(work.session, claimed, now=now)
        return apply_portion(work.session, kind, now=now)
