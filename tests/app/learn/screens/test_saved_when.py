"""Whoever comes back on another day reads on which day their words and answers were saved."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.platform.pages import templating
from app.platform.pages.templating import day
from kernel.clock import utc_now
from people.accounts import Account
from tests.builders.own_words import a_course_about_oneself
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.stories import IN_COURSE
from tests.reading import Browser

COURSE = "/courses/test-course"
FIRST, SECOND, THIRD = (f"{COURSE}/first-steps/{number}" for number in (1, 2, 3))


@pytest.fixture
def staff(session: Session) -> Account:
    return an_account(session, a_person(session, a_unit(session, an_organisation(session))))


@pytest.fixture
def learner(browser: Browser, session: Session, staff: Account) -> Browser:
    session.commit()
    return browser.enter_as(staff)


def a_week_later(monkeypatch: pytest.MonkeyPatch) -> str:
    """What a page then says of today."""
    today = utc_now()
    monkeypatch.setattr(templating, "utc_now", lambda: today + timedelta(days=7))
    return f"Saved on {day(today)} at "


def begin(learner: Browser) -> None:
    learner.submit(COURSE, "Start this course")
    learner.submit(FIRST, "Continue")


def test_an_answer_and_a_reflection(learner: Browser, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    a_course(session)
    session.commit()
    begin(learner)
    learner.submit(SECOND, "Check my answer", answer="a")
    learner.submit(THIRD, "Save my words", text="Ask who is left out")
    saved = a_week_later(monkeypatch)
    assert saved in learner.open(SECOND).text
    assert saved in learner.open(THIRD).text


def test_statements_and_a_plan(learner: Browser, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    a_course_about_oneself(session)
    session.commit()
    learner.submit(COURSE, "Start this course")
    learner.submit(FIRST, "Save my answers", C1="2")
    learner.submit("/learning/plan/TC-PLAN", "Save my plan", situation="a name is new", action="ask")
    saved = a_week_later(monkeypatch)
    assert saved in learner.open(FIRST).text
    assert saved in learner.open("/learning/plan/TC-PLAN").text


def test_a_story_at_its_end(learner: Browser, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    a_course(session, **IN_COURSE)
    session.commit()
    begin(learner)
    learner.submit(SECOND, "Check my answer", answer="a")
    for choice in ("meeting-b", "farida-a"):
        learner.submit(THIRD, "Make this choice", answer=choice)
    saved = a_week_later(monkeypatch)
    assert saved in learner.open(THIRD).text


def test_an_answer_in_a_quiz(learner: Browser, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    a_quiz_course(session)
    session.commit()
    learner.submit(COURSE, "Start this course")
    learner.submit(f"{COURSE}/look-back/1", "Continue")
    question = learner.submit(f"{COURSE}/look-back/2", "Start the quiz").url
    learner.submit(question, "Save and go on", answer="a")
    saved = a_week_later(monkeypatch)
    assert saved in learner.open(question).text
