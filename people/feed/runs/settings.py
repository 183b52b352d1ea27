"""From which shares on the files of an authority stop."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from people.feed.planning.brakes import Limits

_COLUMNS = ("leavers", "moves", "joiners", "changed_keys", "moved_emails")


class FeedSettings(Base):
    """The limits that an authority has chosen, each in per cent of the jobs held there."""

    __tablename__ = "feed_settings"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    leavers_percent: Mapped[int]
    moves_percent: Mapped[int]
    joiners_percent: Mapped[int]
    changed_keys_percent: Mapped[int]
    moved_emails_percent: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = tuple(
        CheckConstraint(f"{name}_percent BETWEEN 0 AND 100", name=f"{name}_is_a_share") for name in _COLUMNS
    )


def limits_of(session: Session, *, organisation_id: int) -> Limits:
    """The limits of an authority; those of everybody who has not chosen any."""
    found = session.get(FeedSettings, organisation_id)
    return Limits(*(getattr(found, f"{name}_percent") for name in _COLUMNS)) if found else Limits()


def set_limits(session: Session, *, organisation_id: int, limits: Limits, by: int | None, now: datetime) -> None:
    """Choose the limits of an authority from now on. Raises ``RuleBroken`` for one that is not from 0 to 100."""
    chosen = {f"{name}_percent": getattr(limits, name) for name in _COLUMNS}
    for name in _COLUMNS:
        if not 0 <= getattr(limits, name) <= 100:
            raise RuleBroken("Enter a whole number from 0 to 100", field=name)
    session.merge(FeedSettings(organisation_id=organisation_id, **chosen, changed_at=now, changed_by_account_id=by))
    record(
        session,
        action="feed-limits-changed",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=by,
        now=now,
        detail=chosen,
    )
