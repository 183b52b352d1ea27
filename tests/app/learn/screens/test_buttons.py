"""Which button a screen argues for: one of them is green, and it is what helps the learner on."""

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
SCREEN = f"{COURSE}/first-steps/2"


@pytest.fixture
def staff(session: Session) -> Account:
    a_course(session)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    return account


def green(page: Page) -> list[str]:
    """The words of the buttons that stand out."""
    buttons = page.soup.main.find_all("button", class_="govuk-button")
    return [button.get_text(strip=True) for button in buttons if "govuk-button--secondary" not in button["class"]]


def test_an_open_question_is_answered_a_wrong_one_tried_again_and_a_right_one_left(
    browser: Browser, staff: Account
) -> None:
    browser.enter_as(staff).submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    assert green(browser.open(SCREEN)) == ["Check my answer"]
    assert green(browser.submit(SCREEN, "Check my answer", answer="b")) == ["Try another answer"]
    assert green(browser.submit(SCREEN, "Try another answer", answer="a")) == ["Continue"]
    assert green(browser.open(SCREEN)) == ["Continue"]
