"""People with a role in an HR file, on its pages: named, and for an admin to agree to."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from people.accounts import Account
from people.feed.runs.record import FeedRun
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.app.council.feed.conftest import an_hr_lead, staff
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_person, an_account
from tests.reading import Browser, Page


@pytest.fixture
def ending(app: Flask, session: Session, sefton: Organisation, kofi: Account) -> FeedRun:
    """A file, brought by Kofi, that ends the one job of Gwenllian, who is an HR lead too."""
    gwenllian = an_hr_lead(session, sefton, "Gwenllian Price")
    job = session.query(Employment).filter_by(organisation_id=sefton.id, payroll_number="00000").one()
    job.person_id = gwenllian.person_id
    session.get_one(Person, gwenllian.person_id).chosen_name = "Gwenllian Price"
    session.commit()
    with app.app_context():
        return plan_staff(session, sefton, *staff(40)[1:], everybody=True, by=kofi.id)


def in_one_line(page: Page) -> str:
    return " ".join(page.soup.get_text("").split())


def test_the_plan_and_the_page_of_the_decision_name_who_loses_access(
    app: Flask, session: Session, bringer: Browser, ending: FeedRun
) -> None:
    page = f"/council/sefton/feed/{ending.id}"
    said = "1 HR lead loses access, because their last job here ends. Gwenllian Price."
    assert said in in_one_line(bringer.open(page))
    before = bringer.open(f"{page}/decide?choice=all")
    assert said in in_one_line(before)
    assert "An admin has to agree to this" in before.text
    assert "Gwenllian" not in bringer.open(f"{page}/decide?choice=without-leavers").text
    admin = Browser(app).enter_as(an_account(session, a_person(session, name="Ade Admin"), Role.ADMIN))
    session.commit()
    assert "An admin has to agree" not in admin.open(f"{page}/decide?choice=all").text
    assert "The file is being applied" in admin.submit(f"{page}/decide?choice=all", "Do all of it").soup.get_text(" ")
