"""The page of those whom no message reaches."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.accounts import Account
from people.roles import Role
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

PAGE = "/council/halton/people/not-reached"


pytestmark = pytest.mark.usefixtures("transport")


@pytest.fixture
def lead(session: Session) -> Account:
    care = a_unit(session, an_organisation(session))
    a_person(session, care, name="Siân Nguyễn")
    a_person(session, care, name="Asha Patel").email = "asha@halton.test"
    account = an_account(session, a_person(session), Role.HR_LEAD, unit=care)
    session.commit()
    return account


def test_an_hr_lead_reads_whom_nothing_reaches_and_that_is_on_record(
    browser: Browser, lead: Account, session: Session
) -> None:
    page = browser.enter_as(lead).open(PAGE)
    assert "1 of 2 people has no email address or mobile number that works" in page.text
    assert "Siân Nguyễn" in page.text
    assert "Asha Patel" not in page.text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == "unreached")).one()
    assert (entry.actor_account_id, entry.detail["people"]) == (lead.id, 1)


def test_a_search_that_finds_nobody_says_so_and_leads_back(browser: Browser, lead: Account) -> None:
    page = browser.enter_as(lead).open(f"{PAGE}?name={'x' * 10_000}")
    assert "0 people found by" in page.text
    assert "Show everybody" in page.text


def test_a_page_that_is_none_is_not_found(browser: Browser, lead: Account) -> None:
    assert browser.enter_as(lead).open(f"{PAGE}?page=2").status == 404


def test_nobody_else_opens_it(browser: Browser, lead: Account, session: Session) -> None:
    wirral = a_unit(session, an_organisation(session, slug="wirral", name="Wirral Council"))
    other = an_account(session, a_person(session, wirral), Role.HR_LEAD, unit=wirral)
    session.commit()
    assert browser.enter_as(other).open(PAGE).status == 404
