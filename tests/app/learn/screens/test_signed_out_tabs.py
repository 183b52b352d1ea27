"""Several tabs, several people and long words after the session ended: nothing goes without a word."""

import pytest
from sqlalchemy.orm import Session

from app.platform.pages import unsent
from people.accounts import Account
from tests.app.learn.own_words.test_older_pages import COMMENT, to_comment
from tests.app.learn.screens.test_signed_out import (
    NOT_SAVED,
    REFLECTION,
    SCREEN,
    Form,
    forget_cookie,
    open_form,
    sign_in,
    somebody,
    values_on,
)
from tests.builders.region import FIRST, a_course
from tests.reading import Browser

SEND_AGAIN = f"{NOT_SAVED}. You can send it again"
OTHER_PAGE = "Open that page and save it"
BOTH = Form("learn.comment", "a comment", f"{SCREEN}/4", "Send my comment", {"text": "A comment"}, to_comment,
            lambda session: a_course(session, first=FIRST + COMMENT))  # fmt: skip


@pytest.fixture
def staff(session: Session) -> Account:
    return somebody(session, "sian")


def test_two_tabs_with_different_forms_lose_neither(browser: Browser, session: Session, staff: Account) -> None:
    comment = open_form(browser, session, staff, BOTH)
    reflection = browser.open(REFLECTION.url).form(REFLECTION.button)
    forget_cookie(browser)
    browser.post(reflection[0], {**reflection[1], "text": "A thought"})
    back = sign_in(browser, browser.post(comment[0], {**comment[1], "text": "A comment"}))
    assert values_on(back, BOTH) == {"text": "A comment"}
    other = browser.open(back.links[OTHER_PAGE])
    assert values_on(other, REFLECTION) == {"text": "A thought"}
    assert other.text.count(NOT_SAVED) == 1


def test_two_tabs_with_the_same_form_lose_neither(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    browser.post(target, {**values, "text": "Monday"})
    back = sign_in(browser, browser.post(target, {**values, "text": "Tuesday"}))
    assert values_on(back, REFLECTION) == {"text": "Tuesday"}
    again = browser.submit(REFLECTION.url, REFLECTION.button)
    assert values_on(again, REFLECTION) == {"text": "Monday"}
    both = browser.post(*again.form(REFLECTION.button))
    assert both.status == 409
    assert "Tuesday" in both.text


def test_the_same_words_sent_twice_come_back_once(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    browser.post(target, {**values, "text": "Monday"})
    back = sign_in(browser, browser.post(target, {**values, "text": "Monday"}))
    browser.post(*back.form(REFLECTION.button))
    assert NOT_SAVED not in browser.open(REFLECTION.url).text


@pytest.mark.parametrize("is_sent", [False, True])
def test_whoever_signed_in_in_another_tab_comes_back_in_this_one_too(
    browser: Browser, session: Session, staff: Account, is_sent: bool
) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    page = browser.post(target, {**values, "text": "A thought"})
    sign_in(browser, browser.open("/sign-in"))
    back = sign_in(browser, page) if is_sent else browser.open(page.url)
    assert values_on(back, REFLECTION) == {"text": "A thought"}


@pytest.mark.parametrize("letter", ["x", "س", "\N{GRINNING FACE}", "\n", '"'])
def test_as_much_is_kept_as_can_be_saved_in_every_script(
    browser: Browser, session: Session, staff: Account, letter: str
) -> None:
    words = f"a{letter * 4_998}b"
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    back = sign_in(browser, browser.post(target, {**values, "text": words}))
    assert "It is still here" in back.text
    assert len(str(values_on(back, REFLECTION)["text"])) == 5_000


def test_what_is_too_long_to_be_kept_is_said_to_be_gone(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    browser.post(target, {**values, "text": "short"})
    back = sign_in(browser, browser.post(target, {**values, "text": "x" * 60_000}))
    assert SEND_AGAIN in back.text
    browser.submit("/learning", "Sign out")
    sign_in(browser, browser.open("/sign-in"))
    assert SEND_AGAIN in browser.post(target, {**values, "text": "x" * 60_000}).text


def test_what_there_is_no_room_for_is_said_to_be_gone(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    for number in range(unsent.MOST_FORMS):
        assert NOT_SAVED in browser.post(target, {**values, "text": f"words {number}"}).text
    back = sign_in(browser, browser.post(target, {**values, "text": "one too many"}))
    assert SEND_AGAIN in back.text
    assert values_on(back, REFLECTION) == {"text": f"words {unsent.MOST_FORMS - 1}"}


def test_a_button_without_words_is_said_not_to_be_saved(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, BOTH)
    target, values = browser.open(REFLECTION.url).form("Continue")
    browser.submit("/learning", "Sign out")
    assert SEND_AGAIN in sign_in(browser, browser.post(target, values)).text


@pytest.mark.parametrize("is_cookie_there", [True, False])
def test_nobody_is_led_to_the_page_that_somebody_else_had_sent(
    browser: Browser, session: Session, staff: Account, is_cookie_there: bool
) -> None:
    somebody(session, "karl")
    target, values = open_form(browser, session, staff, REFLECTION)
    if is_cookie_there:
        browser.submit("/learning", "Sign out")
    else:
        forget_cookie(browser)
    page = browser.post(target, {**values, "text": "A thought"})
    arrived = sign_in(browser, page, "karl")
    assert arrived.url == "/"
    assert NOT_SAVED not in arrived.text


def test_nobody_is_led_to_a_page_that_does_not_say_whose_it_is_and_was_sent_by_somebody_else(
    browser: Browser, session: Session, staff: Account
) -> None:
    somebody(session, "karl")
    sign_in(browser, browser.open("/sign-in"))
    browser.submit("/learning", "Sign out")
    page = browser.post("/manage/courses/upload", {"bundle": "x"})
    assert sign_in(browser, page, "karl").url == "/"
    browser.submit("/learning", "Sign out")
    page = browser.post("/certificates/CG-1/links", {"label": "x"})
    assert sign_in(browser, page, "karl").url == "/certificates/CG-1/links"


def test_a_page_of_somebody_else_says_truly_whether_it_is_kept(
    browser: Browser, session: Session, staff: Account
) -> None:
    somebody(session, "karl")
    target, values = open_form(browser, session, staff, REFLECTION)
    browser.submit("/learning", "Sign out")
    sign_in(browser, browser.open("/sign-in"), "karl")
    page = browser.post(target, {**values, "text": "x" * 60_000})
    assert page.heading == "Somebody else has signed in here"
    assert "still there" not in page.text
