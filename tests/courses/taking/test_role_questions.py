"""A role question is for people who had completed the course that it names when they began."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.records.attempts import get_attempt
from courses.records.completion import record_completion
from courses.taking.answering import AnswerOutcome, GivenTry, submit_answer
from courses.taking.completion_rule import score
from courses.taking.progression import begin_course, finish_screen
from courses.taking.role_questions import document_for
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import COURSE, FIRST, NOON, QUESTIONS, SECOND, a_course, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen

ROLES = """---
id: TC-M1
slug: first-steps
title: First steps
minutes: 4
---
# For your work {#TC-M1-S1}

::: question TC-M1-Q1 for=recruiting
:::

::: question TC-M1-Q2 for=serving,others
:::

::: question TC-M1-Q3 for=leading
:::
"""
OPTIONS = """  kind: single
  about: fact
  stem: Which answer is right?
  options:
    - {text: The first, right: true, feedback: "Right. This is the one that the test course asks for."}
    - {text: The second, feedback: "Not this one. Read the question once more and try again."}
"""
MORE = QUESTIONS + f"- id: TC-M1-Q2\n{OPTIONS}- id: TC-M1-Q3\n{OPTIONS}"
LATER = NOON + timedelta(days=1)


@pytest.fixture
def person(session: Session) -> int:
    """Somebody with a job, where the course with role questions is published."""
    a_course(session, first=ROLES, questions=MORE)
    return a_person(session, a_unit(session, an_organisation(session))).id


def another_course(session: Session, slug: str, code: str) -> PublishOutcome:
    course = COURSE.replace("id: TC", f"id: {code}").replace("slug: test-course", f"slug: {slug}")
    parts = {"first": FIRST, "second": SECOND, "questions": QUESTIONS}
    return a_course(session, course=course, **{name: text.replace("TC-", f"{code}-") for name, text in parts.items()})


def complete(session: Session, person: int, slug: str, *, now: datetime = NOON) -> None:
    code = {"recruiting": "RC", "serving": "SV", "leading": "LD"}[slug]
    published = another_course(session, slug, code)
    record_completion(
        session,
        person_id=person,
        course_id=published.course_id,
        cycle=1,
        course_version_id=published.version_id,
        now=now,
    )


def asked(session: Session, person: int) -> tuple[str, ...]:
    attempt = get_attempt(session, person_id=person, slug="test-course")
    return document_for(session, attempt).module("first-steps").question_ids


@pytest.mark.parametrize(
    ("completed", "questions"),
    [
        ((), ("TC-M1-Q2",)),
        (("serving",), ("TC-M1-Q2",)),
        (("recruiting",), ("TC-M1-Q1",)),
        (("recruiting", "leading"), ("TC-M1-Q1", "TC-M1-Q3")),
        (("recruiting", "serving", "leading"), ("TC-M1-Q1", "TC-M1-Q2", "TC-M1-Q3")),
    ],
)
def test_everybody_gets_the_questions_of_what_they_completed_or_the_general_one(
    session: Session, person: int, completed: tuple[str, ...], questions: tuple[str, ...]
) -> None:
    for slug in completed:
        complete(session, person, slug)
    begin_course(session, person_id=person, slug="test-course", now=LATER)
    assert asked(session, person) == questions


def test_what_is_completed_later_does_not_change_the_questions(session: Session, person: int) -> None:
    begin_course(session, person_id=person, slug="test-course", now=NOON)
    complete(session, person, "recruiting", now=LATER)
    assert asked(session, person) == ("TC-M1-Q2",)


def test_what_somebody_else_completed_does_not_count(session: Session, person: int) -> None:
    other = a_person(session, a_unit(session, an_organisation(session, "wirral", "Wirral Council")))
    complete(session, other.id, "recruiting")
    begin_course(session, person_id=person, slug="test-course", now=LATER)
    assert asked(session, person) == ("TC-M1-Q2",)


def answer(session: Session, person: int, question: str, place: tuple[str, int], right: object) -> AnswerOutcome:
    here = at_screen(session, person, *place, now=LATER)
    return submit_answer(session, here, here.question(question), GivenTry(1, right), now=LATER)


def test_completion_does_not_wait_for_a_question_that_is_not_given(session: Session, person: int) -> None:
    complete(session, person, "recruiting")
    begin_course(session, person_id=person, slug="test-course", now=LATER)
    with pytest.raises(RuleBroken, match="Answer the question"):
        finish_screen(session, at_screen(session, person, "first-steps", 1, now=LATER), now=LATER)
    answer(session, person, "TC-M1-Q1", ("first-steps", 1), "a")
    outcome = answer(session, person, "TC-M2-Q1", ("second-steps", 1), ["a", "b"])
    assert len(outcome.events) == 1


def test_a_question_that_is_not_given_cannot_be_answered_and_does_not_count(session: Session, person: int) -> None:
    begin_course(session, person_id=person, slug="test-course", now=LATER)
    with pytest.raises(NotFound):
        answer(session, person, "TC-M1-Q1", ("first-steps", 1), "a")
    attempt = get_attempt(session, person_id=person, slug="test-course")
    assert score(document_for(session, attempt), {}).out_of == 2
