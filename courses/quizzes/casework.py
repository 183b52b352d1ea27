"""What an admin sees of requests for another try: a name, a quiz, a reason and how many tries were used.

Never an answer, a score, or whether anything was passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.attempts import Attempt
from courses.catalogue import Course, CourseVersion, current_versions, document_of
from courses.content.quiz import Quiz
from courses.quizzes.adjustments import QuizAdjustment, QuizRequest, adjustments_of, find_request, tries_used
from kernel.errors import NotFound, RuleBroken
from people.accounts import Account, normal_username
from people.persons import Person


@dataclass(frozen=True)
class OpenRequest:
    """A request that nobody has answered yet. ``tries`` is how many had begun when it was made."""

    attempt_id: int
    person_name: str
    course_title: str
    quiz_id: str
    quiz_title: str
    reason: str
    tries: int
    asked_at: datetime


@dataclass(frozen=True)
class Case:
    """One person and one quiz that has limits. ``request`` is their newest."""

    attempt_id: int
    person_name: str
    course_title: str
    quiz: Quiz
    tries: int
    request: QuizRequest | None
    adjustments: tuple[QuizAdjustment, ...]


@dataclass(frozen=True)
class LimitedQuiz:
    """A quiz of a current version that sets limits."""

    course_slug: str
    course_title: str
    quiz: Quiz


_ATTEMPT = (
    select(Person.chosen_name, CourseVersion.id, CourseVersion.fingerprint, CourseVersion.title)
    .select_from(Attempt)
    .join(Person, Person.id == Attempt.person_id)
    .join(CourseVersion, CourseVersion.id == Attempt.course_version_id)
)


def open_requests(session: Session) -> tuple[OpenRequest, ...]:
    """Every request without an answer, oldest first."""
    rows = session.execute(
        _ATTEMPT.add_columns(QuizRequest)
        .join(QuizRequest, QuizRequest.attempt_id == Attempt.id)
        .where(QuizRequest.answered.is_(None))
        .order_by(QuizRequest.asked_at, QuizRequest.id)
    ).all()
    return tuple(
        OpenRequest(
            attempt_id=request.attempt_id,
            person_name=name,
            course_title=title,
            quiz_id=request.quiz_id,
            quiz_title=_quiz(session, version_id, fingerprint, request.quiz_id).title,
            reason=request.reason,
            tries=request.after_number,
            asked_at=request.asked_at,
        )
        for name, version_id, fingerprint, title, request in rows
    )


def count_open_requests(session: Session) -> int:
    """How many requests wait for an answer."""
    return session.scalar(select(func.count()).select_from(QuizRequest).where(QuizRequest.answered.is_(None))) or 0


def get_case(session: Session, *, attempt_id: int, quiz_id: str) -> Case:
    """One person and quiz. Raises ``NotFound``, also for a quiz without limits: there is nothing to give."""
    found = session.execute(_ATTEMPT.where(Attempt.id == attempt_id)).one_or_none()
    if found is None:
        raise NotFound(f"attempt {attempt_id}")
    name, version_id, fingerprint, title = found
    quiz = _quiz(session, version_id, fingerprint, quiz_id)
    if not quiz.has_limits:
        raise NotFound(f"limits of quiz {quiz_id}")
    return Case(
        attempt_id=attempt_id,
        person_name=name,
        course_title=title,
        quiz=quiz,
        tries=tries_used(session, attempt_id=attempt_id, quiz_id=quiz_id),
        request=find_request(session, attempt_id=attempt_id, quiz_id=quiz_id),
        adjustments=tuple(adjustments_of(session, attempt_id=attempt_id, quiz=quiz)),
    )


def limited_quizzes(session: Session) -> tuple[LimitedQuiz, ...]:
    """The quizzes with limits of all current versions, by course and then in the order of the course."""
    found: list[LimitedQuiz] = []
    for course, version in current_versions(session):
        document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
        quizzes: Sequence[Quiz] = tuple(document.quizzes.values())
        found += (LimitedQuiz(course.slug, version.title, quiz) for quiz in quizzes if quiz.has_limits)
    return tuple(found)


def attempt_at(session: Session, *, username: str, course_slug: str) -> int:
    """The newest attempt of the person with this username at a course. Raises ``RuleBroken`` when there is none."""
    newest = session.scalar(
        select(func.max(Attempt.id))
        .join(Account, Account.person_id == Attempt.person_id)
        .join(Course, Course.id == Attempt.course_id)
        .where(Account.username == normal_username(username), Course.slug == course_slug)
    )
    if newest is None:
        raise RuleBroken("Nobody with this username has begun the course", field="username")
    return newest


def _quiz(session: Session, version_id: int, fingerprint: str, quiz_id: str) -> Quiz:
    quiz = document_of(session, version_id=version_id, fingerprint=fingerprint).quizzes.get(quiz_id)
    if quiz is None:
        raise NotFound(f"quiz {quiz_id}")
    return quiz
