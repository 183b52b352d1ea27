"""A learner writes a plan, is asked about it later, and keeps it to themselves."""

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from people.roles import Role
from tests.builders.region import FIRST, a_course, a_person, an_account
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
WRITE, ASK = f"{COURSE}/first-steps/3", f"{COURSE}/first-steps/4"
PLAN = {"situation": "a name is new to me", "action": "ask Siân how to say it"}


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    """Somebody on the screen that asks for a plan."""
    browser.enter_as(staff)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    browser.submit(f"{COURSE}/first-steps/2", "Continue")
    return browser


def write(learner: Browser, **words: object) -> Page:
    return learner.submit(WRITE, "Save my plan", **{**PLAN, **words})


def test_a_plan_is_written_on_the_screen(learner: Browser) -> None:
    page = write(learner, acts_on=["3", "12", "2026"], tell="buddy")
    assert "Your plan is saved." in page.text
    _, values = page.form("Save changes")
    assert values["situation"].strip() == "a name is new to me"
    assert values["tell"] == ["buddy"]


def test_the_learner_goes_on_without_a_plan(learner: Browser) -> None:
    assert learner.submit(WRITE, "Continue").heading == "How is it going"


def test_an_idea_fills_the_form_and_saves_nothing(learner: Browser) -> None:
    page = learner.open(learner.open(WRITE).links["If a name is new to me, then I will ask how to say it"])
    assert page.form("Save my plan")[1]["action"].strip() == "ask how to say it"
    assert "Write a plan" in learner.open("/learning/plan").links


def test_what_is_missing_is_named_and_what_was_typed_is_kept(learner: Browser) -> None:
    page = write(learner, situation="", action="x" * 301, acts_on=["3", "", "2026"])
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.errors == [
        "Enter a moment: when will you act?",
        "What you will do must be 300 characters or fewer. It has 301",
        "The day must include a month",
    ]
    assert page.form("Save my plan")[1]["action"].strip() == "x" * 301


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["31", "2", "2027"], "The day must be a real date"),
        (["1", "1", "2062"], "The day must be in the next two years"),
    ],
)
def test_a_day_that_cannot_be_is_refused(learner: Browser, typed: list[str], message: str) -> None:
    assert write(learner, acts_on=typed).errors == [message]


@pytest.mark.parametrize("values", [{"tell": "everybody"}, {"by_or_from": "after"}])
def test_a_made_up_choice_is_refused(learner: Browser, values: dict[str, str]) -> None:
    assert write(learner, **values).status == 422


def test_a_follow_up_shows_the_plan_and_asks_how_it_is_going(learner: Browser) -> None:
    write(learner, acts_on=["3", "12", "2026"])
    learner.submit(WRITE, "Continue")
    page = learner.open(ASK)
    words = "If a name is new to me, then I will ask Siân how to say it, from 3 December 2026."
    assert page.text.count(words) == 2
    page = learner.submit(ASK, "Save", going="not-yet", obstacle="time")
    assert "Make it smaller" in page.text
    page = learner.submit(ASK, "Save", going="done")
    assert "Make it smaller" not in page.text
    assert "Last time I said: done." in learner.open("/learning/plan").text


def test_a_follow_up_asks_nothing_of_somebody_without_a_plan(learner: Browser) -> None:
    learner.submit(WRITE, "Continue")
    page = learner.open(ASK)
    assert "You have no plan at the moment, and that is fine." in page.text
    assert "Save" not in page.buttons
    assert learner.open(page.links["write a plan"]).heading == "Write a plan"


def test_an_empty_check_says_so(learner: Browser) -> None:
    write(learner)
    learner.submit(WRITE, "Continue")
    page = learner.submit(ASK, "Save")
    assert (page.status, page.errors) == (422, ["Select how your plan is going, or go on without"])


def test_the_plan_has_a_page_of_its_own(learner: Browser) -> None:
    write(learner, acts_on=["3", "12", "2026"], tell="team")
    page = learner.open(learner.open(COURSE).links["My plan"])
    assert page.heading == "My plan"
    assert "I will tell: my team." in page.text
    calendar = learner.open(page.links["Put the day in my calendar (ICS)"]).response
    assert calendar.mimetype == "text/calendar"
    assert b"DTSTART;VALUE=DATE:20261203" in calendar.get_data()


def test_a_plan_is_changed_and_renewed_on_its_own_page(learner: Browser) -> None:
    write(learner)
    page = learner.submit("/learning/plan/TC-PLAN", "Save changes", action="ask twice")
    assert "then I will ask twice." in page.text
    assert "Earlier plans" not in page.text
    page = learner.submit("/learning/plan/TC-PLAN", "Save changes", action="ask Mei Lin", new="1")
    assert "Earlier plans If a name is new to me, then I will ask twice. Renewed on" in page.text


def test_a_mistake_on_its_own_page_keeps_what_was_typed(learner: Browser) -> None:
    page = learner.submit("/learning/plan/TC-PLAN", "Save my plan", situation="it rains", action="")
    assert (page.status, page.errors) == (422, ["Enter what you will say or do"])
    assert page.form("Save my plan")[1]["situation"].strip() == "it rains"


def test_a_plan_is_withdrawn_and_then_deleted(learner: Browser) -> None:
    write(learner)
    page = learner.submit("/learning/plan", "Withdraw it")
    assert "Your plan is withdrawn." in page.text
    button = next(words for words in page.buttons if words.startswith("Delete"))
    page = learner.submit("/learning/plan", button)
    assert "Earlier plans" not in page.text


@pytest.mark.parametrize("address", ["/learning/plan/TC-X", "/learning/plan/TC-PLAN/calendar"])
def test_what_is_not_there_is_not_found(learner: Browser, address: str) -> None:
    assert learner.open(address).status == 404


def test_nobody_else_reaches_it(learner: Browser, browser: Browser, session: Session) -> None:
    write(learner, acts_on=["3", "12", "2026"])
    learner.submit("/learning/plan", "Withdraw it")
    colleague = an_account(session, a_person(session, name="Mei Lin"), Role.ADMIN)
    session.commit()
    page = browser.enter_as(colleague).open("/learning/plan")
    assert "No plan yet" in page.text
    for address in ("/learning/plan/TC-PLAN", "/learning/plan/TC-PLAN/calendar"):
        assert browser.open(address).status == 404


def test_a_reflection_has_choices_before_its_words(browser: Browser, session: Session, staff: Account) -> None:
    question = "What would you like to change?"
    a_course(session, first=FIRST.replace(question, f"{question}\n\n( ) I acted\n( ) Not yet"))
    session.commit()
    browser.enter_as(staff)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    here = f"{COURSE}/first-steps/3"
    page = browser.submit(here, "Save my words", choice="2", text="")
    assert page.form("Save my words")[1]["choice"] == ["2"]
    assert "Saved at" in page.text
    assert browser.submit(here, "Save my words", choice="9").errors == ["Select one of the choices, or leave it out"]
