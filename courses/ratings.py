"""Ratings: what people say about themselves. A person’s own pages read them one by one; reports only count them.

They belong to a person and an instrument, not to an attempt, so that courses which share an instrument can be
compared. The employer at the time is kept beside them: figures do not move when somebody changes jobs.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.personal import Moment, StatementsBlock
from courses.taking import open_screen
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from people.persons import find_main_employment


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
    session: Session, *, person_id: int, instrument_id: str | None = None
) -> dict[tuple[str, Moment], dict[str, Rating]]:
    """A person’s own ratings: by instrument and moment, then by statement."""
    query = select(Rating).where(Rating.person_id == person_id).order_by(Rating.id)
    if instrument_id is not None:
        query = query.where(Rating.instrument_id == instrument_id)
    found: dict[tuple[str, Moment], dict[str, Rating]] = {}
    for row in session.scalars(query):
        found.setdefault((row.instrument_id, row.moment), {})[row.statement_id] = row
    return found


def save_ratings(
    session: Session,
    *,
    person_id: int,
    slug: str,
    module_slug: str,
    screen: int,
    place: StatementsBlock,
    values: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep what somebody chose, by statement id; statements that are not in ``values`` stay as they are.

    Raises ``NotFound`` when this is not asked on the screen, ``NotOpen``, and ``RuleBroken`` for an answer that a
    statement does not have.
    """
    here = open_screen(session, person_id=person_id, slug=slug, module_slug=module_slug, number=screen)
    if place not in here.screen.personal:
        raise NotFound(f"{place.key} on screen {screen} of {module_slug}")
    statements = {one.id: one for one in here.document.instruments[place.instrument_id].asked_at(place.moment)}
    for statement_id, value in values.items():
        if statement_id not in statements or value not in {choice.id for choice in statements[statement_id].answers}:
            raise RuleBroken("Select one of the answers, or leave it out", field=statement_id)
    kept = ratings_of(session, person_id=person_id, instrument_id=place.instrument_id)
    before = kept.get((place.instrument_id, place.moment), {})
    job = find_main_employment(session, person_id=person_id, on=local_day(now))
    for statement_id, value in values.items():
        rating = before.get(statement_id)
        if rating is None:
            rating = Rating(
                person_id=person_id,
                organisation_id=job.organisation_id if job else None,
                instrument_id=place.instrument_id,
                statement_id=statement_id,
                moment=place.moment,
                first_said_at=now,
            )
            session.add(rating)
        rating.value, rating.said_at = value, now
    session.flush()


def forget_ratings(session: Session, *, person_id: int, instrument_id: str) -> None:
    """Remove what a person said with one instrument, at every moment. Figures lose it, too."""
    session.execute(delete(Rating).where(Rating.person_id == person_id, Rating.instrument_id == instrument_id))
