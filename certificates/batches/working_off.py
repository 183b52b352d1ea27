"""One batch of a run: done, counted and written down in one transaction, so that nothing is lost or done twice."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from certificates.batches.bulk_issuing import EndsOf, issue_batch, no_ends
from certificates.batches.bulk_reissuing import reissue_batch
from certificates.record.runs import Batch, CertificateRun, RunKind
from kernel.tasks.claims import Claim, finish, hold, release

# A certificate that is issued anew says what the one before it said.
STEPS: dict[RunKind, Callable[..., Batch]] = {RunKind.ISSUE: issue_batch, RunKind.REISSUE: reissue_batch}


def work_off_batch(
    session: Session, claimed: Claim[CertificateRun], *, limit: int, now: datetime, ends_of: EndsOf = no_ends
) -> Batch:
    """Do the next ``limit`` rows of a run, then give it back; a batch that is not full was the last and ends it.

    ``ends_of`` is as in ``issue_batch``.

    Raises ``ClaimLost`` when somebody has paused or cancelled it, or another worker has taken it over.
    """
    run = hold(session, claimed)
    more = {"ends_of": ends_of} if run.kind is RunKind.ISSUE else {}
    batch = STEPS[run.kind](session, run, limit=limit, now=now, **more)
    issued = run.issued + batch.issued
    if len(batch.handled) < limit:
        finish(session, claimed, issued=issued, handled_id=run.last_id, ended_at=now, open_key=None)
    else:
        as_new = {"failures": 0, "retry_at": None, "failure_reason": None}
        release(session, claimed, issued=issued, handled_id=batch.handled[-1], **as_new)
    return batch
