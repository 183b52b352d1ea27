"""The right to take rows about people out of the platform: its own, beside a role, with a reason and a last day.

Looking at a list needs a role; carrying it away is more, and ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from people.accounts import Account
from people.persons import Person
from people.roles import Role, RoleGrant, is_in_force

LONGEST = timedelta(days=366)


class RowDownloadRight(Base):
    """That an account may download rows about an authority's people, why, and until which day."""

    __tablename__ = "row_download_right"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(300))
    ends_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "account_id"), Index(None, "organisation_id"))


@dataclass(frozen=True)
class PossibleDownloader:
    """Somebody who leads HR of an authority, and the right that they hold, if any."""

    account_id: int
    name: str
    right_id: int | None
    reason: str
    ends_on: date | None


def may_download_rows(session: Session, *, account_id: int, organisation_id: int, on: date) -> bool:
    """Whether the right is held on a day. Whoever has lost the role since does not get this far."""
    found = select(RowDownloadRight.id).where(
        RowDownloadRight.account_id == account_id, RowDownloadRight.organisation_id == organisation_id, _holds(on)
    )
    return session.scalar(found.limit(1)) is not None


def possible_downloaders(session: Session, *, organisation_id: int, on: date) -> Sequence[PossibleDownloader]:
    """Everybody who leads HR of an authority on a day, and every admin, by name."""
    rights = {
        one.account_id: one
        for one in session.scalars(
            select(RowDownloadRight)
            .where(RowDownloadRight.organisation_id == organisation_id, _holds(on))
            .order_by(RowDownloadRight.id)
        )
    }
    is_lead = (RoleGrant.role == Role.HR_LEAD) & (RoleGrant.organisation_id == organisation_id)
    rows = session.execute(
        select(Account.id, Person.chosen_name)
        .join(Person, Person.id == Account.person_id)
        .where(
            Account.is_active,
            Account.id.in_(
                select(RoleGrant.account_id).where(is_lead | (RoleGrant.role == Role.ADMIN), is_in_force(on))
            ),
        )
        .order_by(Person.chosen_name, Account.id)
    )
    return [_downloader(account_id, name, rights.get(account_id)) for account_id, name in rows]


def _downloader(account_id: int, name: str, right: RowDownloadRight | None) -> PossibleDownloader:
    if right is None:
        return PossibleDownloader(account_id, name, None, "", None)
    return PossibleDownloader(account_id, name, right.id, right.reason, right.ends_on)


def give_row_downloads(
    session: Session, *, account_id: int, organisation_id: int, reason: str, ends_on: date, by: int, now: datetime
) -> None:
    """Give the right in the place of the one that is held, if any.

    Raises ``NotFound`` for somebody who does not lead HR there and is no admin, and ``RuleBroken`` for whoever would
    give it to themselves, and for a last day that is over or more than a year ahead.
    """
    today = local_day(now)
    if account_id == by:
        raise RuleBroken("Somebody else has to give you this right")
    if not today <= ends_on <= today + LONGEST:
        raise RuleBroken("The last day must be today or later, and at most a year ahead")
    possible = {one.account_id: one for one in possible_downloaders(session, organisation_id=organisation_id, on=today)}
    if account_id not in possible:
        raise NotFound(f"account {account_id} that may be given downloads")
    if (right_id := possible[account_id].right_id) is not None:
        session.get_one(RowDownloadRight, right_id).taken_at = now
    right = RowDownloadRight(
        account_id=account_id, organisation_id=organisation_id, reason=reason, ends_on=ends_on, given_at=now
    )
    session.add(right)
    session.flush()
    detail = {"organisation": organisation_id, "reason": reason, "ends_on": ends_on.isoformat()}
    _note(session, "row-downloads-given", account_id, by, now, detail)


def take_row_downloads(session: Session, *, right_id: int, organisation_id: int, by: int, now: datetime) -> None:
    """Take the right back. Raises ``NotFound`` for one of another authority, or that is taken already."""
    right = session.get(RowDownloadRight, right_id)
    if right is None or right.organisation_id != organisation_id or right.taken_at is not None:
        raise NotFound(f"right {right_id}")
    right.taken_at = now
    _note(session, "row-downloads-taken", right.account_id, by, now, {"organisation": organisation_id})


def _note(session: Session, action: str, account_id: int, by: int, now: datetime, detail: dict[str, object]) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account_id,
        actor_account_id=by,
        now=now,
        detail=detail,
    )


def _holds(on: date) -> ColumnElement[bool]:
    return RowDownloadRight.taken_at.is_(None) & (RowDownloadRight.ends_on >= on)
