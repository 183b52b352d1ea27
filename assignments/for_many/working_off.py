"""One batch of an act for many people: done or taken back, and written down, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from assignments.for_many.doing import do_batch
from assignments.for_many.record import ActForMany, ActKind
from assignments.for_many.taking_back import take_back_batch
from kernel.tasks.claims import Claim, finish, hold, release
from messages.ways import Ways


def work_off_batch(session: Session, claimed: Claim[ActForMany], *, limit: int, ways: Ways, now: datetime) -> bool:
    """Do the next ``limit`` people, then give the act back; a batch that is not full was the last and ends it. Returns
    whether messages may be owed.

    Raises ``ClaimLost`` when somebody has taken it back, or another worker has taken it over.
    """
    act = hold(session, claimed)
    if act.taking_back_at is not None:
        seen = take_back_batch(session, act, limit=limit, now=now)
    else:
        seen = do_batch(session, act, limit=limit, ways=ways, now=now)
    if seen < limit:
        finish(session, claimed, ended_at=now)
    else:
        release(session, claimed, failures=0, retry_at=None, failure_reason=None)
    return act.kind is not ActKind.NUDGE or act.taking_back_at is None
