"""Reflections: a learner's private words. No page or export but the learner's own reads this table."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from courses.content.model.course import ReflectionBlock, Screen
from courses.records.attempts import Attempt
from courses.taking.screens import OpenScreen
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.seen import marks_of, names_to_write

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
    """The learner's own reflections, by reflection id: what they wrote when they took the course before stays theirs.

    Of each the newest attempt in which they wrote it; an empty text there means that they cleared it.
    """
    newest = aliased(Attempt)
    rows = session.scalars(
        select(Reflection)
        .join(Attempt, Attempt.id == Reflection.attempt_id)
        .join(newest, (newest.person_id == Attempt.person_id) & (newest.course_id == Attempt.course_id))
        .where(newest.id == attempt_id, Attempt.cycle <= newest.cycle)
        .order_by(Attempt.cycle, Reflection.id)
    )
    return {row.reflection_id: row for row in rows}


def marks_of_reflection(reflection_id: str, stored: Reflection | None) -> str:
    """What the form of a reflection carries."""
    return marks_of({reflection_id: _content(stored)})


def _content(stored: Reflection | None) -> tuple[str, int | None] | None:
    return (stored.text, stored.choice) if stored and (stored.text or stored.choice) else None


def save_reflection(
    session: Session,
    here: OpenScreen,
    *,
    reflection_id: str,
    text: str,
    choice: int | None = None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Keep the learner's private words; an empty text clears them.

    ``seen`` is what the form carries. Raises ``NotFound``, ``RuleBroken`` and, where newer words are kept by now than
    the form held, ``ChangedMeanwhile``.
    """
    if reflection_id not in here.screen.reflection_ids:
        raise NotFound(f"reflection {reflection_id}")
    if choice is not None and not 1 <= choice <= _number_of_choices(here.screen, reflection_id):
        raise RuleBroken("Select one of the choices, or leave it out", field=reflection_id)
    if len(text) > MAX_REFLECTION:
        raise RuleBroken(
            f"Your note must be {MAX_REFLECTION:,} characters or fewer. It has {len(text):,}", field=reflection_id
        )
    kept = reflections_of(session, attempt_id=here.attempt.id).get(reflection_id)
    typed = {reflection_id: (text, choice) if text or choice else None}
    if not names_to_write(seen, stored={reflection_id: _content(kept)}, typed=typed, field=reflection_id):
        return
    if kept is None or kept.attempt_id != here.attempt.id:  # words of an earlier attempt stay there as they were
        kept = Reflection(attempt_id=here.attempt.id, reflection_id=reflection_id)
        session.add(kept)
    kept.text, kept.choice, kept.saved_at = text, choice, now
    session.flush()


def _number_of_choices(screen: Screen, reflection_id: str) -> int:
    reflections = (block for block in screen.blocks if isinstance(block, ReflectionBlock))
    return next((len(block.choices) for block in reflections if block.id == reflection_id), 0)
