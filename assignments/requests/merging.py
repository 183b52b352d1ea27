"""Two records that turn out to be of one person may both hold an open request about a course: the later one stands."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.requests.record import LearnerRequest
from assignments.requests.settling import close

TWICE = "It closed by itself: you asked about the same course twice, and what you asked later stands."


def close_earlier(session: Session, *, person_ids: tuple[int, int], now: datetime) -> int:
    """Before two records become one: close the earlier of two open requests about a course; returns how many."""
    rows = session.scalars(
        select(LearnerRequest)
        .where(LearnerRequest.person_id.in_(person_ids), LearnerRequest.decided_at.is_(None))
        .order_by(LearnerRequest.asked_at, LearnerRequest.id)
        .with_for_update()
    ).all()
    about: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        about[row.organisation_id, row.course_id].append(row.id)
    earlier = [key for keys in about.values() for key in keys[:-1]]
    return close(session, earlier, TWICE, now=now) if earlier else 0
