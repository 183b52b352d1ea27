"""Runs of past learning and their rows. A row that belongs to nobody stays as evidence until somebody matches it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, func
from sqlalchemy.orm import Mapped, mapped_column

from courses.history.known import LONGEST_KEY
from courses.history.plan import Outcome
from courses.history.rows import HistoryEntry
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state

# Reading a file to its end takes less; a worker that takes longer hangs.
LONGEST_SILENCE = timedelta(minutes=15)
WORK_OFF_HISTORY = "work-off-past-learning"


class Stage(StrEnum):
    """How far a run is. Before it is applied it has changed nothing; what was undone can be applied again."""

    PLANNING = "planning"
    UNREADABLE = "unreadable"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"


class HistoryRun(Task, Base):
    """One file of past learning. ``state`` is that of applying or undoing it, and done while nobody asked for either.

    A file that is ``PLANNING`` is kept at ``file_key`` until a worker has read it in the way of ``reading``. ``shape``
    holds its headings and what stood between its cells, to give rows back as they came.

    One that ``is_short`` states more rows at its end than were read: a second person has to agree to it.

    ``figures`` are the figures of past days that it changes, as they were when it was planned. Rows up to
    ``handled_id`` are behind the worker; ``done`` counts completions that were added, or taken back, so far.
    """

    __tablename__ = "history_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    how_read: Mapped[list[str]] = mapped_column(JSON)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    shape: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    file_key: Mapped[str | None] = mapped_column(String(200))
    is_short: Mapped[bool] = mapped_column(default=False, server_default=false())
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    planned_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    stage: Mapped[Stage] = mapped_column(enum_by_value(Stage))
    state: Mapped[TaskState] = task_state()
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    wanted: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    handled_id: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "organisation_id"),)


class HistoryRow(Base):
    """One row of a file and what became of it.

    ``said`` is how the file names the person and the course, and ``sent`` the row as it came, kept only while it
    belongs to nobody or cannot be used. ``problems`` say why. ``completion_id`` is what came of it; with ``undone_at``
    that was undone. One that belonged to nobody ``is_forgotten`` once it says nothing of anybody any more.

    ``again_run_id`` and ``again_row_number`` name the row of an earlier file that this one puts right: numbers as they
    came, which may name nothing.
    """

    __tablename__ = "history_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("history_run.id"))
    row_number: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(enum_by_value(Outcome))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    completed_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200))
    evidence: Mapped[str] = mapped_column(String(500))
    said: Mapped[dict[str, str]] = mapped_column(JSON)
    sent: Mapped[list[str]] = mapped_column(JSON, default=list)
    problems: Mapped[list[Any]] = mapped_column(JSON)
    suggested: Mapped[list[int]] = mapped_column(JSON)
    is_forgotten: Mapped[bool] = mapped_column(default=False, server_default=false())
    again_run_id: Mapped[int | None]
    again_row_number: Mapped[int | None]
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    matched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    matched_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index(None, "run_id", "outcome"),
        Index(None, "person_id"),
        Index(None, "completion_id"),
        Index(None, "again_run_id", "again_row_number"),
    )


def day_of(row: HistoryRow) -> date:
    """The day on which something was completed, of a row that can be used. Raises ``ValueError`` for another."""
    if row.completed_on is None:
        raise ValueError(f"row {row.id} of past learning has no day")
    return row.completed_on


def entry_of(row: HistoryRow) -> HistoryEntry:
    """What a row said that belongs to nobody. Raises ``ValueError`` for one without a day."""
    born_on = row.said.get("born_on")
    return HistoryEntry(
        row_number=row.row_number,
        course=row.said.get("course", ""),
        completed_on=day_of(row),
        payroll_number=row.said.get("number", ""),
        name=row.said.get("name", ""),
        born_on=date.fromisoformat(born_on) if born_on else None,
        source=row.source,
        evidence=row.evidence,
        sent=tuple(row.sent),
        again=(row.again_run_id, row.again_row_number) if row.again_run_id and row.again_row_number else None,
    )


class HistoryCourseName(Base):
    """Which course an authority means by a name of its own. ``called`` is that name as it is compared."""

    __tablename__ = "history_course_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    called: Mapped[str] = mapped_column(String(LONGEST_KEY))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "called"),)


_WAITING_SINCE = func.coalesce(HistoryRun.claimed_at, HistoryRun.wanted_at)
HISTORY_RUNS = TaskKind(
    WORK_OFF_HISTORY,
    HistoryRun,
    since=_WAITING_SINCE,
    order=(_WAITING_SINCE,),
    # A batch takes a second or two; after a minute its worker is dead, not slow.
    lease=timedelta(minutes=1),
    in_words="worked on",
)
