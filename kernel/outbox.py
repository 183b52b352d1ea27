"""Promises as rows: what must still happen, written in the transaction that made it necessary.

The queue is only a bell. A promise stays open until the job that keeps it says so, so a dead Redis or a killed
worker loses nothing: housekeeping rings again for every promise that has been open too long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime


class Promise(Base):
    """One thing that must happen exactly once: ``job`` will do it for the row named by ``subject``."""

    __tablename__ = "outbox_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("job", "subject"),
        Index(
            "ix_outbox_promise_open",
            "job",
            "made_at",
            postgresql_where=kept_at.is_(None),
            sqlite_where=kept_at.is_(None),
        ),
    )


def promise(session: Session, *, job: str, subject: str, now: datetime) -> None:
    """Write down that ``job`` owes something to ``subject``."""
    session.execute(insert(Promise).values(job=job, subject=subject, made_at=now))


def promise_many(session: Session, *, job: str, subjects: Sequence[str], now: datetime) -> None:
    """Write down in one statement that ``job`` owes something to each of ``subjects``."""
    if subjects:
        session.execute(insert(Promise), [{"job": job, "subject": subject, "made_at": now} for subject in subjects])


def promise_anew(session: Session, *, job: str, subject: str, now: datetime) -> None:
    """Owe it, whether or not it was promised or kept before."""
    again = update(Promise).where(Promise.job == job, Promise.subject == subject).values(made_at=now, kept_at=None)
    if session.execute(again.returning(Promise.id)).all():
        return
    try:
        with session.begin_nested():
            promise(session, job=job, subject=subject, now=now)
    except IntegrityError:  # promised by somebody else at the same moment
        return


def open_subjects(session: Session, *, job: str) -> tuple[str, ...]:
    """What ``job`` still owes something to, oldest promise first."""
    return tuple(
        session.scalars(
            select(Promise.subject)
            .where(Promise.job == job, Promise.kept_at.is_(None))
            .order_by(Promise.made_at, Promise.id)
        )
    )


def keep(session: Session, *, job: str, subjects: Sequence[str], now: datetime) -> None:
    """Mark promises as kept; keeping one twice changes nothing."""
    session.execute(
        update(Promise)
        .where(Promise.job == job, Promise.subject.in_(subjects), Promise.kept_at.is_(None))
        .values(kept_at=now)
    )


def jobs_with_open_promises(session: Session, *, now: datetime, older_than: timedelta) -> tuple[str, ...]:
    """Names of the jobs that still owe something promised more than ``older_than`` ago, in alphabetical order.

    A promise that far in the future was made before the clock was set back: it counts as old.
    """
    is_old = or_(Promise.made_at <= now - older_than, Promise.made_at >= now + older_than)
    rows = session.scalars(
        select(Promise.job).where(Promise.kept_at.is_(None), is_old).distinct().order_by(Promise.job)
    )
    return tuple(rows)


def count_open(session: Session, *, job: str) -> int:
    """How many promises of ``job`` are still open."""
    return session.scalar(select(func.count()).where(Promise.job == job, Promise.kept_at.is_(None))) or 0
