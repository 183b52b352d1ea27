"""A learner says how sure they feel, and sees it change; nobody else does."""

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from people.roles import Role
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import a_person, an_account
from tests.reading import Browser, Page

COURSE = "/courses/test-course"
FIRST, SECOND = f"{COURSE}/first-steps/1", f"{COURSE}/first-steps/2"


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    browser.enter_as(staff)
    browser.submit(COURSE, "Start this course")
    return browser


def send(learner: Browser, address: str, **values: str) -> Page:
    """Post with the token of the page, and whatever is in the form or not."""
    _, fields = learner.open(FIRST).form("Save my answers")
    return learner.post(address, {"csrf_token": fields["csrf_token"], **values}, follow=False)


def rate_twice(learner: Browser) -> None:
    learner.submit(FIRST, "Save my answers", C1="2", C2="4")
    learner.submit(FIRST, "Continue")
    send(learner, f"{SECOND}/statements/TC-C/after", C1="4", C2="3")


def test_the_statements_stand_on_the_screen_with_their_scale(learner: Browser) -> None:
    page = learner.open(FIRST)
    assert page.heading == "Where I am"
    assert "How far do you agree?" in page.text
    assert "I can speak up Strongly disagree Disagree Neither agree nor disagree Agree Strongly agree" in page.text
    assert "Prefer not to say" in page.text
    assert "Nobody else sees what you choose" in page.text


def test_what_was_chosen_is_there_when_the_learner_comes_back(learner: Browser) -> None:
    page = learner.submit(FIRST, "Save my answers", C1="2")
    assert "Saved at" in page.text
    assert page.form("Save my answers")[1]["C1"] == ["2"]
    assert "C2" not in page.form("Save my answers")[1]


def test_the_learner_goes_on_without_answering(learner: Browser) -> None:
    assert learner.submit(FIRST, "Continue").heading == "Where I am, again"


def test_a_script_saves_while_somebody_chooses(learner: Browser) -> None:
    _, fields = learner.open(FIRST).form("Save my answers")
    answer = learner.client.post(
        f"{FIRST}/statements/TC-C/before", data={**fields, "C1": "5"}, headers={"Accept": "application/json"}
    )
    assert set(answer.get_json()) == {"saved_at", "seen"}


@pytest.mark.parametrize(("values", "status"), [({"C1": "9"}, 422), ({"C9": "1"}, 422), ({}, 302)])
def test_a_made_up_answer_is_refused(learner: Browser, values: dict[str, str], status: int) -> None:
    assert send(learner, f"{FIRST}/statements/TC-C/before", **values).status == status


@pytest.mark.parametrize("place", ["TC-C/after", "TC-X/before", "TC-C/tomorrow"])
def test_what_the_screen_does_not_ask_is_not_found(learner: Browser, place: str) -> None:
    assert send(learner, f"{FIRST}/statements/{place}", C1="1").status == 404


def test_a_reload_after_saving_leads_back_to_the_screen(learner: Browser) -> None:
    assert learner.open(f"{FIRST}/statements/TC-C/before").heading == "Where I am"


def test_the_closing_screen_shows_then_and_now(learner: Browser) -> None:
    rate_twice(learner)
    page = learner.open(SECOND)
    assert page.table("Where I am now") == [
        {"Statement": "I can speak up", "Before": "Disagree", "After": "Agree", "Change": "Up 2"},
        {
            "Statement": "I can step in",
            "Before": "Agree",
            "After": "Neither agree nor disagree",
            "Change": "Down 1",
        },
    ]
    assert "You rate yourself higher than before on 1 of 2 statements." in page.text


def test_the_course_leads_to_the_learners_own_ratings(learner: Browser) -> None:
    rate_twice(learner)
    page = learner.open(learner.open(COURSE).links["My ratings"])
    assert page.heading == "My ratings"
    assert page.table("Where I am now")[0]["After"] == "Agree"


def test_ratings_can_be_removed(learner: Browser) -> None:
    rate_twice(learner)
    page = learner.submit("/learning/ratings", "Remove these ratings : Where I am now")
    assert "Your ratings are removed." in page.text
    assert "No ratings yet" in page.text


def test_nobody_else_sees_them(learner: Browser, browser: Browser, session: Session) -> None:
    rate_twice(learner)
    colleague = an_account(session, a_person(session, name="Mei Lin"), Role.ADMIN)
    session.commit()
    browser.enter_as(colleague)
    assert "No ratings yet" in browser.open("/learning/ratings").text


def test_an_author_sees_them_in_the_preview_and_nothing_is_kept(browser: Browser, session: Session) -> None:
    a_course_about_oneself(session)
    author = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    browser.enter_as(author)
    page = browser.open("/manage/courses/test-course/versions/1/preview/first-steps/1")
    assert "I can speak up Strongly disagree" in page.text
    assert "Save my answers" not in page.buttons
