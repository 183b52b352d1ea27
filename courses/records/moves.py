"""Corrections of a version, and the attempts that were moved to the corrected one. Only ever added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, SQLColumnExpression, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.records.attempts import Attempt
from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, table_of


class CourseCorrection(Base):
    """An author said that one version corrects another: people midway are moved to it."""

    __tablename__ = "course_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    corrects_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("course_version_id", "corrects_version_id"),)


class AttemptMove(Base):
    """One attempt was moved. ``raised`` are the questions that count as right since then, and did not before.

    ``sittings`` holds how those sittings of quizzes stood before that were counted anew: id, right answers, passed.
    """

    __tablename__ = "attempt_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    correction_id: Mapped[int] = mapped_column(ForeignKey("course_correction.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    to_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), index=True)
    raised: Mapped[list[str]] = mapped_column(JSON)
    sittings: Mapped[list[Any]] = mapped_column(JSON)
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "correction_id"),)


keep_append_only(table_of(CourseCorrection))
keep_append_only(table_of(AttemptMove))


def newest_move(session: Session, *, attempt_id: int) -> AttemptMove | None:
    """When an attempt was moved last, and what that raised."""
    moves = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id)
    return session.scalar(moves.order_by(AttemptMove.id.desc()).limit(1))


def version_when(moment: SQLColumnExpression[datetime]) -> ColumnElement[int]:
    """The version that an attempt was on at a moment: its answers of then were marked by that one."""
    earlier = (
        select(AttemptMove.from_version_id)
        .where(AttemptMove.attempt_id == Attempt.id, AttemptMove.moved_at > moment)
        .order_by(AttemptMove.id)
        .limit(1)
        .correlate_except(AttemptMove)
        .scalar_subquery()
    )
    return func.coalesce(earlier, Attempt.course_version_id)


def began_on(version_id: int) -> ColumnElement[bool]:
    """The condition that an attempt began on a version, wherever it is now."""
    moved_away = select(AttemptMove.attempt_id).where(AttemptMove.from_version_id == version_id)
    moved_here = select(AttemptMove.attempt_id).where(AttemptMove.to_version_id == version_id)
    is_there = or_(Attempt.course_version_id == version_id, Attempt.id.in_(moved_away))
    return is_there & Attempt.id.not_in(moved_here)


def is_before_any_move(attempt_id: SQLColumnExpression[int], moment: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """The condition that something happened on the version that its attempt began on."""
    moved = select(AttemptMove.id).where(AttemptMove.attempt_id == attempt_id, AttemptMove.moved_at <= moment)
    return ~moved.correlate_except(AttemptMove).exists()
