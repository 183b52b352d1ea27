"""What an authority says of its policy, in versions: the newest holds, and none is changed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.audiences.conditions import end_of
from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.database import Base, UTCDateTime, table_of
from kernel.errors import RuleBroken

LONGEST = 10_000
CHANGED_MEANWHILE = "Somebody else has worded the policy meanwhile. Read what it says now, and word it again"


class EqualityPolicy(Base):
    """One version: plain text in paragraphs."""

    __tablename__ = "equality_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    worded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    worded_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "number"),)


keep_append_only(table_of(EqualityPolicy))


def policy_versions(session: Session, *, organisation_id: int) -> Sequence[EqualityPolicy]:
    """Every version, the newest first."""
    return session.scalars(
        select(EqualityPolicy)
        .where(EqualityPolicy.organisation_id == organisation_id)
        .order_by(EqualityPolicy.number.desc())
    ).all()


def policy_on(session: Session, *, organisation_id: int, on: date) -> EqualityPolicy | None:
    """The version that held at the end of a day; ``None`` before there was one."""
    return session.scalar(
        select(EqualityPolicy)
        .where(EqualityPolicy.organisation_id == organisation_id, EqualityPolicy.worded_at < end_of(on))
        .order_by(EqualityPolicy.number.desc())
        .limit(1)
    )


def word_policy(
    session: Session, *, organisation_id: int, text: str, follows: int, account_id: int | None, now: datetime
) -> int:
    """Add a version after the one with the number ``follows``, 0 for the first; returns its number. The same text again
    adds none. Raises ``RuleBroken`` where another version has come meanwhile."""
    newest = session.scalar(
        select(EqualityPolicy)
        .where(EqualityPolicy.organisation_id == organisation_id)
        .order_by(EqualityPolicy.number.desc())
        .limit(1)
    )
    number = newest.number if newest else 0
    if newest is not None and newest.text == text:
        return number
    if number != follows:
        raise RuleBroken(CHANGED_MEANWHILE, field="text")
    session.add(
        EqualityPolicy(
            organisation_id=organisation_id,
            number=number + 1,
            text=text,
            worded_at=now,
            worded_by_account_id=account_id,
        )
    )
    session.flush()
    record(
        session,
        action="equality-policy-worded",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"version": number + 1},
    )
    return number + 1


def count_of_versions(session: Session, *, organisation_id: int) -> int:
    """How many versions there are."""
    wanted = select(func.count()).where(EqualityPolicy.organisation_id == organisation_id)
    return session.scalar(wanted) or 0
