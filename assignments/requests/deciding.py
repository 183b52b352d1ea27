"""Answering what a learner asks: more time until a day, a refusal in words, or an answer in words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.requests.asking import fault_in_day, find_asking
from assignments.requests.record import REQUEST_ANSWERED, LearnerRequest, Outcome, RequestKind
from assignments.requests.settling import settle
from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import RuleBroken
from kernel.typed import composed
from messages.choices import next_daytime
from messages.ledger import note_message
from people.accounts import Account
from people.persons import Person

NOT_ONESELF = "You cannot answer your own request. Somebody else in HR can"


@dataclass(frozen=True)
class Decision:
    """What somebody decides: ``until`` for more time that is granted, and words to the learner."""

    outcome: Outcome
    answer: str = ""
    until: date | None = None


def faults_in_decision(session: Session, request: LearnerRequest, decision: Decision, *, on: date) -> dict[str, str]:
    """What is wrong with a decision, by field; all of it at once."""
    if decision.outcome is Outcome.GRANTED:
        asked = find_asking(session, person_id=request.person_id, course_id=request.course_id, on=on)
        fault = fault_in_day(decision.until, asked.due.due_on if asked else None, on=on)
        return {"until": fault} if fault else {}
    if not composed(decision.answer):
        return {"answer": "Enter your answer: they read it in these words"}
    return {}


def decide(session: Session, *, request_id: int, decision: Decision, by: int | None, now: datetime) -> None:
    """Answer a request, and owe the learner the news. Of two who decide at once one does; the other reads who did.

    Raises ``RuleBroken``, also for one's own request and for one that was closed or decided meanwhile.
    """
    settle(session, LearnerRequest.id == request_id, now=now)
    request = session.get_one(LearnerRequest, request_id, populate_existing=True)
    if by is not None and session.scalar(select(Account.person_id).where(Account.id == by)) == request.person_id:
        raise RuleBroken(NOT_ONESELF)
    if request.decided_at is not None:
        raise RuleBroken(decided_in_words(session, request))
    _check_kind(request, decision)
    for field, message in faults_in_decision(session, request, decision, on=local_day(now)).items():
        raise RuleBroken(message, field=field)
    values = {"outcome": decision.outcome, "granted_until": decision.until, "answer": composed(decision.answer)}
    is_mine = session.execute(
        update(LearnerRequest)
        .where(LearnerRequest.id == request_id, LearnerRequest.decided_at.is_(None))
        .values(**values, decided_at=now, decided_by_account_id=by)
        .returning(LearnerRequest.id)
    ).all()
    if not is_mine:
        session.refresh(request)
        raise RuleBroken(decided_in_words(session, request))
    session.refresh(request)
    _follow(session, request, decision, by, now)


def _check_kind(request: LearnerRequest, decision: Decision) -> None:
    possible = {Outcome.GRANTED, Outcome.REFUSED} if request.kind is RequestKind.MORE_TIME else {Outcome.ANSWERED}
    if decision.outcome not in possible:
        raise RuleBroken("Select what you decide", field="outcome")


def _follow(session: Session, request: LearnerRequest, decision: Decision, by: int | None, now: datetime) -> None:
    note_message(
        session,
        person_id=request.person_id,
        kind=REQUEST_ANSWERED,
        subject_id=request.id,
        now=now,
        due_at=next_daytime(now),
    )
    about = {"course": request.course_id, "organisation_id": request.organisation_id, "request": request.kind.value}
    until = {"ends_on": decision.until.isoformat()} if decision.until else {}
    record(
        session,
        action="learner-request-decided",
        subject_type="person",
        subject_id=request.person_id,
        actor_account_id=by,
        now=now,
        detail={**about, "decision": decision.outcome.value, **until},
    )


def decided_in_words(session: Session, request: LearnerRequest) -> str:
    """Who decided, when and how, for somebody who would have decided too."""
    if request.outcome is Outcome.CLOSED or request.decided_at is None:
        return f"There is nothing to decide any more. {request.answer}".rstrip(". ")
    decider = session.scalar(
        select(Person.chosen_name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == request.decided_by_account_id)
    )
    what = {
        Outcome.GRANTED: f"granted until {day_in_words(request.granted_until)}" if request.granted_until else "granted",
        Outcome.REFUSED: "refused",
    }.get(request.outcome or Outcome.ANSWERED, "answered")
    when = day_in_words(local_day(request.decided_at))
    return f"{decider or 'Somebody else'} decided this on {when}: {what}"
