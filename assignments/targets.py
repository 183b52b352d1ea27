"""The share of people who should have finished a course, or a programme, by a day: what an authority aims at.

It asks nobody for anything; the dates by which people are asked to finish stand in requirements.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime

LEAST_PERCENT, MOST_PERCENT = 1, 100


class CompletionTarget(Base):
    """An authority's target for a course, from when to when it held; a change ends one row and begins another."""

    __tablename__ = "completion_target"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    percent: Mapped[int]
    by_on: Mapped[date]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint(f"percent BETWEEN {LEAST_PERCENT} AND {MOST_PERCENT}", name="percent_is_a_share"),
        Index(
            "uq_completion_target_in_force",
            "organisation_id",
            "course_id",
            unique=True,
            postgresql_where=ended_at.is_(None),
            sqlite_where=ended_at.is_(None),
        ),
    )


@dataclass(frozen=True)
class Target:
    """Which share of those who count should have finished, in whole per cent, and by when."""

    percent: int
    by_on: date


def find_target(session: Session, *, organisation_id: int, course_id: int) -> Target | None:
    """The target that holds; ``None`` without one."""
    row = _in_force(session, organisation_id, course_id)
    return Target(row.percent, row.by_on) if row else None


def set_target(
    session: Session,
    *,
    organisation_id: int,
    course_id: int,
    target: Target | None,
    account_id: int,
    now: datetime,
) -> bool:
    """Let this target hold from now on, or none. Whether that is a change, which is then on record."""
    row = _in_force(session, organisation_id, course_id)
    if (Target(row.percent, row.by_on) if row else None) == target:
        return False
    if row is not None:
        row.ended_at = now
        session.flush()
    if target is not None:
        session.add(
            CompletionTarget(
                organisation_id=organisation_id,
                course_id=course_id,
                percent=target.percent,
                by_on=target.by_on,
                set_at=now,
            )
        )
        session.flush()
    record(
        session,
        action="target-set" if target else "target-ended",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"course": course_id}
        | ({"percent": target.percent, "by_on": target.by_on.isoformat()} if target else {}),
    )
    return True


def _in_force(session: Session, organisation_id: int, course_id: int) -> CompletionTarget | None:
    return session.scalar(
        select(CompletionTarget).where(
            CompletionTarget.organisation_id == organisation_id,
            CompletionTarget.course_id == course_id,
            CompletionTarget.ended_at.is_(None),
        )
    )
