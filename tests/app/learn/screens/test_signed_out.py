"""Somebody sends an answer after they were signed out: they come back to it, and nobody else is shown it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.platform.pages import unsent
from app.platform.texts.carriers import TextFolder
from kernel.clock import utc_now
from people.accounts import Account, hash_password
from people.unsent_forms import UnsentForm, forget_old_unsent
from tests.app.learn.own_words.test_older_pages import (
    COMMENT,
    to_check,
    to_comment,
    to_plan,
    to_quiz,
    to_request,
    to_thought,
)
from tests.builders.own_words import a_course_about_oneself
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import FIRST, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.stories import IN_COURSE
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
SCREEN = f"{COURSE}/first-steps"
PASSWORD = "a long enough secret"
NOT_SAVED = "Your last answer was not saved"
WORDS = "What nobody else may read"


@dataclass(frozen=True)
class Form:
    """A form of a learner: where it stands, and what they send when they are signed out."""

    endpoint: str
    name: str
    url: str
    button: str
    typed: dict[str, object]
    arrive: Callable[[Browser], object] = field(default=lambda _: None)
    make: Callable[[Session], object] = a_course


PLAN = {"situation": "my first", "action": WORDS, "tell": ["team"]}
FORMS = [
    Form("learn.answer", "an answer", f"{SCREEN}/2", "Check my answer", {"answer": ["b"]},
         lambda browser: browser.submit(f"{SCREEN}/1", "Continue")),
    Form("learn.reflect", "a reflection", f"{SCREEN}/3", "Save my words", {"text": WORDS}, to_thought),
    Form("learn.story_step", "a step in a story", f"{SCREEN}/3", "Make this choice", {"answer": ["meeting-b"]},
         to_thought, lambda session: a_course(session, **IN_COURSE)),
    Form("learn.comment", "a comment", f"{SCREEN}/4", "Send my comment", {"text": WORDS}, to_comment,
         lambda session: a_course(session, first=FIRST + COMMENT)),
    Form("learn.rate", "statements", f"{SCREEN}/1", "Save my answers", {"C1": ["4"]}, make=a_course_about_oneself),
    Form("learn.write_on_screen", "a plan on a screen", f"{SCREEN}/3", "Save my plan", PLAN, to_plan,
         a_course_about_oneself),
    Form("learn.plan_words", "a plan on its page", "/learning/plan/TC-PLAN", "Save my plan", PLAN,
         make=a_course_about_oneself),
    Form("learn.check_on_screen", "how a plan is going", f"{SCREEN}/4", "Save",
         {"going": ["not-yet"], "obstacle": ["time"]}, to_check, a_course_about_oneself),
    Form("learn.quiz_answer", "an answer in a quiz", f"{COURSE}/look-back/2/quiz/1/1", "Save and go on",
         {"answer": ["b"]}, to_quiz, a_quiz_course),
    Form("learn.quiz_ask", "a request for another try", f"{COURSE}/look-back/2/quiz/another-try", "Send",
         {"reason": WORDS}, to_request, lambda session: a_quiz_course(session, "  attempts: 1\n")),
    Form("learn.messages", "choices about messages", "/messages", "Save",
         {"certificates": ["daily"], "follow_ups": ["no"]}),
    Form("learn.mobile", "a mobile number", "/messages/mobile", "Send me a code",
         {"number": "07700 900 555", "agree": ["y"]}),
]  # fmt: skip
every_form = pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
REFLECTION = FORMS[1]


def somebody(session: Session, username: str) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session, username)), username))
    account.username, account.password_hash = username, hash_password(PASSWORD)
    session.commit()
    return account


@pytest.fixture(autouse=True)
def texts(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that prove a number can leave."""
    monkeypatch.setitem(app.extensions, "common-ground-texts", TextFolder(tmp_path / "texts"))


@pytest.fixture
def staff(session: Session) -> Account:
    return somebody(session, "sian")


