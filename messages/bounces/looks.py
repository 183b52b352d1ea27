"""The last look at the place where mail comes back: when it was, and what could not be read there."""

from datetime import datetime

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.insert_once import insert_once

_LONGEST_PROBLEM = 300


class BounceLook(Base):
    """The last look at one place. ``unreadable`` counts what stayed unread there because it cannot be read; with a
    ``problem`` the look ended early, and the text says why."""

    __tablename__ = "bounce_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(300), unique=True)
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read: Mapped[int]
    unreadable: Mapped[int]
    problem: Mapped[str | None] = mapped_column(String(_LONGEST_PROBLEM))


def note_look(session: Session, *, place: str, read: int, unreadable: int, problem: str | None, now: datetime) -> None:
    """Keep how the last look went, in the place of the one before."""
    values = {
        "looked_at": now,
        "read": read,
        "unreadable": unreadable,
        "problem": problem[:_LONGEST_PROBLEM] if problem else None,
    }
    if not insert_once(session, BounceLook, [{"place": place, **values}], unique=("place",)):
        session.execute(update(BounceLook).where(BounceLook.place == place).values(**values))


def find_look(session: Session, *, place: str) -> BounceLook | None:
    """The last look at a place; ``None`` where nobody has looked yet."""
    return session.scalar(select(BounceLook).where(BounceLook.place == place))
