"""Move people midway to the version that corrects theirs, a few at a time."""

from app.jobs.task_loop import work_off
from app.platform.work import unit_of_work
from courses.corrections.declaring import MOVES
from courses.corrections.moving import attempts_to_move, move_attempt
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, finish, hold, release

BATCH = 100


def move_waiting() -> None:
    """Move everybody whom a correction waits for. Raises ``TasksFailed`` at the end."""
    work_off(MOVES, _move_some)


def _move_some(claimed: Claim[BackgroundTask]) -> None:
    """Move a few in one transaction, and give the task back: whatever is more urgent goes before the rest."""
    now = utc_now()
    with unit_of_work() as work:
        correction_id = int(hold(work.session, claimed).subject)
        attempt_ids = attempts_to_move(work.session, correction_id=correction_id, limit=BATCH)
        for attempt_id in attempt_ids:
            work.publish(move_attempt(work.session, correction_id=correction_id, attempt_id=attempt_id, now=now))
        if attempt_ids:
            release(work.session, claimed)
        else:
            finish(work.session, claimed)
