"""Counts of days that are over as they are stored, the marks about them, and the days that are closed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DDL, JSON, ForeignKey, Index, String, Text, UniqueConstraint, event, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, enum_by_value, table_of
from reports.figures.definition import By
from reports.kept.watching import LOCK, watch_statements


class ClosedDays(Base):
    """Every day up to ``until_on`` is over for the figures: whoever changes anything about it leaves a mark."""

    __tablename__ = "closed_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    until_on: Mapped[date] = mapped_column(unique=True)
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ChangeOfPast(Base):
    """A mark: from ``since_on`` on, figures of an authority and a course may be others now; 0 stands for any of them.

    Triggers write them (``watching``), never the application.
    """

    __tablename__ = "change_of_past"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    course_id: Mapped[int]
    since_on: Mapped[date]

    __table_args__ = (Index(None, "organisation_id", "course_id", "since_on"),)


class KeptCount(Base):
    """How far the people of an authority were with a course on a day that is closed, exactly, by one thing.

    ``marks`` is how many there were about ``courses`` before it was made, and ``code`` of what made it. ``counts`` has
    lists of part, people and complete; ``left_out`` by reason lists of part and people, without those who had not begun
    yet. ``people`` and ``complete`` are those of everybody. ``checked_at`` is when it was last counted in full, and
    ``difference`` what was kept otherwise until then, in words.
    """

    __tablename__ = "kept_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    of_day: Mapped[date]
    by: Mapped[By] = mapped_column(enum_by_value(By))
    courses: Mapped[list[int]] = mapped_column(JSON)
    marks: Mapped[int]
    code: Mapped[str] = mapped_column(String(64))
    people: Mapped[int]
    complete: Mapped[int]
    counts: Mapped[list[list[Any]]] = mapped_column(JSON)
    left_out: Mapped[dict[str, list[list[Any]]]] = mapped_column(JSON)
    counted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    difference: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("organisation_id", "course_id", "of_day", "by"),)


keep_append_only(table_of(ClosedDays))
keep_append_only(table_of(ChangeOfPast))
for _dialect in ("sqlite", "postgresql"):
    for _statement in watch_statements(_dialect):
        # When all tables are there: each trigger speaks of several. DDL() treats % as a format sign; none holds one.
        event.listen(Base.metadata, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


def closed_until(session: Session) -> date | None:
    """The last day that is closed; ``None`` for none."""
    return session.scalar(select(func.max(ClosedDays.until_on)))


def close_days(session: Session, until: date, *, now: datetime) -> bool:
    """Close every day up to one; whether they are closed now. The caller commits before anything is counted.

    On PostgreSQL somebody may have changed a thing about such a day, left no mark because it was not closed, and not
    committed yet: then nothing is closed, and whoever asks tries again later. Nobody has to wait.
    """
    held = closed_until(session)
    if held is not None and held >= until:
        return True
    is_shared = session.get_bind().dialect.name == "postgresql"
    if is_shared and not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return False
    session.add(ClosedDays(until_on=until, closed_at=now))
    session.flush()
    return True
