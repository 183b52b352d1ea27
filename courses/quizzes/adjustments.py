"""Adjustments for one person: more tries at a quiz or no pause, asked for with a reason and given with one.

Whoever gives them sees a name, a quiz and how many tries were used, and never an answer or a score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.quiz import Quiz
from courses.quizzes.policy import Allowance, next_try
from courses.records.attempts import Attempt
from courses.records.quiz_records import QuizSitting, sittings_of
from kernel import audit
from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.seen import names_to_write

MOST_WORDS = 500  # characters of a reason
MOST_EXTRA = 10


class RetryDecision(StrEnum):
    """What became of a request."""

    GIVEN = "given"
    DECLINED = "declined"


class QuizAdjustment(Base):
    """More tries, or no pause after the sitting ``after_number``, for one attempt at a course. Never changed."""

    __tablename__ = "quiz_adjustment"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    after_number: Mapped[int]
    extra_attempts: Mapped[int]
    waives_pause: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(MOST_WORDS))
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "attempt_id", "quiz_id"),)


keep_append_only(cast(Table, QuizAdjustment.__table__))


class RetryRequest(Base):
    """Somebody asks for another try, or for one without the pause, and says why: one request after each sitting."""

    __tablename__ = "quiz_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    after_number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(MOST_WORDS))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered: Mapped[RetryDecision | None] = mapped_column(enum_by_value(RetryDecision))
    answer: Mapped[str | None] = mapped_column(String(MOST_WORDS))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "quiz_id", "after_number"),)


@dataclass(frozen=True)
class Adjustment:
    """What an admin decides for one person: so many more tries, and whether the pause falls away once."""

    extra_attempts: int
    waives_pause: bool
    reason: str


_ADJUSTMENTS = (
    select(QuizAdjustment)
    .where(QuizAdjustment.attempt_id == bindparam("attempt_id"), QuizAdjustment.quiz_id == bindparam("quiz_id"))
    .order_by(QuizAdjustment.id)
)


def adjustments_of(session: Session, *, attempt_id: int, quiz: Quiz) -> Sequence[QuizAdjustment]:
    """What was given to the person of an attempt for a quiz, in order; asks nothing when the quiz has no limits."""
    if not quiz.has_limits:
        return ()
    return session.scalars(_ADJUSTMENTS, {"attempt_id": attempt_id, "quiz_id": quiz.id}).all()


def allowance_from(adjustments: Sequence[QuizAdjustment]) -> Allowance:
    """All adjustments of one person and quiz together."""
    return Allowance(
        extra_attempts=sum(one.extra_attempts for one in adjustments),
        unpaused_after=max((one.after_number for one in adjustments if one.waives_pause), default=0),
    )


def allowance_of(session: Session, *, attempt_id: int, quiz: Quiz) -> Allowance:
    """What a person may do beyond the rules of a quiz."""
    return allowance_from(adjustments_of(session, attempt_id=attempt_id, quiz=quiz))


def find_retry_request(session: Session, *, attempt_id: int, quiz_id: str) -> RetryRequest | None:
    """The newest request of a person for a quiz."""
    return session.scalar(
        select(RetryRequest)
        .where(RetryRequest.attempt_id == attempt_id, RetryRequest.quiz_id == quiz_id)
        .order_by(RetryRequest.after_number.desc())
        .limit(1)
    )


def tries_used(session: Session, *, attempt_id: int, quiz_id: str) -> int:
    """How many sittings of a quiz have begun within an attempt."""
    count = select(func.max(QuizSitting.number)).where(
        QuizSitting.attempt_id == attempt_id, QuizSitting.quiz_id == quiz_id
    )
    return session.scalar(count) or 0


def request_retry(
    session: Session, *, attempt_id: int, quiz: Quiz, reason: str, now: datetime, seen: str | None = None
) -> None:
    """Note a learner's request; asking twice after the same sitting asks once, with the newer words.

    The caller holds the lock of the attempt; ``seen`` is what the form carries. Raises ``RuleBroken`` without a reason
    and while they can take it, and ``ChangedMeanwhile`` when they have asked since the form was opened.
    """
    words = _reason(reason, "Write why you would like another try")
    sittings = sittings_of(session, attempt_id=attempt_id, quiz_id=quiz.id)
    allowance = allowance_of(session, attempt_id=attempt_id, quiz=quiz)
    if not sittings or sittings[-1].is_open or next_try(quiz, sittings, allowance, now=now).can_start:
        raise RuleBroken("You can take this quiz already, so there is nothing to ask for")
    used = sittings[-1].number
    request = find_retry_request(session, attempt_id=attempt_id, quiz_id=quiz.id)
    is_asked = request is not None and request.after_number == used and request.answered is None
    stored = {"reason": request.reason if request and is_asked else ""}
    if not names_to_write(seen, stored=stored, typed={"reason": words}, field="reason"):
        return
    if request is None or request.after_number < used:
        request = RetryRequest(attempt_id=attempt_id, quiz_id=quiz.id, after_number=used)
        session.add(request)
    request.reason, request.asked_at = words, now
    request.answered = request.answer = request.answered_at = None
    session.flush()


def adjust(
    session: Session, *, attempt_id: int, quiz_id: str, adjustment: Adjustment, account_id: int | None, now: datetime
) -> None:
    """Give one person more tries, or spare them the pause, with a reason that they read. Audited.

    An open request for it is answered by this. Raises ``NotFound`` and ``RuleBroken``.
    """
    words = _reason(adjustment.reason, "Write a reason")
    if not 0 <= adjustment.extra_attempts <= MOST_EXTRA:
        raise RuleBroken(f"Give between 0 and {MOST_EXTRA} more tries", field="extra_attempts")
    if not adjustment.extra_attempts and not adjustment.waives_pause:
        raise RuleBroken("Give at least one more try, or let the pause fall away", field="extra_attempts")
    _lock(session, attempt_id)
    used = tries_used(session, attempt_id=attempt_id, quiz_id=quiz_id)
    session.add(
        QuizAdjustment(
            attempt_id=attempt_id,
            quiz_id=quiz_id,
            after_number=used,
            extra_attempts=adjustment.extra_attempts,
            waives_pause=adjustment.waives_pause,
            reason=words,
            made_by_account_id=account_id,
            made_at=now,
        )
    )
    _answer_request(session, attempt_id, quiz_id, RetryDecision.GIVEN, words, now)
    detail = {"quiz": quiz_id, "extra_attempts": adjustment.extra_attempts, "waives_pause": adjustment.waives_pause}
    _record(session, "quiz-adjusted", attempt_id, detail, account_id, now)


def decline(
    session: Session, *, attempt_id: int, quiz_id: str, reason: str, account_id: int | None, now: datetime
) -> None:
    """Say no to an open request, with a reason that the person reads. Audited. Raises ``NotFound``, ``RuleBroken``."""
    words = _reason(reason, "Write a reason")
    _lock(session, attempt_id)
    if not _answer_request(session, attempt_id, quiz_id, RetryDecision.DECLINED, words, now):
        raise NotFound(f"an open request for {quiz_id}")
    _record(session, "quiz-request-declined", attempt_id, {"quiz": quiz_id}, account_id, now)


def _lock(session: Session, attempt_id: int) -> None:
    if session.scalar(select(Attempt.id).where(Attempt.id == attempt_id).with_for_update()) is None:
        raise NotFound(f"attempt {attempt_id}")


def _answer_request(
    session: Session, attempt_id: int, quiz_id: str, answered: RetryDecision, words: str, now: datetime
) -> bool:
    request = find_retry_request(session, attempt_id=attempt_id, quiz_id=quiz_id)
    if request is None or request.answered is not None:
        return False
    request.answered, request.answer, request.answered_at = answered, words, now
    session.flush()
    return True


def _record(
    session: Session, action: str, attempt_id: int, detail: dict[str, object], account_id: int | None, now: datetime
) -> None:
    audit.record(
        session,
        action=action,
        subject_type="attempt",
        subject_id=attempt_id,
        actor_account_id=account_id,
        now=now,
        detail=detail,
    )


def _reason(text: str, message: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise RuleBroken(message, field="reason")
    if len(words) > MOST_WORDS:
        raise RuleBroken(f"The reason must be {MOST_WORDS} characters or fewer", field="reason")
    return words
