"""How long a question was open: known for honest forms, unknown for everything else."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.learn.place.timing import LONGEST_SECONDS, seconds_since, stamp
from courses.records.answers import Answer
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

COURSE = "/courses/test-course"


def test_seconds_are_counted_and_capped(app: Flask) -> None:
    with app.app_context():
        token = stamp(NOON, "a-course", 1, "RE-Q1")
        assert seconds_since(token, NOON + timedelta(seconds=42), "a-course", 1, "RE-Q1") == 42
        assert seconds_since(token, NOON + timedelta(hours=5), "a-course", 1, "RE-Q1") == LONGEST_SECONDS


def test_what_cannot_be_known_stays_unknown(app: Flask) -> None:
    with app.app_context():
        token = stamp(NOON, "a-course", 1, "RE-Q1")
        assert seconds_since(token, NOON - timedelta(seconds=2), "a-course", 1, "RE-Q1") is None
        assert seconds_since(token, NOON + timedelta(days=2), "a-course", 1, "RE-Q1") is None
        assert seconds_since(token, NOON, "a-course", 2, "RE-Q1") is None
        for broken in ("", "x", token[:-2], token + "x", "W10.x", "\x00", "🌱" * 900):
            assert seconds_since(broken, NOON, "a-course", 1, "RE-Q1") is None


@pytest.fixture
def learner(browser: Browser, session: Session) -> Browser:
    a_course(session)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    browser.enter_as(account)
    browser.submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    return browser


def test_an_answer_on_a_screen_keeps_its_seconds_and_the_rules_that_marked_it(
    learner: Browser, session: Session
) -> None:
    learner.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="b")
    learner.submit(f"{COURSE}/first-steps/2", "Try another answer", answer="a", shown_at="forged")
    stored = session.scalars(select(Answer).order_by(Answer.try_number)).all()
    assert [answer.marking_version for answer in stored] == [1, 1]
    assert stored[0].seconds in range(100)
    assert stored[1].seconds is None
