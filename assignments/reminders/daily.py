"""Working out what is owed, once on each working day for each authority that asks for anything."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.requirements import Requirement
from kernel.clock import LOCAL, local_day
from kernel.tasks.background import BackgroundTask, background_kind, want
from people.organisations import Organisation

NOTE_REMINDERS = "note-reminders"
REMINDERS = background_kind(NOTE_REMINDERS, lease=timedelta(minutes=5))
# Two hours before the first reminder may go.
FROM = time(5)


def want_reminders(session: Session, *, now: datetime) -> bool:
    """Want the reminders of today worked out, unless they were; whether that is new."""
    today = local_day(now)
    if not is_working_day(today) or now.astimezone(LOCAL).time() < FROM:
        return False
    is_its = REMINDERS.rows & (BackgroundTask.subject == Organisation.slug)
    asks = select(Requirement.id).where(
        Requirement.organisation_id == Organisation.id, Requirement.withdrawn_at.is_(None)
    )
    rows = session.execute(
        select(Organisation.slug, BackgroundTask.wanted_at)
        .outerjoin(BackgroundTask, is_its)
        .where(asks.exists())
        .order_by(Organisation.slug)
    ).all()
    new = [slug for slug, wanted_at in rows if wanted_at is None or local_day(wanted_at) < today]
    for slug in new:
        want(session, REMINDERS, subject=slug, now=now)
    return bool(new)
