"""Runs and what each does, as they are stored. A run is read and planned, waits for a person, and is applied."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.tasks.kinds import ON_ITS_WAY, Task, TaskKind, TaskState, task_state

APPLY_FEEDS = "apply-feeds"
UNDO_DAYS = 14


_IN_PAST = {"adds": "added", "brings back": "brought back", "moves": "moved", "changes": "changed", "ends": "ended"}


class Choice(StrEnum):
    """What somebody decided about a plan."""

    NOTHING = "nothing"
    WITHOUT_LEAVERS = "without-leavers"
    ALL = "all"


class ItemKind(StrEnum):
    """What an item does, as ``Act`` says it; or a row that does nothing because it cannot be used."""

    JOIN = "join"
    RETURN = "return"
    CHANGE = "change"
    LEAVE = "leave"
    UNUSABLE = "unusable"


class FeedRun(Task, Base):
    """One file of an authority and what became of it.

    ``plan`` holds what a person reads: counts, sentences, what stopped it, new units and the directorates before and
    after. ``state_digest`` and ``plan_digest`` tell whether record or plan are still the same. ``definition`` is the
    mapping with which the file was read, ``source_id`` where it came from by itself. ``handled`` is the place of the
    last item that was done, ``applies_on`` the day on which that began. ``open_key`` keeps two runs of one authority
    from being applied at once.

    While it ``is_to_plan``, ``handled`` is the last row that was read, and ``row_count`` how many there seem to be.
    """

    __tablename__ = "feed_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    mapping_id: Mapped[int | None]
    source_id: Mapped[int | None]
    definition: Mapped[JsonObject] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    planned_on: Mapped[date]
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    planned_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    row_count: Mapped[int]
    item_count: Mapped[int]
    is_stopped: Mapped[bool]
    plan: Mapped[JsonObject] = mapped_column(JSON)
    state_digest: Mapped[str] = mapped_column(String(64))
    plan_digest: Mapped[str] = mapped_column(String(64))

    is_to_plan: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[TaskState] = task_state(
        paused="planned", pending="approved", done="applied", cancelled="dropped", expired="undone"
    )
    choice: Mapped[Choice | None] = mapped_column(enum_by_value(Choice))
    decided_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applies_on: Mapped[date | None]
    handled: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_to_undo: Mapped[bool] = mapped_column(default=False)
    undone_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("feed_run.id"))
    open_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    # Since when the file is to go; its key is empty once it is gone.
    file_forgotten_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "organisation_id"),)

    @property
    def is_planned(self) -> bool:
        """Whether it waits for somebody to decide."""
        return self.state is TaskState.PAUSED and not self.is_to_plan

    @property
    def is_unread(self) -> bool:
        """Whether its file is still to be read, or could not be."""
        return self.is_to_plan and self.state is not TaskState.CANCELLED

    @property
    def is_applied(self) -> bool:
        """Whether all of it is in the record, and not undone."""
        return self.state is TaskState.DONE and self.choice is not Choice.NOTHING

    @property
    def summary(self) -> str:
        """What it does, in one line; of one that is undone what it had done: It had added 42 people."""
        whole: str = self.plan["summary"]
        if self.state is not TaskState.EXPIRED:
            return whole
        parts = [f"{part[:1].lower()}{part[1:]}" for part in whole.removesuffix(".").split(", ")]
        done = [
            f"{past}{part.removeprefix(verb)}"
            for part in parts
            for verb, past in _IN_PAST.items()
            if part.startswith(f"{verb} ") and not (verb == "ends" and self.choice is Choice.WITHOUT_LEAVERS)
        ]
        return f"It had {', '.join(done) or 'changed nothing'}. All of that is undone."

    @property
    def undo_until(self) -> date | None:
        """The last day on which it can be undone; ``None`` for what was never applied."""
        return self.applies_on + timedelta(days=UNDO_DAYS) if self.applies_on and self.is_applied else None


class FeedItem(Base):
    """What a run does to one job, or a row that it cannot use. ``place`` counts from 1 in the order of doing.

    ``detail`` holds the steps, the values before and after, those of the person, and what is wrong with a row.
    """

    __tablename__ = "feed_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("feed_run.id"))
    place: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(enum_by_value(ItemKind))
    is_move: Mapped[bool]
    is_rename: Mapped[bool]
    employment_id: Mapped[int | None] = mapped_column(ForeignKey("employment.id"))
    payroll_number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    row_number: Mapped[int | None]
    is_skipped: Mapped[bool]
    detail: Mapped[JsonObject] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("run_id", "place"), Index(None, "run_id", "kind"), Index(None, "employment_id"))


def being_applied(session: Session) -> frozenset[int]:
    """The ids of the authorities of which a file is being applied or undone, or is about to be."""
    states = (*ON_ITS_WAY, TaskState.FAILED)
    going_on = (FeedRun.state.in_(states), FeedRun.is_to_plan.is_(False))
    return frozenset(session.scalars(select(FeedRun.organisation_id).where(*going_on)))


_WAITING_SINCE = func.coalesce(FeedRun.claimed_at, FeedRun.decided_at, FeedRun.planned_at)
FEED_RUNS = TaskKind(
    APPLY_FEEDS,
    FeedRun,
    since=_WAITING_SINCE,
    order=(_WAITING_SINCE,),
    # A thousand jobs take seconds, a plan that is made again takes some more.
    lease=timedelta(minutes=2),
    in_words="applied",
)
