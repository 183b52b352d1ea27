"""A nudge for everybody whom a filter finds: counted first, then once for each."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.nudges import Nudge
from assignments.requirements import require_course
from kernel.audit import AuditEntry
from kernel.clock import utc_now
from messages.ledger import Message
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, a_course, a_person, an_account
from tests.reading import Browser
from tests.reports.taken_course import finish

pytestmark = pytest.mark.usefixtures("transport")

PAGE = "/council/halton/people/nudge"


@pytest.fixture
def five(session: Session, unit: Unit) -> list[Person]:
    """Two who can be reached, one without an address and one who has finished."""
    course = a_course(session)
    asked_at = NOON - timedelta(days=90)
    asking = [unit.organisation_id]
    require_course(session, course_id=course.course_id, organisation_ids=asking, account_id=None, now=asked_at)
    people = [a_person(session, unit, f"Person {letter}") for letter in "ABCD"]
    for number in (0, 1, 3):
        give_address(session, people[number], f"person{number}@halton.example")
    finish(session, course, people[3], unit, at=NOON)
    session.commit()
    return people


@pytest.mark.usefixtures("five")
def test_it_is_counted_first_and_each_gets_one_message(lead: Browser, session: Session) -> None:
    listed = lead.open("/council/halton/people?name=person")
    page = lead.open(listed.links["Nudge the people of this list"])
    assert "2 people get one message. Nothing is sent yet." in page.text
    assert "1 person whom neither email nor a text reaches" in page.text
    assert "Nothing to say to 1 person: they have finished, are on leave or are not asked" in page.text
    assert session.query(Message).count() == 0
    done = lead.submit(f"{PAGE}?name=person", "Nudge 2 people")
    assert "2 people get one message" in done.text
    assert session.query(Message).count() == 2
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "people-nudged")).one().detail["people"] == 2
    again = lead.open(f"{PAGE}?name=person")
    assert "0 people get one message" in again.text
    assert "2 people nudged in the last 7 days" in again.text
    assert "Nudge 2 people" not in again.buttons


def test_a_nudge_of_more_than_a_week_ago_gives_way(lead: Browser, session: Session, five: list[Person]) -> None:
    lead.submit(f"{PAGE}?name=person", "Nudge 2 people")
    session.query(Nudge).filter_by(person_id=five[0].id).update({"nudged_at": utc_now() - timedelta(days=8)})
    session.commit()
    lead.submit(f"{PAGE}?name=person", "Nudge 1 person")
    assert session.query(Message).count() == 3


@pytest.mark.usefixtures("five")
def test_managers_have_no_such_page(session: Session, unit: Unit, lead: Browser) -> None:
    account = an_account(session, a_person(session, name="Manager Ó Briain"), Role.MANAGER, unit=unit)
    session.commit()
    manager = Browser(lead.client.application).enter_as(account)
    assert "Nudge the people of this list" not in manager.open("/council/halton/people").links
    assert manager.open(PAGE).status == 404
