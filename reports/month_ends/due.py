"""Which counts of month’s ends have to be made, made anew, or held against a full count tonight."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.requirements import Requirement
from kernel.clock import LOCAL, local_day
from kernel.tasks.background import BackgroundTask, background_kind, is_coming, want
from people.organisations import Organisation
from reports.earlier_days import first_day_of_record, month_end_before, published_days
from reports.kept.keeping import kept_on
from reports.kept.record import closed_until

KEEP_COUNTS = "keep-counts"
KEPT_COUNTS = background_kind(KEEP_COUNTS, lease=timedelta(minutes=5))
MONTHS = 12
# When everybody has gone home: who changes something about a day that is over meanwhile holds its closing up.
FROM = time(3)
# A record that is corrected all day long is counted anew now and then, and not after each correction.
_PAUSE = timedelta(minutes=30)


def day_to_close(now: datetime) -> date | None:
    """The end of the last month, once its last night is over; ``None`` in the night after it."""
    today = local_day(now)
    last = month_end_before(today - timedelta(days=1))
    is_tonight = last == today - timedelta(days=1) and now.astimezone(LOCAL).time() < FROM
    return None if is_tonight else last


def due_counts(session: Session, *, organisation_id: int, now: datetime) -> tuple[tuple[int, date], ...]:
    """By course and month’s end, the newest first: what is not kept or holds no more, and after three at night what was
    not checked yet."""
    first = first_day_of_record(session, organisation_id=organisation_id)
    closed = closed_until(session)
    if first is None or closed is None:
        return ()
    days = tuple(one for one in published_days(first=first, today=local_day(now))[:MONTHS] if one <= closed)
    since = _last_check(now)
    found = []
    for course_id in _courses(session, organisation_id):
        kept = kept_on(session, days, organisation_id=organisation_id, course_id=course_id, totals_alone=True)
        for day in days:
            row = kept.get(day)
            if row is None or row.checked_at is None or row.checked_at < since:
                found.append((course_id, day))
    return tuple(sorted(found, key=lambda one: (one[1], one[0]), reverse=True))


def _last_check(now: datetime) -> datetime:
    """Three o’clock of the last night."""
    today = local_day(now)
    day = today if now.astimezone(LOCAL).time() >= FROM else today - timedelta(days=1)
    return datetime.combine(day, FROM, LOCAL)


def _courses(session: Session, organisation_id: int) -> Sequence[int]:
    return session.scalars(
        select(Requirement.course_id)
        .where(Requirement.organisation_id == organisation_id, Requirement.withdrawn_at.is_(None))
        .distinct()
        .order_by(Requirement.course_id)
    ).all()


def want_kept(session: Session, *, now: datetime) -> bool:
    """Want the counts of each authority of which any is due, unless that was done just now; whether that is new."""
    asks = select(Requirement.id).where(
        Requirement.organisation_id == Organisation.id, Requirement.withdrawn_at.is_(None)
    )
    lately = select(BackgroundTask.id).where(
        KEPT_COUNTS.rows, BackgroundTask.subject == Organisation.slug, BackgroundTask.wanted_at > now - _PAUSE
    )
    rows = session.execute(
        select(Organisation.id, Organisation.slug).where(asks.exists(), ~lately.exists()).order_by(Organisation.slug)
    ).all()
    wanted = False
    for organisation_id, slug in rows:
        if is_coming(session, KEPT_COUNTS, subject=slug) or not _is_any_due(session, organisation_id, now):
            continue
        want(session, KEPT_COUNTS, subject=slug, now=now)
        wanted = True
    return wanted


def _is_any_due(session: Session, organisation_id: int, now: datetime) -> bool:
    closed, last = closed_until(session), day_to_close(now)
    if last is not None and (closed is None or closed < last):
        return True
    return bool(due_counts(session, organisation_id=organisation_id, now=now))
