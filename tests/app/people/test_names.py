"""Names are corrected by those who look after a record; certificates and lists go by the right one."""

import pytest
from sqlalchemy.orm import Session

from kernel.columns import length_of
from people.persons import Person
from tests.app.people.conftest import Region
from tests.builders.region import a_person
from tests.reading import Browser

SAVE = "Save the names"


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    person = a_person(session, region.halton, "Kim O\u2019Brien")
    session.commit()
    return person


def test_an_hr_lead_corrects_every_name(lead: Browser, session: Session, kim: Person) -> None:
    names = {"full": "王芳", "called": "Fang", "pronunciation": "wang FAHNG", "sorting": "Wang Fang"}
    page = lead.submit(f"/people/{kim.id}/names", SAVE, **names)
    assert (page.heading, "wang FAHNG" in page.text) == ("王芳", True)
    session.expire_all()
    assert (kim.chosen_name, kim.called, kim.sorting_name) == ("王芳", "Fang", "Wang Fang")
    assert "Lead Okafor changed the names of 王芳" in page.text
    assert [row["Name"] for row in lead.open("/people?name=fang").table("People who were found")] == ["王芳"]


def test_a_name_that_is_empty_or_too_long_is_refused(lead: Browser, session: Session, kim: Person) -> None:
    most = length_of(Person.called)
    page = lead.submit(f"/people/{kim.id}/names", SAVE, full=" \u200b ", called="x" * (most + 1))
    assert page.status == 422
    assert page.errors == ["Enter a name", f"Called must have {most} characters or fewer"]
    session.expire_all()
    assert kim.chosen_name == "Kim O\u2019Brien"


def test_names_of_people_elsewhere_do_not_exist(lead: Browser, session: Session, region: Region) -> None:
    other = a_person(session, region.sefton, "Kim There")
    session.commit()
    assert lead.open(f"/people/{other.id}/names").status == 404


def test_lists_of_an_authority_go_by_the_name_for_lists(lead: Browser, session: Session, region: Region) -> None:
    first, last = a_person(session, region.halton, "Zo\u00eb Kim"), a_person(session, region.halton, "Bo Kim")
    first.sorting_name = "Aaa"
    session.commit()
    shown = [row["Name"] for row in lead.open("/people?name=kim").table("People who were found")]
    assert shown == [first.chosen_name, last.chosen_name]
