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
LONGEST_DAYS = 3_660


class RecordKind(StrEnum):
    """What a rule can be about."""

    LEAVERS = "leavers"
    OWN_WORDS = "own-words"
    REQUESTS = "requests"
    LINKS = "links"
    MESSAGES = "messages"
    ATTEMPTS = "attempts"
    EVIDENCE = "past-evidence"
    HR_FILES = "hr-files"


# Most kinds go after months, and none before somebody says so.
IN_DAYS = frozenset({RecordKind.HR_FILES})
FIRST: Mapping[RecordKind, int] = {RecordKind.HR_FILES: 14}


class RetentionRule(Base):
    """One rule as it was set; the newest of its kind holds. Without ``months`` or ``days`` the kind is kept."""

    __tablename__ = "retention_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(enum_by_value(RecordKind))
    months: Mapped[int | None]
    days: Mapped[int | None]
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "kind"),)


def unit_of(kind: RecordKind) -> str:
    """In what the time of a kind is counted: days or months."""
    return "day" if kind in IN_DAYS else "month"


def longest(kind: RecordKind) -> int:
    """The longest time of a kind, in its unit."""
    return LONGEST_DAYS if kind in IN_DAYS else LONGEST_MONTHS


def time_kept(session: Session) -> Mapping[RecordKind, int | None]:
    """After how many months or days each kind goes; ``None`` for one that is kept."""
    newest = select(func.max(RetentionRule.id)).group_by(RetentionRule.kind)
    found = session.scalars(select(RetentionRule).where(RetentionRule.id.in_(newest))).all()
    said = {one.kind: one.days if one.kind in IN_DAYS else one.months for one in found}
    return {**dict.fromkeys(RecordKind), **FIRST, **said}


def set_rule(session: Session, *, kind: RecordKind, time: int | None, by: int | None, now: datetime) -> None:
    """Say after how many months or days a kind goes; ``None``: it is kept. Raises ``RuleBroken`` for a time that is
    none."""
    if time is not None and not 1 <= time <= longest(kind):
        raise RuleBroken(f"Enter a whole number of {unit_of(kind)}s from 1 to {longest(kind)}", "months")
    values = {"days" if kind in IN_DAYS else "months": time}
    session.add(RetentionRule(kind=kind, set_at=now, set_by_account_id=by, **values))
    record(
        session,
        action="retention-rule-set",
        subject_type="retention",
        subject_id=kind.value,
        actor_account_id=by,
        now=now,
        detail={f"{unit_of(kind)}s": time if time is not None else "kept"},
    )


def day_before_which(kind: RecordKind, time: int, *, on: date) -> date:
    """Whatever of a kind ended before this day has passed its time on a day."""
    if kind in IN_DAYS:
        return date.fromordinal(max(1, on.toordinal() - time))
    return day_months_before(on, time)


def day_months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
