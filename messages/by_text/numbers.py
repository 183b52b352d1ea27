"""A person's own mobile number: given by themselves alone, with their consent, and taken out again at any time.

UK GDPR, articles 6(1)(a) and 7: that they agreed can be shown, and taking it back is as easy as giving it.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from kernel.insert_once import insert_once
from kernel.mobiles.writing import LONGEST, NotAMobile, read_mobile


class OwnMobile(Base):
    """The number that a person gave of their own. Taken back, the number goes and the moments stay.

    Nothing goes there before ``proven_at``: a few are of the time before numbers were proven.
    """

    __tablename__ = "own_mobile"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str | None] = mapped_column(String(LONGEST))
    agreed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("person_id"),)


def find_own_mobile(session: Session, *, person_id: int) -> OwnMobile | None:
    """The number that somebody gave; ``None`` where they gave none, or took it back."""
    return session.scalar(select(OwnMobile).where(OwnMobile.person_id == person_id, OwnMobile.number.is_not(None)))


def give_own_mobile(
    session: Session, *, person_id: int, written: str, has_agreed: bool, account_id: int | None, now: datetime
) -> str:
    """Keep a number that somebody has proven (``by_text.proving``), with their consent; returns it as E.164.

    Raises ``RuleBroken`` with the field.
    """
    try:
        number = read_mobile(written)
    except NotAMobile as problem:
        raise RuleBroken(str(problem), field="number") from problem
    if not has_agreed:
        raise RuleBroken("Select that you agree to texts to this number", field="agree")
    values = {"number": number, "agreed_at": now, "stopped_at": None, "proven_at": now}
    if not insert_once(session, OwnMobile, [{"person_id": person_id, **values}], unique=("person_id",)):
        session.execute(update(OwnMobile).where(OwnMobile.person_id == person_id).values(**values))
    _note(session, "own-mobile-given", person_id, account_id, now)
    return number


def take_own_mobile_back(session: Session, *, person_id: int, account_id: int | None, now: datetime) -> bool:
    """Forget a person's own number; whether there was one."""
    taken = session.execute(
        update(OwnMobile)
        .where(OwnMobile.person_id == person_id, OwnMobile.number.is_not(None))
        .values(number=None, stopped_at=now, proven_at=None)
        .returning(OwnMobile.id)
    ).all()
    if taken:
        _note(session, "own-mobile-taken-back", person_id, account_id, now)
    return bool(taken)


def _note(session: Session, action: str, person_id: int, account_id: int | None, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="person",
        subject_id=person_id,
        actor_account_id=account_id,
        now=now,
    )
