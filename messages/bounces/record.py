"""Mails that came back, and which addresses no mail goes to any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from people.persons import Person


class Bounce(Base):
    """One report of one address. ``message_id`` is the message that came back, which may have been let go since.

    The address does not work while ``is_final``, ``settled_at`` is empty and the record still holds it.
    """

    __tablename__ = "bounce"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    message_id: Mapped[int]
    address: Mapped[str] = mapped_column(String(254))
    is_final: Mapped[bool]
    status: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(100))
    came_at: Mapped[datetime] = mapped_column(UTCDateTime)
    report_sha256: Mapped[str] = mapped_column(String(64))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        UniqueConstraint("report_sha256", "message_id"),
        Index(None, "person_id"),
    )


def _works_not() -> ColumnElement[bool]:
    is_same = func.lower(Bounce.address) == func.lower(Person.email)
    return (Bounce.person_id == Person.id) & Bounce.is_final & Bounce.settled_at.is_(None) & is_same


def has_working_address() -> ColumnElement[bool]:
    """The condition on a person that their record holds an address, and that mail to it does not come back."""
    return Person.email.is_not(None) & (Person.email != "") & ~exists().where(_works_not())


@dataclass(frozen=True)
class DeadAddress:
    """An address that did not work, whose it is, since when, and why in words."""

    person_id: int
    name: str
    address: str
    words: str
    came_at: datetime


def dead_addresses(session: Session, *, person_ids: Collection[int] | None = None) -> Sequence[DeadAddress]:
    """The addresses on record that do not work, the newest news first; of these people, or of everybody."""
    of = [] if person_ids is None else [Person.id.in_(person_ids)]
    rows = session.execute(
        select(Person.id, Person.chosen_name, Person.email, Bounce.words, Bounce.came_at)
        .join(Bounce, _works_not())
        .where(*of)
        .order_by(Bounce.came_at.desc(), Bounce.id.desc())
    )
    found: dict[int, DeadAddress] = {}
    for person_id, name, address, words, came_at in rows:
        found.setdefault(person_id, DeadAddress(person_id, name, address or "", words, came_at))
    return tuple(found.values())


def find_dead_address(session: Session, *, person_id: int) -> DeadAddress | None:
    """Why no mail goes to somebody's address; ``None`` where it does, or where there is none."""
    return next(iter(dead_addresses(session, person_ids=[person_id])), None)


def try_again(session: Session, *, person_id: int, account_id: int | None, now: datetime) -> bool:
    """Let mail go to somebody's address again: it was put right elsewhere. Returns whether there was anything to do."""
    settled = session.execute(
        update(Bounce)
        .where(Bounce.person_id == person_id, Bounce.is_final, Bounce.settled_at.is_(None))
        .values(settled_at=now, settled_by_account_id=account_id)
        .returning(Bounce.id)
    ).all()
    if settled:
        record(
            session,
            action="address-tried-again",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=account_id,
            now=now,
        )
    return bool(settled)
