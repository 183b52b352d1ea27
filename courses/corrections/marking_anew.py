"""Answers marked anew by a corrected version: which of them count as right then, and did not before.

Pure but for reading. A mark only ever goes up: what was right stays right, whatever the corrected version says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.content.model.course import CourseDocument
from courses.marking import InvalidResponse, Mark, Question, Response, kind_of, mark
from courses.records.answers import Answer
from courses.records.quiz_records import QuizAnswer, QuizSitting

AT_ONCE = 500


@dataclass(frozen=True)
class Raised:
    """A question of an attempt that is right by the corrected version: by which response, after how many tries."""

    attempt_id: int
    question_id: str
    response: Response
    mark: Mark
    tries: int
    given_at: datetime


def raised_on_screens(
    session: Session, *, attempt_ids: Collection[int], document: CourseDocument, changed: Collection[str]
) -> list[Raised]:
    """What people have not right on screens, and have by ``document``; the newest response that is right decides."""
    rows = session.scalars(
        select(Answer)
        .where(Answer.attempt_id.in_(attempt_ids), Answer.question_id.in_(changed))
        .order_by(Answer.attempt_id, Answer.question_id, Answer.try_number)
    )
    tries: dict[tuple[int, str], list[Answer]] = {}
    for row in rows:
        tries.setdefault((row.attempt_id, row.question_id), []).append(row)
    return [one for answers in tries.values() if (one := _raised(answers, document.questions)) is not None]


def _raised(answers: list[Answer], questions: Mapping[str, Question]) -> Raised | None:
    newest = answers[-1]
    question = questions.get(newest.question_id)
    if question is None or any(answer.is_right for answer in answers):
        return None
    for answer in reversed(answers):
        found = marked(question, answer.response)
        if found is not None and found.is_right:
            return Raised(
                newest.attempt_id, newest.question_id, answer.response, found, newest.try_number, answer.saved_at
            )
    return None


def raised_in_quizzes(
    session: Session, *, attempt_ids: Collection[int], document: CourseDocument, changed: Collection[str]
) -> list[tuple[QuizSitting, QuizAnswer, Mark]]:
    """The same for answers in quizzes, with their sittings, handed in or not."""
    rows = session.execute(
        select(QuizSitting, QuizAnswer)
        .join(QuizAnswer, QuizAnswer.sitting_id == QuizSitting.id)
        .where(
            QuizSitting.attempt_id.in_(attempt_ids), QuizAnswer.question_id.in_(changed), QuizAnswer.is_right.is_(False)
        )
        .order_by(QuizAnswer.id)
    )
    questions = document.questions
    found = ((sitting, answer, marked(questions[answer.question_id], answer.response)) for sitting, answer in rows)
    return [(sitting, answer, one) for sitting, answer, one in found if one is not None and one.is_right]


def marked(question: Question, response: Response) -> Mark | None:
    """How a question marks a response; ``None`` where its kind is not installed or the response means nothing to it."""
    try:
        return mark(question, response) if kind_of(question.kind) is not None else None
    except InvalidResponse:
        return None


def in_portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """So many at a time: a database takes only so many values in one statement."""
    everything = list(ids)
    for start in range(0, len(everything), AT_ONCE):
        yield everything[start : start + AT_ONCE]
