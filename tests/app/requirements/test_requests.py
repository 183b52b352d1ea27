"""A learner asks for more time or says what is wrong; HR leads and managers answer; the learner reads it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.requests.record import LearnerRequest
from assignments.requirement_changes import get_requirement, withdraw_requirement
from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import record_completion
from kernel.clock import local_day, utc_now
from people.accounts import Account
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

ASK, LIST = "/learning/asked/test-course", "/requirements/halton/requests"
TODAY = local_day(utc_now())
DUE, WANTED = TODAY + timedelta(days=5), TODAY + timedelta(days=40)


def typed(on: date) -> list[str]:
    return [str(on.day), str(on.month), str(on.year)]


def words(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session: Session, unit: Unit) -> PublishOutcome:
    found = a_course(session)
    ids = [unit.organisation_id]
    require_course(session, course_id=found.course_id, organisation_ids=ids, account_id=None, now=NOON, due_on=DUE)
    return found


@pytest.fixture
def person(session: Session, unit: Unit, course: PublishOutcome) -> Person:
    assert course
    return a_person(session, unit, "Bo Li")


@pytest.fixture
def learner(session: Session, person: Person) -> Account:
    found = an_account(session, person)
    session.commit()
    return found


@pytest.fixture
def lead(session: Session, unit: Unit) -> Account:
    found = an_account(session, a_person(session, unit, "Ana Cruz"), Role.HR_LEAD, unit=unit)
    session.commit()
    return found


@pytest.fixture
def manager(session: Session, unit: Unit) -> Account:
    found = an_account(session, a_person(session, unit, "Jo Park"), Role.MANAGER, unit=unit)
    session.commit()
    return found


def ask(browser: Browser, learner: Account, **other: object) -> str:
    fields = {"kind": "more-time", "wanted_on": typed(WANTED), "words": "We are short of staff"} | other
    return browser.enter_as(learner).submit(ASK, "Send it", **fields).text


def newest(session: Session) -> int:
    return session.scalar(select(func.max(LearnerRequest.id))) or 0


def test_more_time_is_asked_for_granted_and_read(browser: Browser, learner: Account, manager: Account) -> None:
    assert "It is sent" in ask(browser, learner)
    assert "nobody has answered yet" in browser.open("/learning").text
    assert "nobody has answered yet" in browser.open(ASK).text
    browser.enter_as(manager)
    found = browser.open(LIST)
    assert "Bo Li" in found.text
    assert f"More time until {words(WANTED)}" in found.text
    page = browser.open(found.links["Answer Bo Li about Test course"])
    assert "We are short of staff" in page.text
    assert f"Bo Li has until {words(DUE)}" in page.text
    done = browser.submit(page.url, "Send the answer", outcome="granted", until=typed(WANTED), answer="Of course")
    assert "They are told" in done.text
    assert "Nobody waits" in done.text
    assert f"Until {words(WANTED)}" in browser.open(f"{LIST}?state=decided").text
    assert f"Jo Park decided this on {words(TODAY)}" in browser.open(page.url).text
    mine = browser.enter_as(learner).open("/learning")
    assert f"You have time until {words(WANTED)}. The answer: “Of course”" in mine.text
    assert "You asked for more time and were given it" in mine.text
    assert f"You asked for more time and have until {words(WANTED)}" in browser.open("/learning/asked").text


def test_something_wrong_is_answered_in_words(
    session: Session, browser: Browser, learner: Account, lead: Account
) -> None:
    ask(browser, learner, kind="done-already", wanted_on=["", "", ""], words="In Wirral, in May")
    browser.enter_as(lead)
    assert "1 person waits for an answer" in browser.open("/requirements").text
    address = f"{LIST}/{newest(session)}"
    page = browser.open(address)
    assert "Exempt them from the course" in page.text
    assert "Enter your answer" in browser.submit(address, "Send the answer", answer="").text
    assert "They are told" in browser.submit(address, "Send the answer", answer="You are exempt now").text
    assert "You are exempt now" in browser.enter_as(learner).open("/learning").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": ""}, "Select what you want to say"),
        ({"kind": "a-pay-rise"}, "Select what you want to say"),
        ({"kind": "", "words": ""}, "Select what you want to say Enter why"),
        ({"words": " "}, "Enter why you need more time"),
        ({"words": "x" * 10_000}, "must be 600 characters or fewer"),
        ({"wanted_on": typed(TODAY - timedelta(days=1))}, "or later"),
        ({"wanted_on": typed(DUE)}, f"The day must be {words(DUE + timedelta(days=1))} or later"),
        ({"wanted_on": ["1", "1", "9999"]}, "or earlier"),
        ({"wanted_on": ["31", "2", str(TODAY.year + 1)]}, "must be a real date"),
        ({"wanted_on": ["", "", ""], "words": ""}, "Enter the day until which time is needed"),
        ({"wanted_on": ["", "", ""], "words": ""}, "Enter why you need more time"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    browser: Browser, learner: Account, fields: dict[str, object], said: str
) -> None:
    assert said in ask(browser, learner, **fields)


def test_a_learner_who_finished_meanwhile_needs_no_answer(
    session: Session, browser: Browser, learner: Account, lead: Account, course: PublishOutcome
) -> None:
    ask(browser, learner)
    address = f"{LIST}/{newest(session)}"
    ids = {"course_id": course.course_id, "course_version_id": course.version_id}
    record_completion(session, person_id=learner.person_id, cycle=1, **ids, now=utc_now())
    session.commit()
    browser.enter_as(lead)
    assert "Nobody waits" in browser.open(LIST).text
    assert "the course was finished" in browser.open(address).text
    assert "There is nothing to ask for" in browser.enter_as(learner).open(ASK).text


def test_who_may_not_answer_finds_nothing(session: Session, browser: Browser, learner: Account, lead: Account) -> None:
    ask(browser, learner)
    address = f"{LIST}/{newest(session)}"
    elsewhere = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    there = an_account(session, a_person(session, elsewhere, "Lead there"), Role.HR_LEAD, unit=elsewhere)
    session.commit()
    for account in (there, learner):
        browser.enter_as(account)
        assert browser.open(LIST).status in {403, 404}
        assert browser.open(address).status in {403, 404}
    assert browser.enter_as(there).open(address.replace("halton", "wirral")).status == 404
    assert browser.enter_as(lead).open(address).status == 200


def test_a_course_that_is_no_longer_asked_needs_no_request(
    session: Session, browser: Browser, learner: Account, unit: Unit, course: PublishOutcome
) -> None:
    held = get_requirement(session, course_id=course.course_id, organisation_id=unit.organisation_id)
    withdraw_requirement(session, requirement_id=held.id, account_id=None, now=utc_now())
    session.commit()
    browser.enter_as(learner)
    page = browser.open(ASK)
    assert "There is nothing to ask for" in page.text
