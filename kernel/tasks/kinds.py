"""What a task is: the columns of its row, its states, and how much patience there is with each kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Dialect, SQLColumnExpression, String, TypeDecorator, and_, literal, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import UTCDateTime


class TaskState(StrEnum):
    """Where a task is. A failed one is tried again by itself; a parked or paused one when somebody says so.

    An expired one was done, and what came of it was there for a while only.
    """

    PENDING = "pending"
    WORKING = "working"
    FAILED = "failed"
    PARKED = "parked"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ON_ITS_WAY = (TaskState.PENDING, TaskState.WORKING)
TRIED_AGAIN = (TaskState.FAILED, TaskState.PARKED)
ENDED = (TaskState.DONE, TaskState.CANCELLED, TaskState.EXPIRED)


class _StateColumn(TypeDecorator[TaskState]):
    """States in the words of a table. An ``Enum`` takes a word that is the name of another state for that other one."""

    impl = String(40)
    cache_ok = True

    def __init__(self, *words: tuple[str, str]) -> None:
        super().__init__()
        self.words = words
        self._stored = {state: dict(words).get(state.value, state.value) for state in TaskState}
        self._states = {word: state for state, word in self._stored.items()}

    def process_bind_param(self, value: TaskState | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self._stored[value]

    def process_result_value(self, value: str | None, dialect: Dialect) -> TaskState | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self._states[value]


def task_state(**words: str) -> Mapped[TaskState]:
    """The column ``state``. A table may store words of its own: ``task_state(done="ready")``."""
    return mapped_column(_StateColumn(*words.items()), default=TaskState.PENDING)


class Task:
    """What the machine keeps of a row, beside its ``state``.

    ``claimed_by`` is a word that nobody else has, and empty while nobody has the row in hand. ``claimed_at`` is when
    that worker was last heard of. ``claims`` counts how often the row was taken up since a worker last said how it
    went, ``failures`` how often it failed.
    """

    if TYPE_CHECKING:
        id: Mapped[int]
        state: Mapped[TaskState]

    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claims: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failure_reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def is_on_its_way(self) -> bool:
        """Whether it waits for a worker, or a worker has it in hand."""
        return self.state in ON_ITS_WAY

    @property
    def has_failed(self) -> bool:
        """Whether it could not be done, and is tried again by itself or when somebody says so."""
        return self.state in TRIED_AGAIN


Row = TypeVar("Row", bound=Task)


@dataclass(frozen=True, eq=False)
class TaskKind(Generic[Row]):
    """One kind of task: its rows, and how much patience there is with them.

    ``name`` wakes its workers. A pending row waits since ``since``; with ``is_timed`` that may lie ahead, and it is not
    due before. A worker that is not heard of for a ``lease`` is dead. A row whose workers died ``alone_after`` times is
    taken alone, after all others: should it be what kills them, nothing else dies with it. ``when_retried`` says what
    else a row holds when somebody has it tried again.
    """

    name: str
    table: type[Row]
    since: SQLColumnExpression[Any]
    lease: timedelta
    is_timed: bool = False
    which: ColumnElement[bool] | None = None
    order: tuple[ColumnElement[Any], ...] = ()
    retry_after: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
    )
    most_failures: int = 3
    most_claims: int = 5
    alone_after: int = 2
    in_words: str = "made"
    when_retried: Callable[[datetime], Mapping[str, object]] = lambda _: {}

    @property
    def rows(self) -> ColumnElement[bool]:
        """The condition that a row of the table is of this kind."""
        return true() if self.which is None else self.which

    @property
    def is_open(self) -> ColumnElement[bool]:
        """The condition that something is still to come of a row."""
        state = self.table.state
        # The states stand in the statement itself, not beside it: only so does PostgreSQL see that a partial index of
        # what is open will do. Without it, each claim reads all that is done before it comes to what is not.
        return and_(self.rows, *(state != literal(one, state.type, literal_execute=True) for one in ENDED))

    def is_due(self, now: datetime) -> ColumnElement[bool]:
        """The condition that a worker may take a row."""
        table = self.table
        pending = and_(table.state == TaskState.PENDING, self.since <= now if self.is_timed else true())
        # A retry further ahead than the longest wait was written before the clock was set back.
        is_time = or_(table.retry_at <= now, table.retry_at > now + self.retry_after[-1] + self.lease)
        failed = and_(table.state == TaskState.FAILED, is_time)
        abandoned = and_(self.is_abandoned(now), table.claims < self.most_claims)
        return and_(self.is_open, or_(pending, failed, abandoned))

    def is_abandoned(self, now: datetime) -> ColumnElement[bool]:
        """The condition that a row is with a worker that was not heard of for a lease."""
        table = self.table
        # A claim of the future was made before the clock was set back: its lease would not run out until then.
        is_over = or_(table.claimed_at < now - self.lease, table.claimed_at > now + self.lease)
        return and_(table.state == TaskState.WORKING, is_over)
