"""Nightly counts as they are stored: one row for each authority and night, which says how far it is."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.checking.found import Found
from assignments.requirements import Requirement
from kernel.clock import LOCAL, local_day
from kernel.database import Base, UTCDateTime
from kernel.insert_once import insert_once
from kernel.tasks.background import background_kind, want
from people.organisations import Organisation

COUNT_STANDINGS = "count-standings"
STANDING_COUNTS = background_kind(COUNT_STANDINGS, lease=timedelta(minutes=5))
# After the check of files has begun, and before reminders are worked out.
FROM = time(3)
MOST_SHOWN = 25


class StandingCount(Base):
    """One count of everybody at an authority. ``position`` is the last person whom it has come to.

    ``differences`` says how many there are by cause, ``first`` holds sentences about the first of them.
    """

    __tablename__ = "standing_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    counted_on: Mapped[date]
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    position: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    compared: Mapped[int] = mapped_column(default=0)
    differences: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    first: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (UniqueConstraint("organisation_id", "counted_on"),)


def want_counts(session: Session, *, now: datetime) -> bool:
    """Want tonight’s count of each authority that asks for anything, unless it was begun; whether that is new."""
    today = local_day(now)
    if now.astimezone(LOCAL).time() < FROM:
        return False
    asks = select(Requirement.id).where(
        Requirement.organisation_id == Organisation.id, Requirement.withdrawn_at.is_(None)
    )
    has_one = select(StandingCount.id).where(
        StandingCount.organisation_id == Organisation.id, StandingCount.counted_on == today
    )
    rows = session.execute(
        select(Organisation.id, Organisation.slug).where(asks.exists(), ~has_one.exists()).order_by(Organisation.slug)
    ).all()
    for organisation_id, slug in rows:
        row = {"organisation_id": organisation_id, "counted_on": today, "begun_at": now, "position": 0}
        row |= {"people": 0, "compared": 0, "differences": {}, "first": []}
        insert_once(session, StandingCount, [row], unique=("organisation_id", "counted_on"))
        want(session, STANDING_COUNTS, subject=slug, now=now)
    return bool(rows)


def find_open_count(session: Session, *, organisation_id: int) -> StandingCount | None:
    """The newest count of an authority that has not ended; an older one that was left is not gone on with."""
    found = session.scalar(
        select(StandingCount)
        .where(StandingCount.organisation_id == organisation_id)
        .order_by(StandingCount.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found if found is not None and found.finished_at is None else None


def write_down(
    session: Session, *, count_id: int, position: int, upto: int | None, found: Found, now: datetime
) -> bool:
    """Keep what a portion showed; ``upto`` is ``None`` at the end. ``False`` where another worker took the portion."""
    mine = (StandingCount.id == count_id) & (StandingCount.position == position) & StandingCount.finished_at.is_(None)
    values = {"position": position if upto is None else upto, "finished_at": now if upto is None else None}
    taken = session.scalars(update(StandingCount).where(mine).values(**values).returning(StandingCount.id)).all()
    if not taken:
        return False
    row = session.get_one(StandingCount, count_id, populate_existing=True)
    row.people += found.people
    row.compared += found.compared
    causes = dict(row.differences)
    for cause, _ in found.differences:
        causes[cause] = causes.get(cause, 0) + 1
    row.differences = causes
    row.first = [*row.first, *(words for _, words in found.differences)][:MOST_SHOWN]
    session.flush()
    return True


def newest_counts(session: Session) -> Sequence[tuple[StandingCount, str]]:
    """The newest count that has ended, of each authority by name."""
    newest = (
        select(func.max(StandingCount.id))
        .where(StandingCount.finished_at.is_not(None))
        .group_by(StandingCount.organisation_id)
    )
    rows = session.execute(
        select(StandingCount, Organisation.name)
        .join(Organisation, Organisation.id == StandingCount.organisation_id)
        .where(StandingCount.id.in_(newest))
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row, name) for row, name in rows]
