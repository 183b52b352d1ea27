"""Somebody has the same page open twice. What the older one sends replaces nothing newer without a word."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from tests.builders.own_words import a_course_about_oneself
from tests.builders.quizzes import ONLY_STATEMENTS, a_quiz_course
from tests.builders.region import FIRST, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.stories import IN_COURSE
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
SCREEN = f"{COURSE}/first-steps"
COMMENT = "\n# A word {#TC-M1-S9}\n\n::: comment TC-M1-C1\nWhat was missing?\n:::\n"
WITH_CHOICES = "What would you like to change?\n\n( ) I acted\n( ) Not yet"
KEEP, MINE = "Keep what is saved", "Save what I typed here"
NEW = {"situation": "my first", "action": "ask"}


def to_thought(learner: Browser) -> None:
    learner.submit(f"{SCREEN}/1", "Continue")
    learner.submit(f"{SCREEN}/2", "Check my answer", answer="a")


def to_comment(learner: Browser) -> None:
    to_thought(learner)
    learner.submit(f"{SCREEN}/3", "Continue")


def to_check(learner: Browser) -> None:
    learner.submit("/learning/plan/TC-PLAN", "Save my plan", **NEW)
    for number in (1, 2, 3):
        learner.submit(f"{SCREEN}/{number}", "Continue")


def to_plan(learner: Browser) -> None:
    for number in (1, 2):
        learner.submit(f"{SCREEN}/{number}", "Continue")


def to_quiz(learner: Browser) -> None:
    learner.submit(f"{COURSE}/look-back/1", "Continue")
    learner.submit(f"{COURSE}/look-back/2", "Start the quiz")


def to_request(learner: Browser) -> None:
    to_quiz(learner)
    for position in (1, 2, 3):
        url = f"{COURSE}/look-back/2/quiz/1/{position}"
        is_many = learner.open(url).soup.find("input", {"name": "answer", "type": "checkbox"})
        learner.submit(url, "Save and go on", answer=["c"] if is_many else "b")
    learner.submit(f"{COURSE}/look-back/2/quiz/1", "Hand in")


@dataclass(frozen=True)
class Form:
    """A form that replaces something: where it stands, and what two tabs send. ``words`` are how a page tells both."""

    name: str
    url: str
    button: str
    newer: dict[str, str]
    older: dict[str, str]
    words: tuple[str, str]
    arrive: Callable[[Browser], None] = field(default=lambda _: None)
    make: Callable[[Session], object] = a_course_about_oneself
    again: str = ""


FORMS = [
    Form("a reflection", f"{SCREEN}/3", "Save my words", {"text": "Tuesday"}, {"text": "Monday"}, ("Tuesday", "Monday"),
         to_thought, a_course),
    Form("a reflection with choices", f"{SCREEN}/3", "Save my words", {"choice": "1"}, {"choice": "2"},
         ("I acted", "Not yet"), to_thought,
         lambda session: a_course(session, first=FIRST.replace("What would you like to change?", WITH_CHOICES))),
    Form("a comment", f"{SCREEN}/4", "Send my comment", {"text": "Tuesday"}, {"text": "Monday"}, ("Tuesday", "Monday"),
         to_comment, lambda session: a_course(session, first=FIRST + COMMENT), "Save changes"),
    Form("statements", f"{SCREEN}/1", "Save my answers", {"C1": "4"}, {"C1": "2"}, ("Agree", "Disagree")),
    Form("a plan on its page", "/learning/plan/TC-PLAN", "Save my plan", {**NEW, "action": "Tuesday"},
         {**NEW, "action": "Monday"}, ("Tuesday", "Monday"), again="Save changes"),
    Form("a plan on a screen", f"{SCREEN}/3", "Save my plan", {**NEW, "action": "Tuesday"},
         {**NEW, "action": "Monday"}, ("Tuesday", "Monday"), to_plan, again="Save changes"),
    Form("how a plan is going", f"{SCREEN}/4", "Save", {"going": "done"}, {"going": "not-yet", "obstacle": "time"},
         ("Done", "Not yet"), to_check),
    Form("an answer in a quiz", f"{COURSE}/look-back/2/quiz/1/1", "Save and go on", {"answer": "a"}, {"answer": "b"},
         ("True", "False"), to_quiz, lambda session: a_quiz_course(session, quiz=ONLY_STATEMENTS)),
    Form("a request for another try", f"{COURSE}/look-back/2/quiz/another-try", "Send", {"reason": "Tuesday"},
         {"reason": "Monday"}, ("Tuesday", "Monday"), to_request,
         lambda session: a_quiz_course(session, "  attempts: 1\n")),
]  # fmt: skip


@pytest.fixture
def staff(session: Session) -> Account:
    return an_account(session, a_person(session, a_unit(session, an_organisation(session))))


def open_twice(browser: Browser, session: Session, staff: Account, form: Form) -> tuple[str, dict[str, object]]:
    """The form as it was before the newer tab sent it."""
    form.make(session)
    session.commit()
    browser.enter_as(staff).submit(COURSE, "Start this course")
    form.arrive(browser)
    older = browser.open(form.url).form(form.button)
    assert browser.submit(form.url, form.button, **form.newer).status == 200
    return older


def now_stored(browser: Browser, form: Form, *, page: Page | None = None) -> dict[str, object]:
    """What the page holds when it is opened again."""
    fields = (page or browser.open(form.url)).form(form.again or form.button)[1]
    return {name: fields.get(name) for name in form.newer}


every_form = pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
but_request = pytest.mark.parametrize("form", FORMS[:-1], ids=[form.name for form in FORMS[:-1]])


@every_form
def test_both_are_shown_and_what_is_saved_stays(browser: Browser, session: Session, staff: Account, form: Form) -> None:
    target, values = open_twice(browser, session, staff, form)
    page = browser.post(target, {**values, **form.older})
    assert page.status == 409
    assert page.errors
    table = page.table("What is saved, and what you typed here")
    cells = [cell for row in table for cell in row.values()]
    for words in form.words:
        assert any(words in cell for cell in cells), (words, table)
    assert KEEP in page.links
    assert page.text.count("in another tab, or on another device") == 1
    assert page.text.count("Nothing is lost") == 0
    (target, _), way_out = page.form(MINE), page.links[KEEP]
    buttons = [button.get_text(strip=True) for button in page.soup.select("main form button")]
    assert [label for label in buttons if label != MINE] == [], (target, way_out)


@but_request
def test_the_saved_one_is_kept_until_somebody_chooses(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_twice(browser, session, staff, form)
    before = now_stored(browser, form)
    page = browser.post(target, {**values, **form.older})
    assert now_stored(browser, form) == before
    assert now_stored(browser, form, page=browser.open(page.links[KEEP])) == before


@but_request
def test_what_was_typed_is_saved_when_somebody_chooses_it(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_twice(browser, session, staff, form)
    before = now_stored(browser, form)
    chosen_target, chosen = browser.post(target, {**values, **form.older}).form(MINE)
    assert chosen_target.partition("#")[0].endswith(target) or chosen_target == target
    assert browser.post(chosen_target, chosen).status == 200
    assert now_stored(browser, form) != before


@every_form
def test_nothing_says_that_what_was_typed_is_saved(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_twice(browser, session, staff, form)
    said = [
        line.get_text(" ", strip=True)
        for line in browser.post(target, {**values, **form.older}).soup.select(".cg-saved")
    ]
    assert not [words for words in said if words.startswith(("Saved", "Sent", "Your answer is saved"))]
    if form.name not in ("a comment", "how a plan is going", "a request for another try"):
        assert any(words.startswith("Not saved. An older version was saved at ") for words in said)


@but_request
def test_sending_the_same_from_both_is_no_difference(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_twice(browser, session, staff, form)
    assert browser.post(target, {**values, **form.newer}).status == 200


@pytest.mark.parametrize("form", [FORMS[0], FORMS[3]], ids=["a reflection", "statements"])
def test_a_script_is_given_both_and_saves_no_more_by_itself(
    browser: Browser, session: Session, staff: Account, form: Form
) -> None:
    target, values = open_twice(browser, session, staff, form)
    answer = browser.client.post(target, data={**values, **form.older}, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    told = answer.get_json()
    assert all(words in told["clash"] for words in form.words)
    again = browser.client.post(
        target, data={**values, **form.older, "seen": told["seen"]}, headers={"Accept": "application/json"}
    )
    assert again.status_code == 200


def test_a_script_saves_again_and_again_from_one_page(browser: Browser, session: Session, staff: Account) -> None:
    form = FORMS[0]
    target, values = open_twice(browser, session, staff, form)
    _, values = browser.open(form.url).form(form.button)
    for words in ("One", "One two", "One two three"):
        told = browser.client.post(target, data={**values, "text": words}, headers={"Accept": "application/json"})
        assert told.status_code == 200
        values["seen"] = told.get_json()["seen"]
    assert now_stored(browser, form) == {"text": "One two three"}


def test_choices_that_nobody_touched_on_the_older_page_stay_as_they_are(
    browser: Browser, session: Session, staff: Account
) -> None:
    session.commit()
    target, values = browser.enter_as(staff).open("/messages").form("Save")
    browser.submit("/messages", "Save", certificates="daily")
    browser.post(target, {**values, "follow_ups": "no"})
    fields = browser.open("/messages").form("Save")[1]
    assert (fields["certificates"], fields["follow_ups"]) == (["daily"], ["no"])
    page = browser.post(target, {**values, "certificates": "at-once", "seen": ""})
    assert page.status == 409
    assert page.table("What is saved, and what you typed here")[0]["Saved"] == "Once a day, at 8 in the morning"


def test_statements_that_only_one_tab_touched_go_together(browser: Browser, session: Session, staff: Account) -> None:
    target, values = open_twice(browser, session, staff, FORMS[3])
    assert browser.post(target, {**values, "C2": "5"}).status == 200
    fields = browser.open(FORMS[3].url).form("Save my answers")[1]
    assert (fields["C1"], fields["C2"]) == (["4"], ["5"])


def test_an_answer_from_an_older_page_does_not_vanish(browser: Browser, session: Session, staff: Account) -> None:
    a_course(session)
    session.commit()
    browser.enter_as(staff).submit(COURSE, "Start this course")
    browser.submit(f"{SCREEN}/1", "Continue")
    target, values = browser.open(f"{SCREEN}/2").form("Check my answer")
    browser.submit(f"{SCREEN}/2", "Check my answer", answer="a")
    page = browser.post(target, {**values, "answer": "b"})
    assert page.errors[0].startswith("You have answered this in another tab, or on another device")
    assert page.form("Try another answer")[1]["answer"] == ["b"]
    # A form that is sent twice is no other answer.
    assert browser.post(target, {**values, "answer": "a"}).status == 200


def test_a_step_from_an_older_page_does_not_vanish(browser: Browser, session: Session, staff: Account) -> None:
    a_course(session, **IN_COURSE)
    session.commit()
    browser.enter_as(staff).submit(COURSE, "Start this course")
    to_thought(browser)
    target, values = browser.open(f"{SCREEN}/3").form("Make this choice")
    browser.submit(f"{SCREEN}/3", "Make this choice", answer="meeting-a")
    told = "You have gone on with this story in another tab"
    assert told in browser.post(target, {**values, "answer": "meeting-b"}).text
    assert told not in browser.post(target, {**values, "answer": "meeting-a"}).text


def test_an_answer_to_a_quiz_that_was_handed_in_does_not_vanish(
    browser: Browser, session: Session, staff: Account
) -> None:
    a_quiz_course(session)
    session.commit()
    browser.enter_as(staff).submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/look-back/1", "Continue")
    browser.submit(f"{COURSE}/look-back/2", "Start the quiz")
    target, values = browser.open(f"{COURSE}/look-back/2/quiz/1/2").form("Save and go on")
    for position in (1, 2, 3):
        url = f"{COURSE}/look-back/2/quiz/1/{position}"
        is_many = browser.open(url).soup.find("input", {"name": "answer", "type": "checkbox"})
        browser.submit(url, "Save and go on", answer=["a", "b"] if is_many else "a")
    browser.submit(f"{COURSE}/look-back/2/quiz/1", "Hand in")
    assert "What you sent now was not saved" in browser.post(target, {**values, "answer": "b"}).text
