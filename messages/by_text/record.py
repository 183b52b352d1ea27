"""The texts that were written to people: one a day at most for each, what became of it, and numbers that are dead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.mobiles.writing import LONGEST
from messages.by_text.numbers import OwnMobile
from people.persons import Person


class Delivery(StrEnum):
    """What is known of a text that was handed over."""

    ON_ITS_WAY = "on-its-way"
    ARRIVED = "arrived"
    NOT_NOW = "not-now"
    NO_SUCH_NUMBER = "no-such-number"
    TROUBLE = "trouble"
    UNKNOWN = "unknown"


DELIVERY_WORDS = {
    Delivery.ON_ITS_WAY: "On its way",
    Delivery.ARRIVED: "It has arrived",
    Delivery.NOT_NOW: "The phone was switched off, out of reach or full for days",
    Delivery.NO_SUCH_NUMBER: "No phone has this number, or it takes no texts",
    Delivery.TROUBLE: "The network could not deliver it",
    Delivery.UNKNOWN: "Nobody said what became of it",
}


class TextMessage(Base):
    """One text to one person on one day; the database lets there be no second one. It is there before it is sent.

    ``handed_at`` is empty until it was handed over, ``delivery`` says what became of it, and ``look_at`` when to ask
    again. ``is_dead``: its number does not work, until ``settled_at``.
    """

    __tablename__ = "text_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_on: Mapped[date]
    number: Mapped[str] = mapped_column(String(LONGEST))
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    parts: Mapped[int]
    delivery: Mapped[Delivery | None] = mapped_column(enum_by_value(Delivery))
    look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_dead: Mapped[bool] = mapped_column(default=False)
    dead_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint("person_id", "sent_on"),
        Index(None, "look_at"),
    )


def number_of() -> ColumnElement[str | None]:
    """The number of a person to which texts go: their own where they proved one, or else that of their work phone."""
    theirs = (OwnMobile.person_id == Person.id) & OwnMobile.proven_at.is_not(None)
    own = select(OwnMobile.number).where(theirs).correlate(Person).scalar_subquery()
    return func.coalesce(own, func.nullif(Person.work_mobile, ""))


def _is_dead() -> ColumnElement[bool]:
    return (
        (TextMessage.person_id == Person.id)
        & TextMessage.is_dead
        & TextMessage.settled_at.is_(None)
        & (TextMessage.number == number_of())
    )


def has_working_number() -> ColumnElement[bool]:
    """The condition on a person that there is a number of theirs, and that texts to it arrive."""
    return number_of().is_not(None) & ~exists().where(_is_dead()).correlate(Person)


def find_number(session: Session, *, person_id: int) -> str | None:
    """The number to which texts to somebody go, whether it works or not; ``None`` where there is none."""
    return session.scalar(select(number_of()).where(Person.id == person_id))


@dataclass(frozen=True)
class DeadNumber:
    """A number to which no text goes any more: whose, whether they gave it themselves, since when, and why in words."""

    person_id: int
    name: str
    number: str
    is_own: bool
    words: str
    came_at: datetime | None


def dead_numbers(session: Session, *, person_ids: Collection[int] | None = None) -> Sequence[DeadNumber]:
    """The numbers that do not work, the newest news first; of these people, or of everybody."""
    of = [] if person_ids is None else [Person.id.in_(person_ids)]
    rows = session.execute(
        select(
            Person.id,
            Person.chosen_name,
            TextMessage.number,
            OwnMobile.number.is_not(None),
            TextMessage.delivery,
            TextMessage.dead_at,
        )
        .select_from(Person)
        .join(TextMessage, _is_dead())
        .outerjoin(OwnMobile, OwnMobile.person_id == Person.id)
        .where(*of)
        .order_by(TextMessage.dead_at.desc(), TextMessage.id.desc())
    )
    found: dict[int, DeadNumber] = {}
    for person_id, name, number, is_own, delivery, dead_at in rows:
        words = DELIVERY_WORDS[delivery or Delivery.NO_SUCH_NUMBER]
        found.setdefault(person_id, DeadNumber(person_id, name, number, is_own, words, dead_at))
    return tuple(found.values())


def find_dead_number(session: Session, *, person_id: int) -> DeadNumber | None:
    """Why no text goes to somebody's number; ``None`` where it does, or where there is none."""
    return next(iter(dead_numbers(session, person_ids=[person_id])), None)


def try_number_again(session: Session, *, person_id: int, account_id: int | None, now: datetime) -> bool:
    """Let texts go to somebody's number again. Returns whether there was anything to do."""
    settled = session.execute(
        update(TextMessage)
        .where(TextMessage.person_id == person_id, TextMessage.is_dead, TextMessage.settled_at.is_(None))
        .values(settled_at=now, settled_by_account_id=account_id)
        .returning(TextMessage.id)
    ).all()
    if settled:
        record(
            session,
            action="number-tried-again",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=account_id,
            now=now,
        )
    return bool(settled)
