"""Work off what was decided for many people: nudge, give time, exempt, or take back, a batch of each in turn."""

from app.jobs.task_loop import work_off
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from assignments.for_many.record import ACTS, ActForMany
from assignments.for_many.working_off import work_off_batch
from kernel.clock import utc_now
from kernel.tasks.claims import Claim
from messages.ledger import SEND_MESSAGES

BATCH = 200


def work_off_acts() -> None:
    """Go on until none is left. One that fails keeps no other from going on. Raises ``TasksFailed`` at the end."""
    work_off(ACTS, _batch)


def _batch(claimed: Claim[ActForMany]) -> None:
    with unit_of_work() as work:
        if work_off_batch(work.session, claimed, limit=BATCH, ways=ways_here(), now=utc_now()):
            work.ring_after_commit(SEND_MESSAGES)
