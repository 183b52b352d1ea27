"""Requests that close by themselves: whoever has finished, or is asked no longer, needs no answer."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from assignments.plans import plans_on
from assignments.requests.record import REQUEST_ANSWERED, LearnerRequest, Outcome
from assignments.requirements import Requirement
from assignments.standing.people_asked import asked_of
from kernel.clock import local_day
from messages.choices import next_daytime
from messages.ledger import note_messages

FINISHED = "It closed by itself: the course was finished."
NOT_ASKED = "It closed by itself: the course is not asked any more."


def settle(session: Session, *only: ColumnElement[bool], now: datetime) -> int:
    """Close the open requests that need no answer any more, of those to which ``only`` applies; returns how many.

    One statement where none is open, as nearly always. Safe at any time, twice too.
    """
    session.flush()
    rows = session.execute(
        select(LearnerRequest.id, LearnerRequest.organisation_id, LearnerRequest.person_id, LearnerRequest.course_id)
        .where(LearnerRequest.decided_at.is_(None), *only)
        .order_by(LearnerRequest.id)
    ).all()
    by_authority: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for request_id, organisation_id, person_id, course_id in rows:
        by_authority[organisation_id].append((request_id, person_id, course_id))
    return sum(_settle(session, key, found, now) for key, found in by_authority.items())


def _settle(session: Session, organisation_id: int, found: list[tuple[int, int, int]], now: datetime) -> int:
    on = local_day(now)
    courses = {course_id for *_, course_id in found}
    only = (Requirement.organisation_id == organisation_id, Requirement.course_id.in_(courses))
    plans = plans_on(session, *only, on=on)
    people = {person_id for _, person_id, _ in found}
    finished: dict[tuple[int, int], date | None] = {
        (one.person_id, one.plan.course_id): one.finished_on
        for one in asked_of(session, plans, on=on, person_ids=people)
    }
    to_close: defaultdict[str, list[int]] = defaultdict(list)
    for request_id, *key in found:
        if (key[0], key[1]) not in finished:
            to_close[NOT_ASKED].append(request_id)
        elif finished[key[0], key[1]] is not None:
            to_close[FINISHED].append(request_id)
    return sum(close(session, request_ids, words, now=now) for words, request_ids in to_close.items())


def close(session: Session, request_ids: Sequence[int], words: str, *, now: datetime) -> int:
    """Close those of these requests that are open, with words to their learners, and owe them the news; returns how
    many."""
    closed = session.execute(
        update(LearnerRequest)
        .where(LearnerRequest.id.in_(request_ids), LearnerRequest.decided_at.is_(None))
        .values(outcome=Outcome.CLOSED, decided_at=now, answer=words)
        .returning(LearnerRequest.id, LearnerRequest.person_id)
    ).all()
    due_at = next_daytime(now)
    note_messages(session, kind=REQUEST_ANSWERED, people=dict(closed), now=now, due_at=due_at)
    return len(closed)
