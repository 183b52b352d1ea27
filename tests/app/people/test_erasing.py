"""Erasing a person takes two steps, and an admin."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from people.accounts import Account
from people.persons import ERASED_NAME, Person
from privacy.erasing.files import DELETE_ERASED_FILES
from tests.app.people.conftest import Region
from tests.builders.region import a_person, an_account
from tests.conftest import ListeningBell
from tests.reading import Browser

SURE = "I have made sure that this is the right person, and that nothing of it is needed any more"


@pytest.fixture
def amina(session: Session, region: Region) -> Account:
    account = an_account(session, a_person(session, region.halton, "Amina Khan", ends_on=date(2026, 1, 31)))
    session.commit()
    return account


def url(account: Account) -> str:
    return f"/people/{account.person_id}/erase"


def test_an_admin_sees_what_goes_and_what_stays_and_then_erases(
    admin: Browser, session: Session, amina: Account, bell: ListeningBell
) -> None:
    person_id = amina.person_id
    assert admin.open(f"/people/{person_id}").links["Erase this person"] == url(amina)
    page = admin.open(url(amina))
    assert page.heading == "Do you want to erase this person?"
    assert "1 job: the unit and the days" in page.text
    assert "0 completions" in page.text
    asked = admin.submit(url(amina), "Erase this person")
    assert (asked.status, len(asked.errors)) == (422, 2)
    session.expire_all()
    assert session.get_one(Person, person_id).chosen_name == "Amina Khan"
    done = admin.submit(url(amina), "Erase this person", reason="asked", is_sure="y")
    assert "The person is erased" in done.text
    assert DELETE_ERASED_FILES in bell.rung
    session.expire_all()
    assert session.get_one(Person, person_id).chosen_name == ERASED_NAME
    assert "is erased already" in admin.open(url(amina)).text


def test_somebody_who_still_works_here_is_not_erased(admin: Browser, session: Session, region: Region) -> None:
    account = an_account(session, a_person(session, region.halton, "Ben Still-Here"))
    session.commit()
    page = admin.open(url(account))
    assert "This person has a job that has not ended" in page.text
    assert "Erase this person" not in page.buttons


def test_for_hr_leads_there_is_no_such_page(app: Flask, lead: Browser, session: Session, region: Region) -> None:
    account = an_account(session, a_person(session, region.halton, "Ben Halton"))
    session.commit()
    assert lead.open(url(account)).status == 404
