"""Sittings of quizzes and the answers given in them, as rows.

A sitting keeps the questions that were drawn for it, so that it reads the same for ever. Its answers may be changed
until it is handed in, and never after.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.quiz import Quiz
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound


class Certainty(StrEnum):
    """How sure somebody is of an answer, in their own judgement."""

    NOT_SURE = "not-sure"
    FAIRLY_SURE = "fairly-sure"
    VERY_SURE = "very-sure"


class QuizSitting(Base):
    """One go at a quiz. ``right_answers``, ``out_of`` and ``is_passed`` are there once it was handed in.

    ``pause_from`` is when the pause after it began: the moment of handing in, unless the clock had been wrong.
    """

    __tablename__ = "quiz_sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    quiz_id: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(120))
    question_ids: Mapped[list[str]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pause_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    right_answers: Mapped[int | None]
    out_of: Mapped[int | None]
    is_passed: Mapped[bool | None]

    __table_args__ = (UniqueConstraint("attempt_id", "quiz_id", "number"),)

    @property
    def is_open(self) -> bool:
        """Whether it is still being taken."""
        return self.submitted_at is None


class QuizAnswer(Base):
    """The answer to one question of a sitting, and how it was marked when it was saved last.

    ``seconds`` is how long the page was open before it was answered; empty when that cannot be known. ``given_at`` is
    when its person gave it, where a corrected version has marked it since and ``saved_at`` is the time of that.
    """

    __tablename__ = "quiz_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("quiz_sitting.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    response: Mapped[Any] = mapped_column(JSON)
    certainty: Mapped[Certainty | None] = mapped_column(enum_by_value(Certainty))
    seconds: Mapped[int | None]
    points: Mapped[float]
    out_of: Mapped[int]
    is_right: Mapped[bool]
    marking_version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("sitting_id", "question_id"),)

    @property
    def was_given_at(self) -> datetime:
        """When its person saved it, whenever it was marked."""
        return self.given_at or self.saved_at


# Built once: every page of a quiz runs them.
_SITTINGS = (
    select(QuizSitting)
    .where(QuizSitting.attempt_id == bindparam("attempt_id"), QuizSitting.quiz_id == bindparam("quiz_id"))
    .order_by(QuizSitting.number)
)
_SITTING = _SITTINGS.where(QuizSitting.number == bindparam("number"))
_ANSWERS = select(QuizAnswer).where(QuizAnswer.sitting_id == bindparam("sitting_id")).order_by(QuizAnswer.id)


def sittings_of(session: Session, *, attempt_id: int, quiz_id: str) -> Sequence[QuizSitting]:
    """Every sitting of a quiz within an attempt, first one first."""
    return session.scalars(_SITTINGS, {"attempt_id": attempt_id, "quiz_id": quiz_id}).all()


def get_sitting(session: Session, *, attempt_id: int, quiz_id: str, number: int) -> QuizSitting:
    """One sitting by its number, counted from 1. Raises ``NotFound``."""
    values = {"attempt_id": attempt_id, "quiz_id": quiz_id, "number": number}
    sitting = session.scalar(_SITTING, values)
    if sitting is None:
        raise NotFound(f"sitting {number} of {quiz_id}")
    return sitting


def answers_in(session: Session, *, sitting_id: int) -> dict[str, QuizAnswer]:
    """The answers of a sitting by question id; questions without one are absent."""
    return {answer.question_id: answer for answer in session.scalars(_ANSWERS, {"sitting_id": sitting_id})}


def has_done(session: Session, *, attempt_id: int, quiz: Quiz) -> bool:
    """Whether a quiz was handed in and, where it is a check, passed."""
    done = select(QuizSitting.id).where(
        QuizSitting.attempt_id == attempt_id, QuizSitting.quiz_id == quiz.id, QuizSitting.submitted_at.is_not(None)
    )
    if quiz.mode == "check":
        done = done.where(QuizSitting.is_passed.is_(True))
    return session.scalar(done.limit(1)) is not None
