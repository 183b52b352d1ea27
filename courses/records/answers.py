"""Answers: every try at every question, as it was given and as it was marked then. Only ever added to."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, table_of


class Answer(Base):
    """One try at one question: what was answered and how it was marked then. Never changed.

    ``seconds`` is how long its screen was open before it was answered; empty when that cannot be known. ``given_at`` is
    when its person gave it, where a corrected version has marked it once more and ``answered_at`` is the time of that.
    """

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    question_id: Mapped[str] = mapped_column(String(40))
    try_number: Mapped[int]
    response: Mapped[Any] = mapped_column(JSON)
    points: Mapped[float]
    out_of: Mapped[int]
    is_right: Mapped[bool]
    marking_version: Mapped[int]
    seconds: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "question_id", "try_number"),)

    @property
    def saved_at(self) -> datetime:
        """When its person saved it, whenever it was marked."""
        return self.given_at or self.answered_at


# Built once: every screen with a question runs them, and building costs more than running.
_LATEST = (
    select(Answer)
    .where(Answer.attempt_id == bindparam("attempt_id"), Answer.question_id.in_(bindparam("ids", expanding=True)))
    .order_by(Answer.question_id, Answer.try_number)
)
_TRIES = (
    select(Answer.question_id, func.max(Answer.try_number))
    .where(Answer.attempt_id == bindparam("attempt_id"), Answer.question_id.in_(bindparam("ids", expanding=True)))
    .group_by(Answer.question_id)
)
_OF_ATTEMPT = select(Answer.question_id, Answer.is_right).where(Answer.attempt_id == bindparam("attempt_id"))
_STORE = insert(table_of(Answer))


def tries_at(session: Session, *, attempt_id: int, question_ids: Collection[str]) -> dict[str, int]:
    """How many tries these questions have, by question id; questions without a try are absent."""
    if not question_ids:
        return {}
    rows = session.connection().execute(_TRIES, {"attempt_id": attempt_id, "ids": tuple(question_ids)})
    return dict(rows.all())


def store_answer(session: Session, **values: object) -> None:
    """Store one try, given by the columns of ``Answer``. Raises ``IntegrityError`` when that try is there already."""
    session.connection().execute(_STORE, values)


def latest_answers(session: Session, *, attempt_id: int, question_ids: tuple[str, ...]) -> dict[str, Answer]:
    """The newest try at each of these questions, by question id; questions without a try are absent."""
    if not question_ids:
        return {}
    rows = session.scalars(_LATEST, {"attempt_id": attempt_id, "ids": question_ids})
    return {answer.question_id: answer for answer in rows}


def questions_answered(session: Session, *, attempt_id: int) -> dict[str, bool]:
    """Every question of the attempt that has a try, and whether any try was right."""
    rows = session.connection().execute(_OF_ATTEMPT, {"attempt_id": attempt_id})
    best: dict[str, bool] = {}
    for question_id, is_right in rows:
        best[question_id] = best.get(question_id, False) or is_right
    return best
