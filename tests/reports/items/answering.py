"""Short ways to say what many people answered; nobody walks through screens for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion, PublishOutcome, document_of, get_version
from courses.marking import mark, marking_version
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.quiz_records import Certainty, QuizAnswer, QuizSitting
from reports.items.figures import ItemFigures, VersionFigures
from reports.items.tallies import count_items
from tests.builders.region import NOON, a_person


def version_of(session: Session, course: PublishOutcome) -> CourseVersion:
    return get_version(session, course_id=course.course_id, version_number=course.number)


def an_attempt(session: Session, course: PublishOutcome, person_id: int | None = None, cycle: int = 1) -> Attempt:
    """Somebody begins the course; somebody new unless a person is named."""
    attempt = Attempt(
        person_id=person_id or a_person(session).id, course_id=course.course_id, cycle=cycle,
        course_version_id=course.version_id, started_at=NOON, last_seen_at=NOON, at_module="first-steps", at_screen=1,
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    return attempt


def _marked(session: Session, course: PublishOutcome, question_id: str, response: Any) -> dict[str, Any]:
    document = document_of(session, version_id=course.version_id, fingerprint=version_of(session, course).fingerprint)
    question = document.questions[question_id]
    result = mark(question, response)
    return {
        "question_id": question_id, "response": response, "points": result.points, "out_of": result.out_of,
        "is_right": result.is_right, "marking_version": marking_version(question),
    }  # fmt: skip


def give(
    session: Session, course: PublishOutcome, attempt: Attempt, question_id: str, *responses: Any,
    at: datetime = NOON, seconds: int | None = None,
) -> None:  # fmt: skip
    """Answer a question on its screen, once for each response."""
    for number, response in enumerate(responses, start=1):
        marked = _marked(session, course, question_id, response)
        session.add(Answer(attempt_id=attempt.id, try_number=number, answered_at=at, seconds=seconds, **marked))
    session.flush()


def people_answer(
    session: Session, course: PublishOutcome, question_id: str, responses: Sequence[Any], **how: Any
) -> None:
    """One new person for each response."""
    for response in responses:
        give(session, course, an_attempt(session, course), question_id, response, **how)


def sit(
    session: Session, course: PublishOutcome, attempt: Attempt, answers: dict[str, tuple[Any, Certainty | None]],
    *, number: int = 1, is_open: bool = False, at: datetime = NOON,
) -> None:  # fmt: skip
    """Take the quiz; answers by question, each with how sure the person is."""
    handed_in = None if is_open else at + timedelta(minutes=number)
    sitting = QuizSitting(
        attempt_id=attempt.id, quiz_id="TC-QUIZ-1", number=number, seed="x", question_ids=list(answers), started_at=at,
        submitted_at=handed_in, pause_from=handed_in, right_answers=0, out_of=1, is_passed=False,
    )  # fmt: skip
    session.add(sitting)
    session.flush()
    for question_id, (response, certainty) in answers.items():
        marked = _marked(session, course, question_id, response)
        session.add(QuizAnswer(sitting_id=sitting.id, certainty=certainty, seconds=20, saved_at=at, **marked))
    session.flush()


def counted(session: Session, course: PublishOutcome, smallest_shown: int = 10) -> VersionFigures:
    version = version_of(session, course)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    return count_items(session, version_id=version.id, document=document, now=NOON, smallest_shown=smallest_shown)


def figures_of(session: Session, course: PublishOutcome, question_id: str, quiz_id: str | None = None) -> ItemFigures:
    return next(
        item for item in counted(session, course).items if (item.question_id, item.quiz_id) == (question_id, quiz_id)
    )
