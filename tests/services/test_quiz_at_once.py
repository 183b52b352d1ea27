"""A quiz in several tabs at the same moment, on a database that really commits: nothing counts twice."""

import pytest
from sqlalchemy import select

from courses.quizzes.adjustments import RetryRequest
from courses.records.completion import Completion
from courses.records.quiz_records import QuizAnswer, QuizSitting
from tests.builders.quizzes import a_quiz_course
from tests.reading import Browser
from tests.services.conftest import COURSE, Site
from tests.services.test_at_once import TABS, all_at_once, another_tab, how_many

pytestmark = pytest.mark.slow
SCREEN = f"{COURSE}/look-back/2"
QUIZ = f"{SCREEN}/quiz"


@pytest.fixture
def learner(site: Site) -> Browser:
    """Somebody who may take the quiz once."""
    account = site.learner()
    with site.session() as session:
        a_quiz_course(session, "  mode: check\n  attempts: 1\n")
    browser = site.browser(account)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/look-back/1", "Continue")
    return browser


def answer(learner: Browser, position: int) -> None:
    url = f"{QUIZ}/1/{position}"
    is_many = learner.open(url).soup.find("input", {"name": "answer", "type": "checkbox"})
    learner.submit(url, "Save and go on", answer=["a", "b"] if is_many else "a")


def test_tabs_that_start_a_quiz_start_one_sitting(site: Site, learner: Browser) -> None:
    target, values = learner.open(SCREEN).form("Start the quiz")

    def post(_: int) -> int:
        return another_tab(learner).post(target, data=values).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, QuizSitting) == 1


def test_tabs_that_answer_the_same_question_keep_one_answer(site: Site, learner: Browser) -> None:
    learner.submit(SCREEN, "Start the quiz")
    page = learner.open(f"{QUIZ}/1/1")
    target, values = page.form("Save and go on")

    def post(number: int) -> int:
        return another_tab(learner).post(target, data={**values, "answer": "ab"[number % 2]}).status_code

    # Whoever gave the answer that is kept is content; whoever gave the other one reads that.
    assert all_at_once(post) in ([302, 409, 302, 409], [409, 302, 409, 302])
    assert how_many(site, QuizAnswer) == 1


def test_tabs_that_hand_in_and_start_again_count_one_try(site: Site, learner: Browser) -> None:
    start, start_values = learner.open(SCREEN).form("Start the quiz")
    learner.post(start, start_values)
    for position in (1, 2, 3):
        answer(learner, position)
    target, values = learner.open(f"{QUIZ}/1").form("Hand in")

    def post(number: int) -> int:
        tab = another_tab(learner)
        form = (target, values) if number % 2 else (start, {**start_values, "try_number": str(number)})
        return tab.post(form[0], data=form[1]).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, QuizSitting) == 1
    with site.session() as session:
        sitting = session.scalars(select(QuizSitting)).one()
        assert (sitting.right_answers, sitting.out_of, sitting.is_passed) == (3, 3, True)


def test_tabs_that_ask_for_another_try_ask_once(site: Site, learner: Browser) -> None:
    learner.submit(SCREEN, "Start the quiz")
    for position in (1, 2, 3):
        learner.submit(f"{QUIZ}/1/{position}", "Save and go on", answer=["b"])
    learner.submit(f"{QUIZ}/1", "Hand in")
    target, values = learner.open(f"{QUIZ}/another-try").form("Send")

    def post(number: int) -> int:
        return another_tab(learner).post(target, data={**values, "reason": f"Reason {number}"}).status_code

    answers = all_at_once(post)
    assert sorted(answers) == [302, *[409] * (TABS - 1)]
    with site.session() as session:
        assert session.scalars(select(RetryRequest)).one().reason == f"Reason {answers.index(302)}"


def test_tabs_that_skip_the_same_part_complete_the_course_once(site: Site) -> None:
    account = site.learner()
    with site.session() as session:
        a_quiz_course(session, "  pre_test_for: [TC-M1, TC-M2]\n", first=True)
    learner = site.browser(account)
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/look-back/1", "Continue")
    learner.submit(SCREEN, "Start the quiz")
    for position in (1, 2, 3):
        answer(learner, position)
    learner.submit(f"{QUIZ}/1", "Hand in")
    target, values = learner.open(SCREEN).form("Skip these modules")

    def post(_: int) -> int:
        return another_tab(learner).post(target, data={**values, "modules": ["TC-M1", "TC-M2"]}).status_code

    assert all_at_once(post) == [302] * TABS
    assert how_many(site, Completion) == 1
