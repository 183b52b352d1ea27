"""A course whose completion is valid for a time: when it can be taken again, and what stays of the time before."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.wiring import ensure_certificate
from assignments.due.rules import DueRule
from assignments.due.words import day_in_words
from assignments.periods.reckoning import RuleInForce, periods_of
from assignments.periods.rules import Lasts, PeriodRule
from assignments.requirements import Asking, require_course
from certificates.record.issuing import certificates_for
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.completion import find_completion
from kernel.clock import local_day, utc_now
from kernel.unit_of_work import UnitOfWork
from people.persons import Person
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.screens import take_course
from tests.reading import Browser

COURSE = "/courses/test-course"
NOTE = f"{COURSE}/first-steps/3"
DAY = timedelta(days=1)
RULE = PeriodRule(Lasts.MONTHS, 12, opens_days=60)


@pytest.fixture
def person(session: Session) -> Person:
    """Somebody of whom the course is asked, valid for a year."""
    now = utc_now()
    halton = an_organisation(session)
    course = a_course(session)
    person = a_person(session, a_unit(session, halton), starts_on=local_day(now - 2000 * DAY))
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=now - 1500 * DAY,
        asking=Asking(None, DueRule(), RULE),
    )
    session.commit()
    return person


@pytest.fixture
def learner(browser: Browser, session: Session, person: Person) -> Browser:
    account = an_account(session, person)
    session.commit()
    return browser.enter_as(account)


def complete(session: Session, person: Person, days_ago: int) -> tuple[str, str]:
    """Complete the course so many days ago, with a certificate; returns until when it is valid and when it opens."""
    at: datetime = utc_now() - days_ago * DAY
    take_course(session, person.id, at)
    session.commit()
    course_id = a_course(session).course_id
    completion = find_completion(session, person_id=person.id, course_id=course_id)
    assert completion is not None
    ensure_certificate(completion.id, UnitOfWork(session, {}), now=at)
    session.commit()
    (period,) = periods_of([local_day(at)], [RuleInForce(local_day(at), None, RULE)])
    assert period.valid_until is not None
    assert period.opens_on is not None
    return day_in_words(period.valid_until), day_in_words(period.opens_on)


def test_nobody_begins_again_before_the_window_and_is_told_when(
    learner: Browser, session: Session, person: Person
) -> None:
    until, opens = complete(session, person, 100)
    words = f"It is valid until {until}. You can take it again from {opens}."
    assert words in learner.open(COURSE).text
    assert words in learner.open("/learning").text
    assert "Take this course again" not in learner.open(COURSE).buttons
    token = learner.open(NOTE).form("Save my words")[1]["csrf_token"]
    learner.post(f"{COURSE}/begin", {"csrf_token": token})
    assert session.scalars(select(Attempt.cycle)).all() == [1]


def test_in_the_window_the_course_is_begun_afresh_and_everything_from_before_stays(
    learner: Browser, session: Session, person: Person
) -> None:
    until, _ = complete(session, person, 330)
    words = f"Take it again: what you completed is valid until {until}."
    page = learner.open(COURSE)
    assert words in page.text
    assert "You finished this on" in page.text
    home = learner.open("/learning").text
    assert words in home
    assert "Take Test course again when it suits you." in home
    assert f"Valid until {until}. We are preparing your certificate" in home
    learner.submit(NOTE, "Save my words", text="Ask who is left out")
    before = len(session.scalars(select(Answer.id)).all())
    learner.submit(COURSE, "Take this course again")
    learner.submit(f"{COURSE}/first-steps/1", "Continue")
    page = learner.open(COURSE)
    assert "0 of 2 modules done" in page.text
    assert "You finished this on" in page.text, "it is valid still"
    assert "Why is this incomplete?" not in page.text
    assert "In progress" in learner.open("/learning").text
    assert learner.open(NOTE.replace("/3", "/2")).status == 200
    learner.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    learner.submit(f"{COURSE}/first-steps/2", "Continue")
    assert learner.open(NOTE).form("Save my words")[1]["text"] == "Ask who is left out"
    learner.submit(NOTE, "Finish this module")
    page = learner.submit(f"{COURSE}/second-steps/1", "Check my answer", answer=["a", "b"])
    session.expire_all()
    first, second = reversed(certificates_for(session, person_id=person.id))
    assert first.number != second.number
    assert second.valid_until is not None
    assert second.valid_until > (first.valid_until or second.valid_until)
    assert len(session.scalars(select(Answer.id)).all()) == before + 2
    page = learner.open(COURSE)
    assert f"It is valid until {day_in_words(second.valid_until)}." in page.text
    assert "Take this course again" not in page.buttons
    for certificate in (first, second):
        assert certificate.valid_until is not None
        until = f"valid until {day_in_words(certificate.valid_until)}"
        assert until in learner.open(f"/verify/{certificate.number}").text, "the first one stays"


def test_once_it_is_over_the_page_says_so_and_two_tabs_begin_one(
    learner: Browser, session: Session, person: Person
) -> None:
    until, _ = complete(session, person, 500)
    assert f"and it was valid until {until}." in learner.open(COURSE).text
    home = learner.open("/learning").text
    assert f"and it was valid until {until}." in home
    assert "which has gone by" in home
    tabs = [learner.open(COURSE).form("Take this course again") for _ in range(2)]
    for address, values in tabs:
        learner.post(address, values)
    assert session.scalars(select(Attempt.cycle).order_by(Attempt.cycle)).all() == [1, 2]
    assert "Start again" in learner.open(COURSE).text
