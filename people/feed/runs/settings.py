"""From which shares on the files of an authority stop."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from people.feed.planning.brakes import Limits
from people.feed.runs.record import UNDO_DAYS, Choice, FeedRun

OWN_FILE = f"A file that you brought in the last {UNDO_DAYS} days was stopped. Somebody else has to raise a limit"
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
    """Choose the limits of an authority from now on.

    Raises ``RuleBroken`` for one that is not from 0 to 100, and for one that is raised by somebody whose own file was
    stopped a short while ago and who would so agree to it alone.
    """
    chosen = {f"{name}_percent": getattr(limits, name) for name in _COLUMNS}
    for name in _COLUMNS:
        if not 0 <= getattr(limits, name) <= 100:
            raise RuleBroken("Enter a whole number from 0 to 100", field=name)
    before = limits_of(session, organisation_id=organisation_id)
    raised = [name for name in _COLUMNS if getattr(limits, name) > getattr(before, name)]
    if raised and by is not None and _has_stopped_file(session, organisation_id, by, now):
        raise RuleBroken(OWN_FILE, field=raised[0])
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


def _has_stopped_file(session: Session, organisation_id: int, account_id: int, now: datetime) -> bool:
    own = (FeedRun.organisation_id == organisation_id, FeedRun.planned_by_account_id == account_id)
    recent = FeedRun.planned_at > now - timedelta(days=UNDO_DAYS)
    is_open = FeedRun.choice.is_distinct_from(Choice.ALL)
    return bool(session.scalar(select(exists(select(FeedRun.id).where(*own, recent, FeedRun.is_stopped, is_open)))))
