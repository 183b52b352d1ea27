"""The support page: one page, in the words of the visitor's authority, one step from every screen."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import change_local_wording
from people.accounts import Account
from people.organisations import Organisation
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

LINK = "Support if this is hard to read about"


@pytest.fixture
def halton(session: Session, browser: Browser) -> Organisation:
    """The authority of somebody who has signed in."""
    organisation = an_organisation(session)
    account = an_account(session, a_person(session, a_unit(session, organisation)))
    session.commit()
    browser.enter_as(account)
    return organisation


def say(session: Session, organisation: Organisation, **words: str) -> None:
    account_id = session.scalars(select(Account.id)).one()
    for token, text in words.items():
        change_local_wording(
            session, organisation_id=organisation.id, token=token, text=text, account_id=account_id, now=NOON
        )
    session.commit()


def test_anybody_finds_every_kind_of_support_on_one_page(browser: Browser) -> None:
    page = browser.open("/support")
    for words in ("999", "101", "True Vision", "Acas", "Equality Advisory", "Samaritans", "Shout", "in Halton it is"):
        assert words in page.text
    assert "checked this page" not in page.text


def test_staff_read_their_own_police_force_and_that_nobody_has_checked_the_page(
    browser: Browser, halton: Organisation
) -> None:
    page = browser.open("/support")
    assert "Your police force is Cheshire Constabulary." in page.text
    assert "Nobody has checked this page for your organisation yet." in page.text


def test_an_authority_adds_numbers_hours_and_the_day_on_which_it_checked_them(
    browser: Browser, halton: Organisation, session: Session
) -> None:
    say(
        session,
        halton,
        authority_name="Halton Council",
        hate_crime_support="Siân’s Service, 01234 567890\nOpen 9am to 5pm <Monday to Friday>",
        advice_lines="Acas: open 8am to 6pm",
        listening_lines="Samaritans: open all day",
        support_checked_on="14 January 2027",
    )
    page = browser.open("/support")
    for words in ("Siân’s Service, 01234 567890", "Open 9am to 5pm <Monday to Friday>", "Acas: open 8am to 6pm"):
        assert words in page.text
    assert "Samaritans: open all day" in page.text
    assert "Checked for Halton Council on 14 January 2027." in page.text
    assert "your local victim service" not in page.text


def test_every_screen_of_a_course_leads_to_it(browser: Browser, halton: Organisation, session: Session) -> None:
    a_course(session)
    session.commit()
    page = browser.submit("/courses/test-course", "Start this course")
    assert browser.open(page.links[LINK]).heading == LINK
