"""The keys that files were signed with. A row stays when the key is changed: old files stay signed as they are."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.signing.signer import KeyFacts, Signature
from kernel.database import Base, UTCDateTime


class SigningKey(Base):
    """The public facts of a key, as they were when it signed its first file."""

    __tablename__ = "certificate_signing_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime] = mapped_column(UTCDateTime)
    first_used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Signed(Protocol):
    """A row about a file that may be signed."""

    @property
    def signing_key_id(self) -> int | None:
        """The key, if it was signed."""
        ...

    @property
    def has_time_stamp(self) -> bool:
        """Whether a server vouches for the time."""
        ...


def remember_key(session: Session, *, key: KeyFacts, now: datetime) -> int:
    """The id of a key's row, which is made when it signs for the first time."""
    known = select(SigningKey.id).where(SigningKey.fingerprint == key.fingerprint)
    found = session.scalar(known)
    if found is not None:
        return found
    row = SigningKey(
        fingerprint=key.fingerprint,
        subject=key.subject,
        organisation=key.organisation,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
        first_used_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another worker was first
        return session.scalars(known).one()
    return row.id


def signature_of(session: Session, row: Signed) -> Signature | None:
    """By whom the file of a row was signed; ``None`` when it was not."""
    if row.signing_key_id is None:
        return None
    key = session.get_one(SigningKey, row.signing_key_id)
    facts = KeyFacts(key.fingerprint, key.subject, key.organisation, key.valid_from, key.valid_until)
    return Signature(facts, row.has_time_stamp)
