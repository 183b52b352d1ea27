"""The audit trail: whether its chain holds, and whether new entries are sealed."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.doctor.records import TOO_LONG
from app.platform.audit.broken_links import broken_words
from kernel.audit_seals.verifying import verify_trail


def check_trail(session: Session, *, now: datetime) -> Check:
    """Every entry is as it was sealed, and none has waited for its seal for ten minutes."""
    name, found = "audit trail", verify_trail(session)
    if found.broken is not None:
        return problem(
            name,
            f"{broken_words(found.broken)}. Keep the database as it is, compare it with a backup or an exported trail, "
            "and see docs/audit-trail.md.",
        )
    if found.oldest_unsealed_at is not None and found.oldest_unsealed_at < now - TOO_LONG:
        return problem(
            name,
            f"{found.unsealed} entries wait for their seal for more than 10 minutes. "
            "See the lines about the worker and the scheduler.",
        )
    return ok(name, f"{found.sealed} entries are as they were sealed.")