def open_form(browser: Browser, session: Session, staff: Account, form: Form) -> tuple[str, dict[str, object]]:
    form.make(session)
    session.commit()
    browser.enter_as(staff).submit(COURSE, "Start this course")
    form.arrive(browser)
    return browser.open(form.url).form(form.button)


def forget_cookie(browser: Browser) -> None:
    """The cookie is gone, as when its time is over."""
    browser.client.delete_cookie("common-ground")


def sign_in(browser: Browser, page: Page, username: str = "sian") -> Page:
    assert page.heading == "Sign in"
    target, values = page.form("Sign in")
    return browser.post(target, {**values, "username": username, "password": PASSWORD})


def values_on(page: Page, form: Form) -> dict[str, object]:
    fields = page.form(form.button)[1]
    return {name: fields.get(name) for name in form.typed}


@every_form
def test_whoever_was_signed_out_comes_back_to_what_they_typed(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_form(browser, session, staff, form)
    forget_cookie(browser)
    page = browser.post(target, {**values, **form.typed})
    assert f"You were signed out. {NOT_SAVED}." in page.text
    back = sign_in(browser, page)
    assert back.url.partition("#")[0] == form.url
    assert f"{NOT_SAVED}, because you were signed out." in back.text
    assert values_on(back, form) == form.typed
    assert back.errors == []
    assert "press its button again" in back.text
    assert not [line for line in back.soup.select(".cg-saved") if line.get_text().strip().startswith(("Saved", "Sent"))]


@every_form
def test_what_is_sent_again_is_saved_and_is_offered_no_more(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_form(browser, session, staff, form)
    forget_cookie(browser)
    back = sign_in(browser, browser.post(target, {**values, **form.typed}))
    assert browser.post(*back.form(form.button)).status == 200
    assert NOT_SAVED not in browser.open(form.url).text
    assert session.scalar(select(func.count()).select_from(UnsentForm)) == 0


def test_every_form_that_is_kept_is_tried_here(app: Flask) -> None:
    kept = {endpoint for endpoint, view in app.view_functions.items() if hasattr(view, unsent.KEPT)}
    assert kept == {form.endpoint for form in FORMS}


def test_an_older_version_that_is_saved_is_not_taken_for_what_comes_back(
    browser: Browser, session: Session, staff: Account
) -> None:
    target, _ = open_form(browser, session, staff, REFLECTION)
    browser.post(target, {**browser.open(REFLECTION.url).form(REFLECTION.button)[1], "text": "An earlier line"})
    values = browser.open(REFLECTION.url).form(REFLECTION.button)[1]
    forget_cookie(browser)
    back = sign_in(browser, browser.post(target, {**values, "text": WORDS}))
    assert "Not saved. An older version was saved at " in back.text


def test_signing_out_in_another_tab_loses_nothing(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    browser.submit("/learning", "Sign out")
    back = sign_in(browser, browser.post(target, {**values, "text": WORDS}))
    assert values_on(back, REFLECTION) == {"text": WORDS}


@every_form
def test_signing_in_again_in_another_tab_loses_nothing(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_form(browser, session, staff, form)
    browser.submit("/learning", "Sign out")
    sign_in(browser, browser.open("/sign-in"))
    back = browser.post(target, {**values, **form.typed})
    assert back.text.count(NOT_SAVED) == 1
    assert values_on(back, form) == form.typed


def test_nobody_else_who_signs_in_here_is_shown_it(browser: Browser, session: Session, staff: Account) -> None:
    somebody(session, "karl")
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    page = browser.post(target, {**values, "text": WORDS})
    seen = [sign_in(browser, page, "karl"), browser.submit(COURSE, "Start this course")]
    to_thought(browser)
    seen.append(browser.open(REFLECTION.url))
    assert values_on(seen[-1], REFLECTION) == {"text": ""}
    assert not any(WORDS in page.response.get_data(as_text=True) for page in seen)


def test_a_page_of_somebody_else_saves_nothing_and_waits_for_its_owner(
    browser: Browser, session: Session, staff: Account
) -> None:
    somebody(session, "karl")
    target, values = open_form(browser, session, staff, REFLECTION)
    browser.submit("/learning", "Sign out")
    sign_in(browser, browser.open("/sign-in"), "karl")
    page = browser.post(target, {**values, "text": WORDS})
    assert (page.status, page.heading) == (400, "Somebody else has signed in here")
    assert WORDS not in page.response.get_data(as_text=True)
    browser.submit("/learning", "Sign out")
    sign_in(browser, browser.open("/sign-in"))
    assert values_on(browser.open(REFLECTION.url), REFLECTION) == {"text": WORDS}


def test_what_is_kept_cannot_be_read_in_the_database(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    browser.post(target, {**values, "text": WORDS})
    (kept,) = session.scalars(select(UnsentForm)).all()
    assert WORDS.encode() not in kept.sealed
    assert kept.account_id == staff.id


def test_another_browser_of_the_same_person_has_no_key_to_it(
    app: Flask, browser: Browser, session: Session, staff: Account
) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    browser.post(target, {**values, "text": WORDS})
    assert values_on(Browser(app).enter_as(staff).open(REFLECTION.url), REFLECTION) == {"text": ""}


def test_after_an_hour_it_is_gone(
    browser: Browser, session: Session, staff: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    page = browser.post(target, {**values, "text": WORDS})
    later = utc_now() + timedelta(minutes=61)
    monkeypatch.setattr(unsent, "utc_now", lambda: later)
    assert values_on(sign_in(browser, page), REFLECTION) == {"text": ""}
    forget_old_unsent(session, now=later)
    assert session.scalar(select(func.count()).select_from(UnsentForm)) == 0


def test_newer_words_are_not_replaced_by_what_comes_back(
    app: Flask, browser: Browser, session: Session, staff: Account
) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    page = browser.post(target, {**values, "text": WORDS})
    Browser(app).enter_as(staff).submit(REFLECTION.url, "Save my words", text="Newer, on the phone")
    back = sign_in(browser, page)
    both = browser.post(*back.form("Save my words"))
    assert both.status == 409
    assert "Newer, on the phone" in both.text


@pytest.mark.parametrize("page_of", ["", "1", "made up", "MQ.made-up"])
def test_a_form_that_does_not_say_whose_it_is_is_kept_for_nobody(
    browser: Browser, session: Session, staff: Account, page_of: str
) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    page = browser.post(target, {**values, "text": WORDS, "page_of": page_of})
    assert session.scalar(select(func.count()).select_from(UnsentForm)) == 0
    back = sign_in(browser, page)
    assert back.url.partition("#")[0] == REFLECTION.url
    assert NOT_SAVED in back.text


def test_a_script_is_told_in_place(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_form(browser, session, staff, REFLECTION)
    forget_cookie(browser)
    answer = browser.client.post(target, data={**values, "text": WORDS}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.get_json()["error"].startswith("you have been signed out")
    sign_in(browser, browser.open("/sign-in"))
    answer = browser.client.post(target, data={**values, "text": WORDS}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.get_json()["error"].startswith("you have signed in again")


def test_other_pages_say_that_what_was_sent_is_not_saved(browser: Browser, session: Session, staff: Account) -> None:
    page = browser.post("/manage/courses/upload", {"bundle": "x"})
    assert "What you sent last was not saved" in page.text


def test_whoever_comes_back_finds_the_list_as_it_was_cut_and_those_who_were_chosen(
    browser: Browser, staff: Account
) -> None:
    there = "/council/halton/people/for-many/new/more-time?state=not-started&choose=yes&person=1&person=2"
    answer = browser.client.post(there, data={"ends_on": ["1", "3", "2030"]})
    asked = parse_qs(urlsplit(answer.location).query)
    assert (answer.status_code, asked["next"], asked["unsaved"]) == (302, [there], ["form"])
