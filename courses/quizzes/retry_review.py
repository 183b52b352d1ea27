"""What an admin sees of requests for another try: a name, a quiz, a reason and how many tries were used.

Never an answer, a score, or whether anything was passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, CourseVersion, current_versions, document_of
from courses.content.model.quiz import Quiz
from courses.quizzes.adjustments import QuizAdjustment, RetryRequest, adjustments_of, find_retry_request, tries_used
from courses.records.attempts import Attempt
from kernel.errors import NotFound, RuleBroken
from people.accounts import find_account
from people.persons import Person


@dataclass(frozen=True)
class OpenRetryRequest:
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
class RetryReview:
    """One person and one quiz that has limits. ``request`` is their newest."""

    attempt_id: int
    person_name: str
    course_title: str
    quiz: Quiz
    tries: int
    request: RetryRequest | None
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


def open_retry_requests(session: Session) -> tuple[OpenRetryRequest, ...]:
    """Every request without an answer, oldest first."""
    rows = session.execute(
        _ATTEMPT.add_columns(RetryRequest)
        .join(RetryRequest, RetryRequest.attempt_id == Attempt.id)
        .where(RetryRequest.answered.is_(None))
        .order_by(RetryRequest.asked_at, RetryRequest.id)
    ).all()
    return tuple(
        OpenRetryRequest(
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


def count_open_retry_requests(session: Session) -> int:
    """How many requests wait for an answer."""
    return session.scalar(select(func.count()).select_from(RetryRequest).where(RetryRequest.answered.is_(None))) or 0


def get_retry_review(session: Session, *, attempt_id: int, quiz_id: str) -> RetryReview:
    """One person and quiz. Raises ``NotFound``, also for a quiz without limits: there is nothing to give."""
    found = session.execute(_ATTEMPT.where(Attempt.id == attempt_id)).one_or_none()
    if found is None:
        raise NotFound(f"attempt {attempt_id}")
    name, version_id, fingerprint, title = found
    quiz = _quiz(session, version_id, fingerprint, quiz_id)
    if not quiz.has_limits:
        raise NotFound(f"limits of quiz {quiz_id}")
    return RetryReview(
        attempt_id=attempt_id,
        person_name=name,
        course_title=title,
        quiz=quiz,
        tries=tries_used(session, attempt_id=attempt_id, quiz_id=quiz_id),
        request=find_retry_request(session, attempt_id=attempt_id, quiz_id=quiz_id),
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


def get_newest_attempt(session: Session, *, username: str, course_slug: str) -> int:
    """The newest attempt of the person with this username at a course. Raises ``RuleBroken`` when there is none."""
    account = find_account(session, username=username)
    newest = session.scalar(
        select(func.max(Attempt.id))
        .join(Course, Course.id == Attempt.course_id)
        .where(Attempt.person_id == (account.person_id if account else None), Course.slug == course_slug)
    )
    if newest is None:
        raise RuleBroken("Nobody with this username has begun the course", field="username")
    return newest


def _quiz(session: Session, version_id: int, fingerprint: str, quiz_id: str) -> Quiz:
    quiz = document_of(session, version_id=version_id, fingerprint=fingerprint).quizzes.get(quiz_id)
    if quiz is None:
        raise NotFound(f"quiz {quiz_id}")
    return quiz
