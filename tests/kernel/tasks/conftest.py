"""A table of tasks of its own, with words of its own for two states."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from kernel.database import UTCDateTime
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from tests.builders.region import NOON


class _Base(DeclarativeBase):
    """Apart from the tables of the product."""


class Errand(Task, _Base):
    """Something to be done. ``effects`` counts how often what came of it was stored."""

    __tablename__ = "errand_of_tests"

    id: Mapped[int] = mapped_column(primary_key=True)
    wanted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[TaskState] = task_state(working="running", done="arrived")
    effects: Mapped[int] = mapped_column(default=0)


ERRANDS = TaskKind("run-errands", Errand, since=Errand.wanted_at, lease=timedelta(minutes=1))
TIMED = TaskKind("run-errands", Errand, since=Errand.wanted_at, lease=timedelta(minutes=1), is_timed=True)


@pytest.fixture
def tasks(connection: Connection) -> Iterator[Session]:
    """A session beside an empty table of tasks; all of it is rolled back."""
    _Base.metadata.create_all(connection)
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        yield session


def an_errand(session: Session, wanted_at: datetime = NOON) -> Errand:
    """Something that nobody has begun."""
    errand = Errand(wanted_at=wanted_at)
    session.add(errand)
    session.flush()
    return errand
