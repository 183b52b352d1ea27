"""More time is asked for, granted or refused; and what somebody says is wrong is answered in words."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.requests.asking import NewRequest, ask, newest_requests
from assignments.requests.deciding import Decision, decide
from assignments.requests.listing import RequestsScope, count_open, get_request, requests_page
from assignments.requests.merging import close_earlier
from assignments.requests.record import REQUEST_ANSWERED, LearnerRequest, Outcome, RequestKind
from assignments.requests.settling import settle
from assignments.requests.telling import compose_answer, request_in_words
from assignments.requirement_changes import get_requirement, withdraw_requirement
from assignments.requirements import require_course
from assignments.standing.explaining import ONESELF, Standing, explain
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import record_completion
from kernel.errors import NotFound, RuleBroken
from messages.ledger import Message
from people.jobs.absences import AbsenceKind
from people.merging.merging import merge_people, separate_people
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role
from tests.builders.region import (
    NOON,
    TODAY,
    a_course,
    a_person,
    a_unit,
    an_account,
    an_organisation,
    change_job,
    job_of,
)

DAY = timedelta(days=1)
DUE, WANTED = TODAY + 9 * DAY, TODAY + 40 * DAY
MORE_TIME = NewRequest(RequestKind.MORE_TIME, "We are short of staff", WANTED)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def course(session: Session, halton: Organisation) -> PublishOutcome:
    found = a_course(session)
    ids = [halton.id]
    require_course(
        session, course_id=found.course_id, organisation_ids=ids, account_id=None, now=NOON - 9 * DAY, due_on=DUE
    )
    return found


@pytest.fixture
def person(session: Session, unit: Unit) -> Person:
    return a_person(session, unit, "Bo Li")


def send(session: Session, person: Person, course: PublishOutcome, new: NewRequest = MORE_TIME) -> int:
    return ask(session, new, person_id=person.id, course_id=course.course_id, by=None, now=NOON)


def grant(session: Session, request_id: int, until: date = WANTED, by: int | None = None) -> None:
    decide(session, request_id=request_id, decision=Decision(Outcome.GRANTED, "", until), by=by, now=NOON)


def complete(session: Session, person: Person, course: PublishOutcome) -> None:
    record_completion(
        session, person_id=person.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )


def test_time_that_is_granted_is_the_date_from_that_day_on(
    session: Session, person: Person, course: PublishOutcome
) -> None:
    key = send(session, person, course)
    ids = {"person_id": person.id, "course_id": course.course_id}
    assert explain(session, **ids, on=TODAY).due_on == DUE
    grant(session, key, WANTED - 3 * DAY)
    assert explain(session, **ids, on=TODAY - DAY).due_on == DUE
    found = explain(session, **ids, on=TODAY, reader=ONESELF)
    assert (found.state, found.due_on, found.usual_on) == (Standing.DUE, WANTED - 3 * DAY, None)
    assert found.sentence == "You asked for more time and have until 28 December 2026 to complete Test course."
    assert explain(session, **ids, on=WANTED).sentence == (
        "Bo Li asked for more time and had until 28 December 2026 to complete Test course, and has not yet."
    )
    mine = required_courses_of(session, person_id=person.id, on=TODAY)[course.course_id]
    assert (mine.due_on, mine.is_given, mine.usual_on) == (WANTED - 3 * DAY, True, None)


def test_a_later_date_by_leave_wins_and_leave_never_uses_up_time_that_was_given(
    session: Session, person: Person, course: PublishOutcome
) -> None:
    grant(session, send(session, person, course), DUE + 2 * DAY)
    job = job_of(session, person)
    change_job(session, job, TODAY + DAY, away=AbsenceKind.LONG_LEAVE)
    change_job(session, job, TODAY + 21 * DAY, away=None)
    found = explain(session, person_id=person.id, course_id=course.course_id, on=TODAY + 21 * DAY)
    assert found.due_on is not None
    assert found.due_on >= TODAY + 29 * DAY


def test_a_refusal_is_told_in_words(session: Session, person: Person, course: PublishOutcome) -> None:
    key = send(session, person, course)
    with pytest.raises(RuleBroken, match="Enter your answer"):
        decide(session, request_id=key, decision=Decision(Outcome.REFUSED, " "), by=None, now=NOON)
    decide(session, request_id=key, decision=Decision(Outcome.REFUSED, "Take it on Friday"), by=None, now=NOON)
    assert explain(session, person_id=person.id, course_id=course.course_id, on=TODAY).due_on == DUE
    assert request_in_words(newest_requests(session, person_id=person.id)[course.course_id]) == (
        "You asked for more time on 21 November 2026, until 31 December 2026. "
        "That was refused. The answer: “Take it on Friday”"
    )
    (message,) = session.scalars(select(Message).where(Message.kind == REQUEST_ANSWERED)).all()
    composed = compose_answer(session, [message], now=NOON)
    assert composed.content is not None
    assert "Take it on Friday" in composed.content.paragraphs[0]
    assert send(session, person, course) != key


def test_something_that_is_wrong_is_answered_in_words(session: Session, person: Person, course: PublishOutcome) -> None:
    key = send(session, person, course, NewRequest(RequestKind.DONE_ALREADY, "In Wirral in May"))
    with pytest.raises(RuleBroken, match="Select what you decide"):
        grant(session, key)
    decide(session, request_id=key, decision=Decision(Outcome.ANSWERED, "Thank you"), by=None, now=NOON)
    assert session.get_one(LearnerRequest, key).answer == "Thank you"


def test_one_open_request_at_a_time(session: Session, person: Person, course: PublishOutcome) -> None:
    send(session, person, course)
    with pytest.raises(RuleBroken, match="asked about this course already"):
        send(session, person, course, NewRequest(RequestKind.NOT_FOR_ME, "I am a volunteer"))


def test_the_second_who_decides_reads_who_decided(
    session: Session, person: Person, unit: Unit, course: PublishOutcome
) -> None:
    lead = an_account(session, a_person(session, unit, "Ana Cruz"), Role.HR_LEAD, unit=unit)
    key = send(session, person, course)
    grant(session, key, by=lead.id)
    with pytest.raises(RuleBroken, match="Ana Cruz decided this on 21 November 2026: granted until 31 December 2026"):
        decide(session, request_id=key, decision=Decision(Outcome.REFUSED, "No"), by=None, now=NOON)
    own = an_account(session, person, Role.HR_LEAD, unit=unit)
    with pytest.raises(RuleBroken, match="cannot answer your own"):
        grant(session, send(session, person, course, NewRequest(RequestKind.NOT_FOR_ME, "No")), by=own.id)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewRequest(RequestKind.MORE_TIME, "x", None), "wanted_on"),
        (NewRequest(RequestKind.MORE_TIME, "x", TODAY - DAY), "wanted_on"),
        (NewRequest(RequestKind.MORE_TIME, "x", DUE), "wanted_on"),
        (NewRequest(RequestKind.MORE_TIME, "x", date.max), "wanted_on"),
        (NewRequest(RequestKind.MORE_TIME, "x", date.min), "wanted_on"),
        (NewRequest(RequestKind.MORE_TIME, "\x00 ", WANTED), "words"),
        (NewRequest(RequestKind.DONE_ALREADY, ""), "words"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(
    session: Session, person: Person, course: PublishOutcome, new: NewRequest, field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        send(session, person, course, new)
    assert refusal.value.field == field


def test_a_request_closes_by_itself_when_its_learner_finishes(
    session: Session, person: Person, course: PublishOutcome
) -> None:
    key = send(session, person, course)
    complete(session, person, course)
    with pytest.raises(RuleBroken, match="closed by itself: the course was finished"):
        grant(session, key)
    assert session.get_one(LearnerRequest, key).outcome is Outcome.CLOSED
    assert explain(session, person_id=person.id, course_id=course.course_id, on=TODAY).state is Standing.FINISHED
    with pytest.raises(RuleBroken, match="not asked of you any more"):
        send(session, person, course)


def test_a_request_closes_by_itself_when_the_course_is_no_longer_asked(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome
) -> None:
    key = send(session, person, course)
    held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
    withdraw_requirement(session, requirement_id=held.id, account_id=None, now=NOON)
    assert (settle(session, now=NOON), settle(session, now=NOON)) == (1, 0)
    assert session.get_one(LearnerRequest, key).answer == "It closed by itself: the course is not asked any more."
    (message,) = session.scalars(select(Message).where(Message.kind == REQUEST_ANSWERED)).all()
    content = compose_answer(session, [message], now=NOON).content
    assert content is not None
    assert content.subject == "What you asked about Test course is closed"
    assert "the course is not asked any more" in content.paragraphs[0]


@pytest.mark.parametrize("is_kept_later", [True, False])
def test_of_two_open_requests_of_records_that_are_merged_the_later_one_stands(
    session: Session, person: Person, unit: Unit, course: PublishOutcome, is_kept_later: bool
) -> None:
    other = a_person(session, unit, "Bo Li")
    early, late = (other, person) if is_kept_later else (person, other)
    first, second = send(session, early, course), send(session, late, course)
    assert close_earlier(session, person_ids=(person.id, other.id), now=NOON) == 1
    merge = merge_people(session, kept_person_id=person.id, merged_person_id=other.id, by=None, now=NOON)
    mine = session.scalars(select(LearnerRequest).where(LearnerRequest.person_id == person.id)).all()
    assert {one.id: one.outcome for one in mine} == {first: Outcome.CLOSED, second: None}
    assert "what you asked later stands" in session.get_one(LearnerRequest, first).answer
    separate_people(session, merge_id=merge.id, by=None, now=NOON)
    assert session.get_one(LearnerRequest, first if is_kept_later else second).person_id == other.id


def test_managers_see_what_their_own_units_ask(
    session: Session, person: Person, unit: Unit, halton: Organisation, course: PublishOutcome
) -> None:
    key = send(session, person, course)
    part, other = a_unit(session, halton, "Team", parent=unit), a_unit(session, halton, "Libraries")
    send(session, a_person(session, part, "Jo"), course)
    scopes = [RequestsScope(halton.id, ids, TODAY) for ids in ((), (unit.id,), (part.id,), (other.id,))]
    assert [count_open(session, one) for one in scopes] == [2, 2, 1, 0]
    page = requests_page(session, scopes[1], is_open=True, page=1, size=1)
    assert (page.found, page.lines[0].name) == (2, "Bo Li")
    assert get_request(session, scopes[1], request_id=key).course_title == "Test course"
    with pytest.raises(NotFound):
        get_request(session, scopes[3], request_id=key)
