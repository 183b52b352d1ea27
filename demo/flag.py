"""The flag that says, for good, that a database holds made-up people. The application refuses it in production."""

from datetime import datetime

from sqlalchemy import exists, inspect, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, record

DEMO_BUILT = "demo-built"
_SUBJECT = "demo"


def flag_as_demo(session: Session, *, seed: int, people: int, now: datetime) -> None:
    """Write down, for good, that this database holds a demo region."""
    record(
        session,
        action=DEMO_BUILT,
        subject_type=_SUBJECT,
        subject_id=seed,
        actor_account_id=None,
        now=now,
        detail={"seed": seed, "people": people},
    )


def has_demo(session: Session) -> bool:
    """Whether a demo region was ever built in this database, which may still be without tables."""
    if not inspect(session.connection()).has_table(AuditEntry.__tablename__):
        return False
    # The subject is in the query because the index begins with it.
    found = select(AuditEntry.id).where(AuditEntry.subject_type == _SUBJECT, AuditEntry.action == DEMO_BUILT)
    return bool(session.scalar(select(exists(found))))
