"""A date of birth is corrected by those who look after a record, and only where it is used."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from people.feed.mapping.mappings import Column
from people.feed.mapping.stored import keep_mapping
from people.feed.mapping.uses import ColumnUse
from people.persons import Person
from tests.app.people.conftest import Region
from tests.builders.region import NOON, a_person, an_account
from tests.people.feed.mapping.made import mapping_with
from tests.reading import Browser, Page

BORN = date(1980, 5, 17)
LABEL = "Date of birth"


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Kim O’Brien")
    session.commit()
    return person


@pytest.fixture
def used(session: Session, region: Region) -> None:
    """Halton’s mapping reads dates of birth."""
    mapping = mapping_with(Column("DOB", ColumnUse.BORN_ON))
    organisation_id = region.halton.organisation_id
    keep_mapping(session, organisation_id=organisation_id, name="Staff", mapping=mapping, by=None, now=NOON)
    session.commit()


def save(browser: Browser, person: Person, *parts: str) -> Page:
    return browser.submit(f"/people/{person.id}/names", "Save", born_on=list(parts))


def born(session: Session, person: Person) -> date | None:
    session.expire_all()
    return person.born_on


def test_an_hr_lead_sets_corrects_and_clears_it(lead: Browser, session: Session, kim: Person, used: None) -> None:
    page = save(lead, kim, "17", "5", "1980")
    assert "The names and the date of birth are saved" in page.text
    assert "Lead Okafor changed the date of birth of Kim O’Brien" in page.text
    assert "1980" not in page.text
    assert born(session, kim) == BORN
    assert lead.open(f"/people/{kim.id}/names").heading == "Names and date of birth"
    save(lead, kim, "18", "May", "1980")
    assert born(session, kim) == date(1980, 5, 18)
    save(lead, kim, "", "", "")
    assert born(session, kim) is None
    entries = entries_for(session, subject_type="person", subject_id=kim.id)
    changed = [one.detail for one in entries if one.action == "birth-date-changed"]
    assert changed == [{}, {}, {}]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (("17", "5", "1880"), "The date of birth must be in 1900 or later"),
        (("17", "5", "2190"), "The date of birth must be in the past"),
        (("17", "5", "2024"), "By this date of birth they are under 14"),
        (("31", "2", "1980"), "Date of birth must be a real date"),
    ],
)
def test_impossible_days_are_refused_and_no_name_is_saved(
    lead: Browser, session: Session, kim: Person, used: None, parts: tuple[str, ...], problem: str
) -> None:
    page = lead.submit(f"/people/{kim.id}/names", "Save", full="Kim Poe", born_on=list(parts))
    assert (page.status, page.errors) == (422, [problem])
    assert (born(session, kim), kim.chosen_name) == (None, "Kim O’Brien")


def test_where_nobody_uses_it_it_is_neither_asked_nor_taken(
    admin: Browser, lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    for browser in (admin, lead):
        page = browser.open(f"/people/{kim.id}/names")
        assert (page.heading, LABEL in page.text) == ("Names", False)
    page = lead.submit(f"/people/{kim.id}/names", "Save the names", called="Kim", born_on=["17", "5", "1980"])
    assert (page.status, born(session, kim), kim.called) == (200, None, "Kim")


def test_one_that_is_there_can_be_taken_out_and_other_authorities_do_not_ask(
    admin: Browser, session: Session, region: Region, kim: Person, used: None
) -> None:
    there = a_person(session, region.sefton, "Sefton Poe")
    has_one = a_person(session, region.sefton, "Bo Poe")
    has_one.born_on = BORN
    session.commit()
    assert LABEL not in admin.open(f"/people/{there.id}/names").text
    assert LABEL in admin.open(f"/people/{kim.id}/names").text
    save(admin, has_one, "", "", "")
    assert born(session, has_one) is None


def test_the_person_sees_it_and_no_page_about_them_does(
    app: Flask, lead: Browser, session: Session, kim: Person
) -> None:
    kim.born_on = BORN
    account = an_account(session, kim)
    session.commit()
    own = Browser(app).enter_as(account)
    with own.client.get("/account/held.json") as response:
        assert "1980-05-17" in response.get_data(as_text=True)
    assert "17 May 1980" in own.open("/account/held/you").text
    assert "1980" not in own.open("/account/names").text
    assert "1980" not in lead.open(f"/people/{kim.id}").text
    assert "1980" not in lead.open("/people?name=kim").text
