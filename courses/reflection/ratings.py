"""Ratings: what people say about themselves. A person’s own pages read them one by one; reports only count them.

They belong to a person and an instrument, not to an attempt, so that courses which share an instrument can be
compared. The employer at the time is kept beside them: figures do not move when somebody changes jobs.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model.personal import Moment, StatementsBlock
from courses.taking.screens import OpenScreen
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.insert_once import insert_once
from kernel.seen import names_to_write
from people.jobs.reading import find_main_employment


class Rating(Base):
    """What somebody chose beside one statement at one moment. ``value`` is a choice’s id: ``1`` to ``5``, or words."""

    __tablename__ = "rating"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    instrument_id: Mapped[str] = mapped_column(String(80))
    statement_id: Mapped[str] = mapped_column(String(20))
    moment: Mapped[Moment] = mapped_column(enum_by_value(Moment))
    value: Mapped[str] = mapped_column(String(60))
    first_said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("person_id", "instrument_id", "moment", "statement_id"),
        Index(None, "organisation_id", "instrument_id"),
    )


def ratings_of(
    session: Session, *, person_id: int, instrument_id: str | None = None, is_locked: bool = False
) -> dict[tuple[str, Moment], dict[str, Rating]]:
    """A person’s own ratings: by instrument and moment, then by statement; ``is_locked`` to change them."""
    query = select(Rating).where(Rating.person_id == person_id).order_by(Rating.id)
    if instrument_id is not None:
        query = query.where(Rating.instrument_id == instrument_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: dict[tuple[str, Moment], dict[str, Rating]] = {}
    for row in session.scalars(query):
        found.setdefault((row.instrument_id, row.moment), {})[row.statement_id] = row
    return found


def chosen_values(session: Session, *, person_id: int, place: StatementsBlock) -> dict[str, str]:
    """What a person has chosen at one place, by statement id."""
    found = ratings_of(session, person_id=person_id, instrument_id=place.instrument_id)
    return {key: one.value for key, one in found.get((place.instrument_id, place.moment), {}).items()}


def save_ratings(
    session: Session,
    here: OpenScreen,
    *,
    place: StatementsBlock,
    values: Mapping[str, str],
    now: datetime,
    seen: str | None = None,
) -> None:
    """Keep what somebody chose, by statement id; statements that are not in ``values`` stay as they are.

    ``seen`` is what the form carries. Raises ``NotFound`` when this is not asked on the screen, ``RuleBroken`` for an
    answer that a statement does not have, and ``ChangedMeanwhile`` where something else was chosen by now than the
    form held.
    """
    person_id = here.attempt.person_id
    if place not in here.screen.personal:
        raise NotFound(f"{place.key} on {here.address}")
    statements = {one.id: one for one in here.document.instruments[place.instrument_id].asked_at(place.moment)}
    for statement_id, value in values.items():
        if statement_id not in statements or value not in {choice.id for choice in statements[statement_id].answers}:
            raise RuleBroken("Select one of the answers, or leave it out", field=statement_id)
    _keep(session, person_id, place, values, seen, now)


def _keep(
    session: Session, person_id: int, place: StatementsBlock, values: Mapping[str, str], seen: str | None, now: datetime
) -> None:
    kept = ratings_of(session, person_id=person_id, instrument_id=place.instrument_id, is_locked=True)
    before = kept.get((place.instrument_id, place.moment), {})
    stored = {statement_id: rating.value for statement_id, rating in before.items()}
    names = names_to_write(seen, stored=stored, typed=values)
    for statement_id in (name for name in names if name in before):
        before[statement_id].value, before[statement_id].said_at = values[statement_id], now
    session.flush()
    new = {name: values[name] for name in names if name not in before}
    if _add(session, person_id, place, new, now) < len(new):
        # Two courses may ask the same, so no attempt is locked: this was chosen elsewhere at the same moment.
        _keep(session, person_id, place, new, seen, now)


def _add(session: Session, person_id: int, place: StatementsBlock, new: Mapping[str, str], now: datetime) -> int:
    """Store what was never chosen before; returns how many nobody else had stored at the same moment."""
    job = find_main_employment(session, person_id=person_id, on=local_day(now))
    row = {
        "person_id": person_id,
        "organisation_id": job.organisation_id if job else None,
        "instrument_id": place.instrument_id,
        "moment": place.moment,
        "first_said_at": now,
        "said_at": now,
    }
    rows = [{**row, "statement_id": statement_id, "value": value} for statement_id, value in new.items()]
    return len(insert_once(session, Rating, rows, unique=("person_id", "instrument_id", "moment", "statement_id")))


def forget_ratings(session: Session, *, person_id: int, instrument_id: str) -> None:
    """Remove what a person said with one instrument, at every moment. Figures lose it, too."""
    session.execute(delete(Rating).where(Rating.person_id == person_id, Rating.instrument_id == instrument_id))
