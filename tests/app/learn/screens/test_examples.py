"""Examples that fit the job: picked, changed, and previewed by authors."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.example_sets import ExampleChoice
from courses.records.answers import Answer
from people.roles import Role
from tests.app.learn.screens.conftest import CAPTION, COURSE, FIRST, SCREENS, SETS
from tests.builders import region
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


def reach_the_choice(browser: Browser) -> None:
    browser.submit(f"{FIRST}/1", "Continue")
    browser.submit(f"{FIRST}/2", "Continue")


def test_who_picks_no_set_reads_the_default(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue")
    assert "You work with Rukhsana at the enquiry desk." in page.text


def test_the_set_that_was_picked_is_read_from_then_on_and_can_be_changed(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue", examples="parks")
    assert "You work with Derek at the depot." in page.text
    assert "Your examples: Parks and depots" in browser.open(COURSE).text
    page = browser.submit(f"{COURSE}/examples", "Save your choice", examples="libraries")
    assert "Your choice is saved" in page.response.get_data(as_text=True)
    assert "Rukhsana" in browser.open(f"{FIRST}/4").text
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 1


def test_a_set_that_there_is_not_is_refused_beside_the_choice(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    page = browser.post(
        f"{COURSE}/examples",
        {
            "csrf_token": browser.open(f"{COURSE}/examples").form("Save your choice")[1]["csrf_token"],
            "examples": "zebra",
        },
    )
    assert page.status == 422
    assert page.errors == ["Select the examples that fit your job"]
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 0


def test_the_choice_of_one_person_is_not_that_of_another(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    browser.submit(f"{FIRST}/3", "Continue", examples="parks")
    enter("wirral")
    assert "Your examples: Libraries" in browser.open(COURSE).text


def test_the_page_of_examples_leads_back_before_the_course_is_begun(browser: Browser, session: Session) -> None:
    a_course(session)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    assert browser.enter_as(account).open(f"{COURSE}/examples").heading == "Test course"
    browser.submit(COURSE, "Start this course")
    assert browser.open(f"{COURSE}/examples").status == 404


PREVIEW = "/manage/courses/test-course/versions/1/preview/first-steps"


@pytest.fixture
def author(browser: Browser, session: Session) -> Browser:
    """An author, where the course is published with a question for some people only."""
    first = SCREENS.replace(
        "TC-M1-Q1\n", "TC-M1-Q1 for=another-course,others\n:::\n\n::: question TC-M1-Q2 for=third\n"
    )
    more = region.QUESTIONS + region.QUESTIONS.split("- id: TC-M2-Q1")[0].replace("M1-Q1", "M1-Q2")
    course = region.COURSE.replace("modules:", SETS.strip("\n"))
    a_course(session, course=course, first=first, questions=more)
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "Rukhsana"), ("?examples=parks", "Derek"), ("?examples=zebra", "Rukhsana"), ("?examples=", "Rukhsana")],
)
def test_authors_preview_any_set(author: Browser, query: str, words: str) -> None:
    assert f"You work with {words}" in author.open(f"{PREVIEW}/4{query}").text


def test_authors_see_both_versions_of_hard_detail_and_the_table(author: Browser) -> None:
    page = author.open(f"{PREVIEW}/1?examples=parks")
    assert "This screen mentions racist violence" in page.text
    assert "The short version in one sentence" in page.text
    assert "The whole of it, with Derek" in page.text
    assert "Next" in " ".join(page.links)
    table = author.open(f"{PREVIEW}/2").table(f"{CAPTION}. Order: As in the source")
    assert [row["Area"] for row in table] == ["Halton", "St Helens", "City region"]


def test_authors_see_for_whom_a_question_is(author: Browser) -> None:
    page = author.open(f"{PREVIEW}/5")
    assert "for people who completed another-course, and for those who get no other of these questions" in page.text
    assert "This question is for people who completed third." in page.text


def test_another_set_leaves_answers_as_they_were(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    browser.submit(f"{FIRST}/3", "Continue")
    browser.submit(f"{FIRST}/4", "Continue")
    browser.submit(f"{FIRST}/5", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/examples", "Save your choice", examples="parks")
    assert session.scalars(select(Answer.response)).all() == ["a"]
    assert "This is the one that the test course asks for" in browser.open(f"{FIRST}/5").text


def test_a_set_that_somebody_made_up_is_refused_on_its_screen(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue", examples="zebra")
    assert page.status >= 400
    assert "Select the examples that fit your job" in page.text
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 0
