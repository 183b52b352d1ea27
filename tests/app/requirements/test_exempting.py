"""HR leads exempt people of their authority, see who is exempt, and end it; nobody else sees that."""

import pytest
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from people.organisations import Unit
from people.persons import Person
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.clock import today
from tests.reading import Browser

LIST = "/requirements/halton/exemptions"


def typed(days: int) -> list[str]:
    on = today(days)
    return [str(on.day), str(on.month), str(on.year)]


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def person(session: Session, unit: Unit) -> Person:
    course = a_course(session)
    require_course(
        session, course_id=course.course_id, organisation_ids=[unit.organisation_id], account_id=None, now=NOON
    )
    return a_person(session, unit, "Bo Li")


@pytest.fixture
def lead(session: Session, browser: Browser, unit: Unit, person: Person) -> Browser:
    account = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    session.commit()
    return browser.enter_as(account)


def fields(**other: object) -> dict[str, object]:
    sent: dict[str, object] = {"course": "test-course", "reason": "leaves-soon", "evidence": "Leaves in May"}
    return sent | {"starts_on": typed(0), "ends_on": typed(30)} | other


def test_somebody_is_exempted_from_their_page_and_asked_again(lead: Browser, person: Person) -> None:
    asked = lead.open(f"/people/{person.id}/asked")
    page = lead.open(asked.links["Exempt them from a course"])
    assert "health" in page.text
    done = lead.submit(page.url, "Exempt them", **fields())
    assert "They are exempt" in done.text
    assert "Bo Li" in done.text
    assert "Leaves within 12 weeks: Leaves in May" in done.text
    assert "A lead" in done.text
    assert "Bo Li is exempt from Test course until" in lead.open(f"/people/{person.id}/asked").text
    assert "1 person is exempt" in lead.open("/council/halton/people?course=test-course&state=exempt").text
    ending = done.links["End the exemption of Bo Li from Test course"]
    assert "Enter why it ends" in lead.submit(ending, "End it", reason=" ").text
    assert "They are asked again" in lead.submit(ending, "End it", reason="Stays").text
    assert "Ended early: Stays" in lead.open(f"{LIST}?over=yes").text
    assert "over after" in lead.open(ending).text


def test_everything_that_is_wrong_is_said_at_once(lead: Browser, person: Person) -> None:
    page = lead.submit(
        f"{LIST}/new/{person.id}",
        "Exempt them",
        course="",
        reason="illness",
        evidence="x" * 10_000,
        starts_on=typed(-3),
        ends_on=typed(-4),
    )
    assert page.status == 422
    for said in (
        "Select a course",
        "Select why they are exempt",
        "must have 300 characters or fewer",
        "Tick the box to exempt them on days that are over",
        "The last day must not be before the first day",
    ):
        assert said in page.text
    far = lead.submit(f"{LIST}/new/{person.id}", "Exempt them", **fields(ends_on=["1", "1", "9999"]))
    assert "12 months at most" in far.text


def test_others_find_nothing(session: Session, browser: Browser, unit: Unit, person: Person) -> None:
    elsewhere = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    lead = an_account(session, a_person(session, elsewhere, "Lead there"), Role.HR_LEAD, unit=elsewhere)
    manager = an_account(session, a_person(session, unit, "Manager"), Role.MANAGER, unit=unit)
    session.commit()
    for account in (lead, manager):
        visitor = browser.enter_as(account)
        assert visitor.open(LIST).status in {403, 404}
        assert visitor.open(f"{LIST}/new/{person.id}").status in {403, 404}
    assert browser.enter_as(lead).open(f"/requirements/wirral/exemptions/new/{person.id}").status == 404


def test_exempting_begins_where_somebody_stands_with_the_only_course_chosen(lead: Browser, person: Person) -> None:
    address = f"{LIST}/new/{person.id}"
    for page in (f"/people/{person.id}", "/council/halton/people?course=test-course"):
        links = lead.open(page).links
        assert any("Exempt " in words and url.startswith(address) for words, url in links.items())
    form = lead.open(address).soup
    assert form.select_one("#course option[selected]")["value"] == "test-course"


def test_a_mass_nudge_says_whom_in_a_sentence(lead: Browser) -> None:
    page = lead.open("/council/halton/people/for-many/new/nudge?course=test-course&state=not-started")
    assert "The list: People who have not started." in page.text
