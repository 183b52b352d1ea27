"""What somebody sent when they were no longer signed in, kept for an hour so that they find it again.

It is sealed with a key that only their browser holds: nobody can read it here, and nobody else is shown it there.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime

KEPT_FOR = timedelta(hours=1)


class UnsentForm(Base):
    """The sealed fields of one form, for the account whose page they were typed on."""

    __tablename__ = "unsent_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def keep_unsent(session: Session, *, account_id: int, sealed: bytes, now: datetime) -> int:
    """Keep a form that was not sent; returns its id."""
    form = UnsentForm(account_id=account_id, sealed=sealed, kept_at=now)
    session.add(form)
    session.flush()
    return form.id


def unsent_forms(session: Session, *, form_ids: Sequence[int], account_id: int, now: datetime) -> list[bytes]:
    """Those of these forms that were kept for this account, and for no other, the newest first; each for its hour."""
    kept = select(UnsentForm.sealed).where(
        UnsentForm.id.in_(form_ids), UnsentForm.account_id == account_id, UnsentForm.kept_at > now - KEPT_FOR
    )
    return list(session.scalars(kept.order_by(UnsentForm.id.desc())))


def forget_unsent(session: Session, *, form_id: int) -> None:
    """Delete one that has been sent since."""
    session.execute(delete(UnsentForm).where(UnsentForm.id == form_id))


def forget_old_unsent(session: Session, *, now: datetime) -> None:
    """Delete those whose hour is over."""
    session.execute(delete(UnsentForm).where(UnsentForm.kept_at <= now - KEPT_FOR))
