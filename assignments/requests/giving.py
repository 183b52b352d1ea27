"""More time for somebody who asks by telephone or in person: kept as their request, and granted at once."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from assignments.requests.asking import NewRequest, ask, find_asking
from assignments.requests.deciding import Decision, decide
from assignments.requests.listing import open_requests_of
from assignments.requests.record import Outcome, RequestKind
from kernel.clock import local_day
from kernel.errors import RuleBroken

OTHER_AUTHORITY = "Another authority asks this course of them earlier. Its HR team can give them more time"
WAITS = "They have asked about this course already. Answer that instead"


@dataclass(frozen=True)
class TimeGiven:
    """Whose, of which authority, about which course, until when and why."""

    person_id: int
    organisation_id: int
    course_id: int
    until: date | None
    reason: str


def give_more_time(session: Session, given: TimeGiven, *, by: int | None, now: datetime) -> int:
    """Note what they ask, grant it, and owe them the news; returns the id of the request.

    Raises ``RuleBroken``, with the field, as for a request and its answer; also while one waits for an answer.
    """
    on = local_day(now)
    asked = find_asking(session, person_id=given.person_id, course_id=given.course_id, on=on)
    if asked is not None and asked.plan.organisation_id != given.organisation_id:
        raise RuleBroken(OTHER_AUTHORITY)
    here = [given.organisation_id]
    if open_requests_of(session, person_id=given.person_id, organisation_ids=here, course_id=given.course_id):
        raise RuleBroken(WAITS)
    new = NewRequest(RequestKind.MORE_TIME, given.reason, given.until)
    request_id = ask(session, new, person_id=given.person_id, course_id=given.course_id, by=by, now=now)
    granted = Decision(Outcome.GRANTED, "", given.until)
    decide(session, request_id=request_id, decision=granted, by=by, now=now)
    return request_id
