"""The rules as they are stored: for each kind of record, after how many months it goes. Rows are only added."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import RuleBroken

LONGEST_MONTHS = 600


class RecordKind(StrEnum):
    """What a rule can be about."""

    LEAVERS = "leavers"
    OWN_WORDS = "own-words"
    REQUESTS = "requests"
    LINKS = "links"


class RetentionRule(Base):
    """One rule as it was set; the newest of its kind holds. Without ``months`` the kind is kept."""

    __tablename__ = "retention_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(enum_by_value(RecordKind))
    months: Mapped[int | None]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "kind"),)


def months_kept(session: Session) -> Mapping[RecordKind, int | None]:
    """After how many months each kind goes; ``None`` for one that is kept, as every kind is until somebody says."""
    newest = select(func.max(RetentionRule.id)).group_by(RetentionRule.kind)
    found = session.scalars(select(RetentionRule).where(RetentionRule.id.in_(newest))).all()
    return {**dict.fromkeys(RecordKind), **{one.kind: one.months for one in found}}


def set_rule(session: Session, *, kind: RecordKind, months: int | None, by: int | None, now: datetime) -> None:
    """Say after how many months a kind goes; ``None``: it is kept. Raises ``RuleBroken`` for months that are none."""
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        raise RuleBroken(f"Enter a whole number of months from 1 to {LONGEST_MONTHS}", "months")
    session.add(RetentionRule(kind=kind, months=months, set_at=now, set_by_account_id=by))
    record(
        session,
        action="retention-rule-set",
        subject_type="retention",
        subject_id=kind.value,
        actor_account_id=by,
        now=now,
        detail={"months": months if months is not None else "kept"},
    )


def day_months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
