"""Tasks without a row of their own: one for each thing that a kind of them is about, wanted again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.insert_once import insert_once
from kernel.tasks.kinds import ON_ITS_WAY, Task, TaskKind, TaskState, task_state


class BackgroundTask(Task, Base):
    """Something to be done for ``subject``, for instance a version whose questions are to be counted."""

    __tablename__ = "background_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[TaskState] = task_state()

    __table_args__ = (UniqueConstraint("kind", "subject"),)


BackgroundKind = TaskKind[BackgroundTask]


def background_kind(name: str, *, lease: timedelta) -> BackgroundKind:
    """A kind of task whose rows stand in the table that all such kinds share."""
    which = BackgroundTask.kind == name
    return TaskKind(name, BackgroundTask, since=BackgroundTask.wanted_at, which=which, lease=lease)


def want(session: Session, kind: BackgroundKind, *, subject: str, now: datetime) -> None:
    """Have it done, whether or not it was done before.

    A worker that has it in hand loses its claim: what it brings is of the time before, and it is done once more.
    """
    fresh = {"state": TaskState.PENDING, "wanted_at": now, "claimed_by": None, "claims": 0, "failures": 0}
    again = (
        update(BackgroundTask)
        .where(kind.rows, BackgroundTask.subject == subject)
        .values(**fresh, retry_at=None, failure_reason=None)
        .returning(BackgroundTask.id)
    )
    if session.scalars(again).all():
        return
    row = {"kind": kind.name, "subject": subject, "wanted_at": now}
    if not insert_once(session, BackgroundTask, [row], unique=("kind", "subject")):
        session.execute(again)  # wanted by somebody else at the same moment, and perhaps in hand already


def is_coming(session: Session, kind: BackgroundKind, *, subject: str) -> bool:
    """Whether it is wanted, and not done, parked or cancelled yet."""
    states = (*ON_ITS_WAY, TaskState.FAILED)
    found = select(BackgroundTask.id).where(
        kind.rows, BackgroundTask.subject == subject, BackgroundTask.state.in_(states)
    )
    return session.scalar(found) is not None


def open_subjects(session: Session, kind: BackgroundKind) -> Sequence[str]:
    """What is still to be done, also what is parked, oldest wish first."""
    return session.scalars(
        select(BackgroundTask.subject).where(kind.is_open).order_by(BackgroundTask.wanted_at, BackgroundTask.id)
    ).all()
