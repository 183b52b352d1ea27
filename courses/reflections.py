"""Reflections: a learner's private words. No page or export but the learner's own reads this table."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.content.model import ReflectionBlock, Screen
from courses.taking import open_screen
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken

MAX_REFLECTION = 5_000  # characters


class Reflection(Base):
    """What somebody wrote for themselves at one place of a course; an empty text means that they cleared it.

    ``choice`` counts from 1, where there are choices and one was made.
    """

    __tablename__ = "reflection"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    reflection_id: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    choice: Mapped[int | None]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("attempt_id", "reflection_id"),)


def reflections_of(session: Session, *, attempt_id: int) -> dict[str, Reflection]:
    """The learner's own reflections, by reflection id."""
    rows = session.scalars(select(Reflection).where(Reflection.attempt_id == attempt_id).order_by(Reflection.id))
    return {row.reflection_id: row for row in rows}


def save_reflection(
    session: Session,
    *,
    person_id: int,
    slug: str,
    module_slug: str,
    screen: int,
    reflection_id: str,
    text: str,
    choice: int | None = None,
    now: datetime,
) -> None:
    """Keep the learner's private words; an empty text clears them. Raises ``NotFound``, ``NotOpen``, ``RuleBroken``."""
    here = open_screen(session, person_id=person_id, slug=slug, module_slug=module_slug, number=screen)
    if reflection_id not in here.screen.reflection_ids:
        raise NotFound(f"reflection {reflection_id}")
    if choice is not None and not 1 <= choice <= _number_of_choices(here.screen, reflection_id):
        raise RuleBroken("Select one of the choices, or leave it out", field=reflection_id)
    if len(text) > MAX_REFLECTION:
        raise RuleBroken(
            f"Your note must be {MAX_REFLECTION:,} characters or fewer. It has {len(text):,}", field=reflection_id
        )
    kept = reflections_of(session, attempt_id=here.attempt.id).get(reflection_id)
    if kept is None:
        kept = Reflection(attempt_id=here.attempt.id, reflection_id=reflection_id)
        session.add(kept)
    kept.text, kept.choice, kept.saved_at = text, choice, now
    session.flush()


def _number_of_choices(screen: Screen, reflection_id: str) -> int:
    reflections = (block for block in screen.blocks if isinstance(block, ReflectionBlock))
    return next((len(block.choices) for block in reflections if block.id == reflection_id), 0)
