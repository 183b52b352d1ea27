"""Rounds in which people get their first way in: a round has a batch for each unit, and a batch its people.

A batch is a task. It holds nobody’s code: only the sheet that a worker makes of it does.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.tasks.control import cancel
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from people.organisations import Unit
from people.ways_in.choices import FirstWay

MAKE_WAYS_IN, BEGIN_ROUNDS = "make-ways-in", "begin-ways-in"
# Until then a sheet can be downloaded. Its codes work for longer, on paper.
SHEET_LIFETIME = timedelta(days=7)


class WayInRound(Task, Base):
    """What somebody asked for: a way in for everybody of an authority who has none, or of a part of it.

    With ``starters_on`` nobody asked: it is for those who joined on that day, and grows while the day lasts. ``state``
    is that of finding its people, those in ``reach_unit_ids`` and below, or in all units; its batches have their own.
    """

    __tablename__ = "way_in_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    way: Mapped[FirstWay] = mapped_column(enum_by_value(FirstWay))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted: Mapped[int]
    starters_on: Mapped[date | None]
    reach_unit_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    state: Mapped[TaskState] = task_state()

    __table_args__ = (Index(None, "organisation_id"), Index(None, "state"))


class WayInBatch(Task, Base):
    """The people of one unit in a round, or some of them: one sheet of cards, or their invitations.

    ``done`` of the ``wanted`` got one. The file of a sheet is deleted from ``ends_at`` on. Once somebody has
    ``taken`` it out, its cards are in people's hands, and it is not made anew.
    """

    __tablename__ = "way_in_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("way_in_round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted: Mapped[int]
    state: Mapped[TaskState] = task_state()
    done: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sha256: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (Index(None, "round_id"), Index(None, "unit_id"), Index(None, "state"))

    @property
    def storage_key(self) -> str:
        """Where its sheet is kept: the same for every try, so that none leaves a sheet of codes behind."""
        return f"sign-in-cards/{self.id}.sealed"


class WayInMember(Base):
    """Somebody for whom a batch was asked."""

    __tablename__ = "way_in_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("way_in_batch.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (UniqueConstraint("batch_id", "person_id"), Index(None, "person_id"))


ROUNDS = TaskKind(
    BEGIN_ROUNDS,
    WayInRound,
    since=WayInRound.asked_at,
    # Finding 22,000 people and noting them takes some seconds.
    lease=timedelta(minutes=2),
    in_words="begun",
)
WAYS_IN = TaskKind(
    MAKE_WAYS_IN,
    WayInBatch,
    since=WayInBatch.asked_at,
    # Drawing the sheet of a hundred people takes seconds.
    lease=timedelta(minutes=5),
)


def get_batch(session: Session, *, batch_id: int, organisation_id: int) -> tuple[WayInBatch, WayInRound]:
    """A batch of this authority’s, with its round. Raises ``NotFound``."""
    found = session.execute(
        select(WayInBatch, WayInRound)
        .join(WayInRound, WayInRound.id == WayInBatch.round_id)
        .where(WayInBatch.id == batch_id, WayInRound.organisation_id == organisation_id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"batch {batch_id}")
    return found[0], found[1]


def batches_page(
    session: Session, *, organisation_id: int, unit_ids: Sequence[int] | None, page: int, size: int
) -> tuple[Sequence[tuple[WayInBatch, WayInRound, str]], int]:
    """One page, counted from 1, of an authority’s batches with their rounds and units, and how many there are.

    The newest round first, and its units by name. ``unit_ids`` are those that somebody may see, all with ``None``.
    """
    within = [WayInRound.organisation_id == organisation_id]
    if unit_ids is not None:
        within.append(WayInBatch.unit_id.in_(unit_ids))
    joined = select(WayInBatch, WayInRound, Unit.path).join(WayInRound).join(Unit).where(*within)
    total = session.scalar(select(func.count()).select_from(joined.with_only_columns(WayInBatch.id).subquery())) or 0
    rows = session.execute(
        joined.order_by(WayInRound.id.desc(), Unit.path, WayInBatch.id).limit(size).offset((page - 1) * size)
    )
    return [(batch, of, path) for batch, of, path in rows], total


def is_round_coming(session: Session, *, organisation_id: int, way: FirstWay | None = None) -> bool:
    """Whether the people of a round are still to be found; of one way, or of either."""
    found = select(WayInRound.id).where(ROUNDS.is_open, WayInRound.organisation_id == organisation_id)
    if way is not None:
        found = found.where(WayInRound.way == way)
    return session.scalar(found.where(WayInRound.state != TaskState.PARKED).limit(1)) is not None


def stop_batches(session: Session, *, organisation_id: int, unit_ids: Sequence[int] | None) -> int:
    """End what is not made yet of an authority's rounds, or of the batches of some units; returns of how many batches.

    A sheet that is in the middle of being made is thrown away. What is made stays.
    """
    within = [] if unit_ids is None else [WayInBatch.unit_id.in_(unit_ids)]
    rounds = select(WayInRound.id).where(WayInRound.organisation_id == organisation_id)
    if unit_ids is None:
        for round_id in session.scalars(rounds.where(ROUNDS.is_open)).all():
            cancel(session, ROUNDS, round_id)
    open_ones = select(WayInBatch.id).where(WayInBatch.round_id.in_(rounds), WAYS_IN.is_open, *within)
    return sum(cancel(session, WAYS_IN, batch_id) for batch_id in session.scalars(open_ones).all())


def open_batches(session: Session, *, organisation_id: int) -> tuple[int, int]:
    """How many batches of an authority are still to be made, and for how many people."""
    count, people = session.execute(
        select(func.count(), func.coalesce(func.sum(WayInBatch.wanted), 0))
        .join(WayInRound)
        .where(WAYS_IN.is_open, WayInBatch.state != TaskState.PARKED, WayInRound.organisation_id == organisation_id)
    ).one()
    return count, int(people)
