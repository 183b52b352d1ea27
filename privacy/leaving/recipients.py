"""For whom exports of an authority are encrypted: public keys of age, of which nobody here holds the other half."""

from collections.abc import Sequence
from datetime import datetime

from pyrage import RecipientError, x25519
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken

# An age key of the usual kind (X25519) in Bech32: https://age-encryption.org/v1
KEY_BEGINS, SECRET_BEGINS = "age1", "AGE-SECRET-KEY-"
MOST = 10


class ExportRecipient(Base):
    """A public key and whose it is. Exports made while it stands here open with its private half, for ever."""

    __tablename__ = "export_recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    public_key: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "organisation_id"),)


def read_key(typed: str) -> str:
    """The key that somebody typed, as it is kept. Raises ``RuleBroken``, in words, for what is no public key of age."""
    key = "".join(typed.split())
    if key.upper().startswith(SECRET_BEGINS):
        # Not kept, not shown again, not logged: whoever has it opens everything.
        raise RuleBroken(
            "This is a private key. Never send it to anybody: make a new pair, and enter the public key of it, which "
            "begins with “age1”"
        )
    try:
        return str(x25519.Recipient.from_str(key.lower() if key == key.upper() else key))
    except RecipientError as problem:
        raise RuleBroken(
            "This is not a public key of age. It begins with “age1” and has 62 letters and figures; copy it whole"
        ) from problem


def recipients_of(session: Session, *, organisation_id: int) -> Sequence[ExportRecipient]:
    """The keys that stand, the first one first."""
    return session.scalars(
        select(ExportRecipient)
        .where(ExportRecipient.organisation_id == organisation_id, ExportRecipient.removed_at.is_(None))
        .order_by(ExportRecipient.id)
    ).all()


def add_recipient(
    session: Session, *, organisation_id: int, typed: str, label: str, account_id: int, now: datetime
) -> ExportRecipient:
    """Let exports from now on be opened with one more key. Raises ``RuleBroken``."""
    key, standing = read_key(typed), recipients_of(session, organisation_id=organisation_id)
    if any(one.public_key == key for one in standing):
        raise RuleBroken("This key is in the list already")
    if len(standing) >= MOST:
        raise RuleBroken(f"There are {MOST} keys already. Remove one first")
    found = ExportRecipient(
        organisation_id=organisation_id, public_key=key, label=label, added_at=now, added_by_account_id=account_id
    )
    session.add(found)
    session.flush()
    _note(session, "export-key-added", found, account_id, now)
    return found


def remove_recipient(
    session: Session, *, recipient_id: int, organisation_id: int, account_id: int, now: datetime
) -> None:
    """Let exports from now on not be opened with a key. Raises ``NotFound`` for another’s, or a removed one."""
    found = session.get(ExportRecipient, recipient_id, with_for_update=True)
    if found is None or found.organisation_id != organisation_id or found.removed_at is not None:
        raise NotFound(f"export recipient {recipient_id}")
    found.removed_at = now
    _note(session, "export-key-removed", found, account_id, now)


def _note(session: Session, action: str, recipient: ExportRecipient, account_id: int, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=recipient.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"label": recipient.label, "key": recipient.public_key},
    )
