"""A course with a quiz: the small course of ``tests.builders.region`` with a quiz between its two modules."""

from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome, publish
from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from courses.taking.screens import OpenScreen
from tests.builders.region import COURSE, NOON, QUESTIONS, bundle_files
from tests.builders.screens import at_screen

MIDDLE = """---
id: TC-MQ
slug: look-back
title: Look back
minutes: 5
---
# A word before {#TC-MQ-S1}

You are about to answer three questions.

# What do you remember? {#TC-MQ-S2}

Take your time.

::: quiz TC-QUIZ-1
:::
"""
BANK = QUESTIONS + "".join(
    f"""
- id: TC-B{number}
  kind: truefalse
  about: fact
  tags: [bank]
  outcome: TC-M1
  stem: Statement {number} is so.
  options:
    - {{text: "True", right: true, feedback: "Right, because of reason {number}."}}
    - {{text: "False", feedback: "Not quite, because of reason {number}."}}
"""
    for number in range(1, 7)
)
QUIZ = """
- id: TC-QUIZ-1
  title: What you remember
  questions: [TC-M2-Q1]
  draw: [{tag: bank, count: 2}]
"""
RIGHT = {"TC-M2-Q1": ["a", "b"]}


ONLY_STATEMENTS = """
- id: TC-QUIZ-1
  title: What you remember
  draw: [{tag: bank, count: 3}]
"""


def quiz_files(
    rules: str = "", *, quiz: str = QUIZ, middle: str = MIDDLE, order: str = "any-order", first: bool = False
) -> dict[str, bytes]:
    """The bundle. ``rules`` are further lines of ``quiz``; ``first`` puts the quiz before everything else.

    Which question of ``QUIZ`` comes first depends on the attempt's id, which nothing in a test may count on;
    those of ``ONLY_STATEMENTS`` are all true or false.
    """
    modules = "[modules/middle.md, modules/first.md, modules/second.md]"
    if not first:
        modules = "[modules/first.md, modules/middle.md, modules/second.md]"
    course = COURSE.replace("[modules/first.md, modules/second.md]", modules).replace(
        "order: in-order", f"order: {order}"
    )
    more = {"modules/middle.md": middle.encode(), "quizzes/all.yaml": (quiz + rules).encode()}
    return {**bundle_files(course=course, questions=BANK), **more}


def a_quiz_document(rules: str = "", **changes: object) -> CourseDocument:
    outcome = read_bundle(quiz_files(rules, **changes))  # type: ignore[arg-type]
    assert outcome.document is not None, outcome.findings
    return outcome.document


def a_quiz_course(session: Session, rules: str = "", **changes: object) -> PublishOutcome:
    """Published, with its modules in any order; ``rules`` are further lines of its quiz."""
    return publish(session, document=a_quiz_document(rules, **changes), account_id=None, now=NOON)


def at_quiz(session: Session, person_id: int) -> OpenScreen:
    """The screen with the quiz."""
    return at_screen(session, person_id, "look-back", 2)
