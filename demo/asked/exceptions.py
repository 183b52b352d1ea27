"""People of whom the course is not asked as of everybody: who is exempt, who asked for more time, and who waits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import ExemptionReason
from assignments.requests.asking import NewRequest, ask, find_asking
from assignments.requests.deciding import Decision, decide
from assignments.requests.record import Outcome, RequestKind
from demo.people import Person
from kernel.clock import local_day
from people.roles import Role, RoleGrant

_EXEMPT, _MORE_TIME = timedelta(days=80), timedelta(days=21)
# Where the date has gone by, some had more time and have used it up: they are reminded today.
_LATE_AGAIN, _EARLIER, _WEEK = 4, timedelta(days=20), timedelta(days=7)
_WORDS = (
    (RequestKind.MORE_TIME, "Two colleagues are away, and we cannot leave the counter before the end of the month."),
    (RequestKind.MORE_TIME, "My team moves to another building this week and next."),
    (RequestKind.DONE_ALREADY, "I took a course like this one with my last council, in spring."),
)


def add_exceptions(
    session: Session, people: Iterable[Person], *, organisation_ids: Mapping[str, int], course_id: int, now: datetime
) -> None:
    """In each authority one person is exempt, one has more time and two wait for an answer, as far as there are any
    who work there and have not finished."""
    leads = _leads(session)
    earlier = now - _EARLIER
    waiting = _have_not_finished(people, now)
    for slug, organisation_id in organisation_ids.items():
        found = [person.id for person in waiting if person.job.team.authority.slug == slug][: 4 + _LATE_AGAIN]
        by = leads.get(organisation_id)
        if found:
            _exempt(session, found[0], organisation_id, course_id, by, now)
        for person_id, (kind, words), is_first in zip(found[1:], _WORDS, (True, False, False), strict=False):
            _ask(session, person_id, course_id, NewRequest(kind, words), by if is_first else None, now)
        for person_id in found[4:]:
            _ask(session, person_id, course_id, NewRequest(*_WORDS[1]), by, earlier, until=local_day(now) - _WEEK)


def _leads(session: Session) -> dict[int, int]:
    """An HR lead's account by authority."""
    rows = session.execute(
        select(RoleGrant.organisation_id, RoleGrant.account_id)
        .where(RoleGrant.role == Role.HR_LEAD, RoleGrant.organisation_id.is_not(None))
        .order_by(RoleGrant.id.desc())
    )
    return {organisation_id: account_id for organisation_id, account_id in rows if organisation_id is not None}


def _have_not_finished(people: Iterable[Person], now: datetime) -> Sequence[Person]:
    """Those with one job who are at work and midway: nobody who signs in to the demo is needed for it."""
    today = local_day(now)
    return [
        one
        for one in people
        if one.study is not None and one.completed_at is None and len(one.jobs) == 1 and one.job.is_at_work(today)
    ]


def _exempt(
    session: Session, person_id: int, organisation_id: int, course_id: int, by: int | None, now: datetime
) -> None:
    today = local_day(now)
    evidence = "Leaves at the end of the quarter, says the notice of May"
    new = NewExemption(
        person_id, organisation_id, course_id, ExemptionReason.LEAVES_SOON, evidence, today, today + _EXEMPT
    )
    give_exemption(session, new, by=by, now=now)


def _ask(
    session: Session,
    person_id: int,
    course_id: int,
    new: NewRequest,
    by: int | None,
    now: datetime,
    *,
    until: date | None = None,
) -> None:
    """Ask, and let ``by`` give the time that was asked for; nobody answers yet without one.

    ``until`` is only asked for by those who were late already at that moment.
    """
    asked = find_asking(session, person_id=person_id, course_id=course_id, on=local_day(now))
    if asked is None or asked.due.due_on is None or (until is not None and asked.due.due_on >= local_day(now)):
        return
    until = until or max(asked.due.due_on, local_day(now)) + _MORE_TIME
    wanted = NewRequest(new.kind, new.words, until if new.kind is RequestKind.MORE_TIME else None)
    request_id = ask(session, wanted, person_id=person_id, course_id=course_id, by=None, now=now)
    if by is not None:
        decision = Decision(Outcome.GRANTED, "Of course. Take it when you are settled.", until)
        decide(session, request_id=request_id, decision=decision, by=by, now=now)
