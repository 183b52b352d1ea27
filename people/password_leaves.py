"""Leave to set a new password, as it is stored: a link that goes by mail, or a code on paper."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value

LASTS = {"link": timedelta(hours=1), "code": timedelta(days=14)}

# A sheet goes by post to a depot, and waits there for whoever is on holiday. Mail for thousands takes a day to leave.
CARD_LASTS, INVITATION_LASTS = timedelta(days=28), timedelta(days=14)


class ResetKind(StrEnum):
    """How the person gets it."""

    LINK = "link"
    CODE = "code"


class PasswordReset(Base):
    """Leave to set a password once, until ``ends_at``.

    ``code_hash`` is empty for a link. ``token_sha256`` is the hash of what the address of its page holds, once somebody
    was given that. ``made_by_account_id`` is who handed out a code; nobody at the command line. ``batch_id`` is that of
    a first way in: then a code is on a sign-in card, and a link is an invitation.
    """

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[ResetKind] = mapped_column(enum_by_value(ResetKind))
    code_hash: Mapped[str | None] = mapped_column(String(200))
    token_sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int | None]
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[int | None]

    __table_args__ = (Index(None, "account_id"), Index(None, "token_sha256"))


def begin_reset(
    session: Session,
    *,
    account_id: int,
    kind: ResetKind,
    now: datetime,
    code_hash: str | None = None,
    made_by_account_id: int | None = None,
) -> PasswordReset:
    """Leave for an account from now on, for as long as its kind lasts."""
    found = PasswordReset(
        account_id=account_id,
        kind=kind,
        code_hash=code_hash,
        made_at=now,
        made_by_account_id=made_by_account_id,
        ends_at=now + LASTS[kind],
    )
    session.add(found)
    session.flush()
    return found


def end_resets(session: Session, *, account_id: int, now: datetime) -> None:
    """No earlier link or code of an account opens anything any more."""
    end_resets_of(session, account_ids=(account_id,), now=now)


def end_resets_of(session: Session, *, account_ids: Collection[int], now: datetime) -> None:
    """The same for many accounts in one statement."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id.in_(account_ids), PasswordReset.ends_at > now)
        .values(ends_at=now)
    )
