"""Applying the rules once a day, in portions, each with its entry in the audit trail."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.tasks.background import BackgroundTask, background_kind, want
from privacy.retention.records import count_past, let_go
from privacy.retention.rules import FIRST, RecordKind, day_before_which, time_kept, unit_of

APPLY_RETENTION = "apply-retention"
RETENTION = background_kind(APPLY_RETENTION, lease=timedelta(minutes=5))
_DAILY = "daily"
AT_ONCE = 50


def want_daily(session: Session, *, now: datetime) -> bool:
    """Want the rules applied, once a day where there are any; whether that is new.

    A rule that nobody set wants nothing while there is nothing that it would let go.
    """
    if not any(_has_work(session, kind, time, local_day(now)) for kind, time in time_kept(session).items()):
        return False
    last = session.scalar(
        select(BackgroundTask.wanted_at).where(RETENTION.rows, BackgroundTask.subject == _DAILY).limit(1)
    )
    if last is not None and local_day(last) >= local_day(now):
        return False
    want(session, RETENTION, subject=_DAILY, now=now)
    return True


def _has_work(session: Session, kind: RecordKind, time: int | None, on: date) -> bool:
    if time is None:
        return False
    return kind not in FIRST or count_past(session, kind, before=day_before_which(kind, time, on=on)) > 0


def apply_portion(session: Session, kind: RecordKind, *, now: datetime) -> int:
    """Let the next portion of a kind go by the rule that holds now; returns how many, 0 when none is left."""
    time = time_kept(session)[kind]
    if time is None:
        return 0
    on = local_day(now)
    before: date = day_before_which(kind, time, on=on)
    count = let_go(session, kind, before=before, on=on, now=now, most=AT_ONCE)
    if count:
        record(
            session,
            action="retention-applied",
            subject_type="retention",
            subject_id=kind.value,
            actor_account_id=None,
            now=now,
            detail={"count": count, f"{unit_of(kind)}s": time},
        )
    return count
