"""What a learner asks about a course that is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.in_the_record import employers_of
from assignments.plans import plans_on
from assignments.requests.record import LearnerRequest, RequestKind
from assignments.requests.settling import settle
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of
from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import RuleBroken
from kernel.typed import composed

LONGEST_DAYS = 366
ASKED_ALREADY = "You have asked about this course already. You can ask again once you have the answer"
NOT_ASKED = "This course is not asked of you any more, so there is nothing to ask for"
_REASON = {
    RequestKind.MORE_TIME: "Enter why you need more time",
    RequestKind.NOT_FOR_ME: "Enter why this course is not for you",
    RequestKind.DONE_ALREADY: "Enter where and when you have done it",
}
# What somebody asked last of each course. Built once: every home page runs it.
_NEWEST = (
    select(LearnerRequest)
    .where(
        LearnerRequest.id.in_(
            select(func.max(LearnerRequest.id))
            .where(LearnerRequest.person_id == bindparam("person_id"))
            .group_by(LearnerRequest.course_id)
        )
    )
    .order_by(LearnerRequest.id)
)


@dataclass(frozen=True)
class NewRequest:
    """What somebody asks. ``wanted_on`` is for more time alone."""

    kind: RequestKind
    words: str
    wanted_on: date | None = None


def find_asking(session: Session, *, person_id: int, course_id: int, on: date) -> Asked | None:
    """By whom a course is asked of somebody who has not finished it; of several, the one with the earliest date."""
    employers = employers_of(session, person_id=person_id, on=on)
    only = (Requirement.organisation_id.in_(employers), Requirement.course_id == course_id)
    plans = plans_on(session, *only, on=on)
    found = [one for plan in plans for one in asked_of(session, [plan], on=on, person_ids=[person_id])]
    is_open = [one for one in found if one.finished_on is None]
    return min(is_open, key=lambda one: (one.due.due_on or date.max, one.plan.requirement_id), default=None)


def faults_in(new: NewRequest, due_on: date | None, *, on: date) -> dict[str, str]:
    """What is wrong with a request, by field; all of it at once. ``due_on`` is the date that they have now."""
    found = {} if composed(new.words) else {"words": _REASON[new.kind]}
    fault = fault_in_day(new.wanted_on, due_on, on=on) if new.kind is RequestKind.MORE_TIME else None
    return found | ({"wanted_on": fault} if fault else {})


def fault_in_day(day: date | None, due_on: date | None, *, on: date) -> str | None:
    """Why somebody cannot have time until a day; ``None`` where they can."""
    if due_on is None:
        return "There is no date, so nobody needs more time"
    if day is None:
        return "Enter the day until which time is needed"
    if day <= max(due_on, on - timedelta(days=1)):
        earliest = max(due_on + timedelta(days=1), on)
        return f"The day must be {day_in_words(earliest)} or later"
    latest = max(due_on, on) + timedelta(days=LONGEST_DAYS)
    if day > latest:
        return f"The day must be {day_in_words(latest)} or earlier"
    return None


def ask(session: Session, new: NewRequest, *, person_id: int, course_id: int, by: int | None, now: datetime) -> int:
    """Keep what somebody asks, for their HR team and their manager; returns its id.

    Raises ``RuleBroken``, also where they have an open request about the course already.
    """
    on = local_day(now)
    settle(session, LearnerRequest.person_id == person_id, now=now)
    asked = find_asking(session, person_id=person_id, course_id=course_id, on=on)
    if asked is None:
        raise RuleBroken(NOT_ASKED)
    for field, message in faults_in(new, asked.due.due_on, on=on).items():
        raise RuleBroken(message, field=field)
    row = LearnerRequest(
        person_id=person_id,
        organisation_id=asked.plan.organisation_id,
        course_id=course_id,
        kind=new.kind,
        words=composed(new.words),
        wanted_on=new.wanted_on if new.kind is RequestKind.MORE_TIME else None,
        asked_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # asked in another tab just now; the unique index decides
        raise RuleBroken(ASKED_ALREADY) from None
    _note(session, row, by, now)
    return row.id


def _note(session: Session, row: LearnerRequest, by: int | None, now: datetime) -> None:
    record(
        session,
        action="learner-request-sent",
        subject_type="person",
        subject_id=row.person_id,
        actor_account_id=by,
        now=now,
        detail={"course": row.course_id, "organisation_id": row.organisation_id, "request": row.kind.value},
    )


def newest_requests(session: Session, *, person_id: int) -> Mapping[int, LearnerRequest]:
    """By course, what somebody asked last."""
    return {one.course_id: one for one in session.scalars(_NEWEST, {"person_id": person_id})}
