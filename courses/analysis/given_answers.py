"""Every answer that was given, on a screen or in a quiz, in one shape and without its person.

For marking again and for looking at how questions work. Nothing here may reach a page or an export about anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion
from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.moves import version_when
from courses.records.quiz_records import Certainty, QuizAnswer, QuizSitting

_AT_ONCE = 2000


@dataclass(frozen=True)
class GivenAnswer:
    """One stored answer, and how it was marked then.

    ``place`` names its row: "answer 17" or "quiz answer 4". ``learner`` is the id of the attempt: it tells that two
    answers are one person's and not whose. ``try_number`` counts a question's tries on a screen, or the sittings of
    ``quiz_id``. ``is_final``: it can no longer be changed. ``seconds`` and ``certainty`` are empty where nobody knows.
    """

    place: str
    learner: int
    version_id: int
    version_number: int
    fingerprint: str
    question_id: str
    quiz_id: str | None
    try_number: int
    response: Any
    points: float
    out_of: int
    is_right: bool
    marking_version: int
    certainty: Certainty | None
    seconds: int | None
    is_final: bool


_VERSION = (CourseVersion.id, CourseVersion.number, CourseVersion.fingerprint)
_ON_SCREENS = (
    select(Answer, *_VERSION)
    .join(Attempt, Attempt.id == Answer.attempt_id)
    .join(CourseVersion, CourseVersion.id == version_when(Answer.answered_at))
    .order_by(Answer.id)
)
_IN_QUIZZES = (
    select(QuizAnswer, *_VERSION, QuizSitting)
    .join(QuizSitting, QuizSitting.id == QuizAnswer.sitting_id)
    .join(Attempt, Attempt.id == QuizSitting.attempt_id)
    .join(CourseVersion, CourseVersion.id == version_when(QuizAnswer.saved_at))
    .order_by(QuizAnswer.id)
)


def given_answers(session: Session, *, course_id: int | None = None) -> Iterator[GivenAnswer]:
    """All answers, or those of one course, oldest first on screens and then in quizzes; read a few at a time."""
    for answer, version_id, number, fingerprint in session.execute(_of(_ON_SCREENS, course_id)):
        yield GivenAnswer(
            place=f"answer {answer.id}",
            learner=answer.attempt_id,
            version_id=version_id,
            version_number=number,
            fingerprint=fingerprint,
            quiz_id=None,
            try_number=answer.try_number,
            certainty=None,
            is_final=True,
            **_marked(answer),
        )
    for answer, version_id, number, fingerprint, sitting in session.execute(_of(_IN_QUIZZES, course_id)):
        yield GivenAnswer(
            place=f"quiz answer {answer.id}",
            learner=sitting.attempt_id,
            version_id=version_id,
            version_number=number,
            fingerprint=fingerprint,
            quiz_id=sitting.quiz_id,
            try_number=sitting.number,
            certainty=answer.certainty,
            is_final=not sitting.is_open,
            **_marked(answer),
        )


def _of(statement: Any, course_id: int | None) -> Any:
    chosen = statement if course_id is None else statement.where(CourseVersion.course_id == course_id)
    return chosen.execution_options(yield_per=_AT_ONCE)


def _marked(answer: Answer | QuizAnswer) -> dict[str, Any]:
    names = ("question_id", "response", "points", "out_of", "is_right", "marking_version", "seconds")
    return {name: getattr(answer, name) for name in names}
