"""What an HR lead can do at once for somebody who rings: on their page, in the order of the call."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.requests.asking import NewRequest, ask
from assignments.requests.record import LearnerRequest, Outcome, RequestKind
from assignments.requirements import Asking
from kernel.clock import local_day, utc_now
from messages.ledger import Message
from people.organisations import Organisation
from people.persons import Person
from tests.app.people.conftest import Region
from tests.builders.mail_transport import give_address
from tests.builders.programmes import ask_for
from tests.builders.region import a_course, a_person
from tests.reading import Browser

TODAY = local_day(utc_now())
DUE = TODAY + timedelta(days=20)
LATER = DUE + timedelta(days=14)
pytestmark = pytest.mark.usefixtures("transport")


@pytest.fixture
def amina(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Amina Okafor")
    give_address(session, person)
    course = a_course(session)
    organisation = session.get_one(Organisation, region.halton.organisation_id)
    ask_for(session, organisation, course.course_id, Asking(due=DueRule(day=DUE)))
    session.commit()
    return person


def url(person: Person) -> str:
    return f"/people/{person.id}"


def requests(session: Session, person: Person) -> list[LearnerRequest]:
    session.expire_all()
    rows = session.scalars(select(LearnerRequest).where(LearnerRequest.person_id == person.id))
    return list(rows)


def test_what_is_asked_is_explained_by_date_and_ends_with_the_reason(lead: Browser, amina: Person) -> None:
    page = lead.open(url(amina))
    assert "Amina Okafor has not finished Test course." in page.text
    assert "Halton Borough Council asked for Test course." in page.text
    assert "So the state is “Not started”." in page.text


def test_one_press_nudges_and_the_page_says_so_in_its_place(lead: Browser, session: Session, amina: Person) -> None:
    button = "Nudge Amina Okafor about Test course"
    said = lead.submit(url(amina), button)
    assert "Amina Okafor gets one message" in said.text
    assert "Nudged by" in said.text
    assert button not in said.buttons
    assert session.scalars(select(Message.kind).where(Message.person_id == amina.id)).all() == ["nudge"]


def test_more_time_that_is_asked_for_by_telephone_is_their_request_and_granted(
    lead: Browser, session: Session, amina: Person
) -> None:
    address = lead.open(url(amina)).links["Give more time"]
    page = lead.submit(
        address, "Give this time", until=[str(LATER.day), str(LATER.month), str(LATER.year)], reason="Night shifts"
    )
    assert "Amina Okafor has more time, and is told so" in page.text
    assert "Was given more time" in page.text
    (kept,) = requests(session, amina)
    assert (kept.kind, kept.outcome, kept.granted_until) == (RequestKind.MORE_TIME, Outcome.GRANTED, LATER)
    assert kept.words == "Night shifts"


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(lead: Browser, session: Session, amina: Person) -> None:
    address = lead.open(url(amina)).links["Give more time"]
    empty = lead.submit(address, "Give this time")
    assert empty.status == 422
    assert empty.errors == ["Enter the day until which time is needed", "Enter why they need more time"]
    early = lead.submit(address, "Give this time", until=["1", "1", str(TODAY.year)], reason="Night shifts")
    assert early.status == 422
    assert "or later" in early.errors[0]
    assert requests(session, amina) == []


def test_what_they_ask_stands_first_with_the_way_to_answer(lead: Browser, session: Session, amina: Person) -> None:
    course_id = a_course(session).course_id
    new = NewRequest(RequestKind.MORE_TIME, "I am on nights", LATER)
    ask(session, new, person_id=amina.id, course_id=course_id, by=None, now=utc_now())
    session.commit()
    page = lead.open(url(amina))
    assert "Amina Okafor asks for more time" in page.text
    assert "I am on nights" in page.text
    assert "Give more time" not in page.links
    assert lead.open(page.links["Answer"]).status == 200
    day = [str(LATER.day), str(LATER.month), str(LATER.year)]
    again = lead.submit(f"{url(amina)}/more-time/halton/test-course", "Give this time", until=day, reason="Nights")
    assert again.errors == ["They have asked about this course already. Answer that instead"]


def test_nobody_acts_on_somebody_else_s_people(lead: Browser, session: Session, region: Region, amina: Person) -> None:
    for slug, course in (("knowsley", "test-course"), ("halton", "no-such-course"), ("nowhere", "test-course")):
        assert lead.open(f"{url(amina)}/more-time/{slug}/{course}").status == 404
    assert lead.open("/people/999999/more-time/halton/test-course").status == 404
