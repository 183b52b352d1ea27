"""The people of one batch: whose card is still to be used, whose is over, and ending one that is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from kernel.audit import record_many
from kernel.typed import searchable
from people.accounts import Account
from people.organisations import Unit, units_within
from people.password_leaves import PasswordReset
from people.persons import Person
from people.ways_in.needs import Reach
from people.ways_in.rounds import WayInBatch, WayInMember


class MemberState(StrEnum):
    """What became of somebody’s card or invitation; the value is stored nowhere."""

    COMING = "coming"
    OPEN = "open"
    SIGNED_IN = "signed-in"
    OVER = "over"


@dataclass(frozen=True)
class Member:
    """Somebody for whom a batch was asked. Without an account they have no username yet."""

    person_id: int
    name: str
    username: str | None
    state: MemberState


def units_in_reach(session: Session, reach: Reach) -> tuple[int, ...] | None:
    """The ids of the units that are meant, with everything below; ``None`` is the whole authority."""
    if not reach.unit_ids:
        return None
    found: set[int] = set()
    for one in reach.unit_ids:
        found.update(session.scalars(select(Unit.id).where(Unit.id.in_(units_within(one)))))
    return tuple(sorted(found))


def members_of(session: Session, batch: WayInBatch, *, now: datetime) -> tuple[Member, ...]:
    """The people of a batch, by name."""
    rows = session.execute(
        select(Person.id, Person.chosen_name, Account.username, Account.last_signed_in_at, PasswordReset)
        .join(WayInMember, WayInMember.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(
            PasswordReset, and_(PasswordReset.account_id == Account.id, PasswordReset.batch_id == WayInMember.batch_id)
        )
        .where(WayInMember.batch_id == batch.id)
        .order_by(PasswordReset.id)
    )
    # A batch that was made twice has two leaves for each: the newer one, which comes later, is theirs.
    found = {row[0]: Member(row[0], row[1], row[2], _state(batch, row[3], row[4], now)) for row in rows}
    return tuple(sorted(found.values(), key=lambda one: (searchable(one.name), one.person_id)))


def _state(batch: WayInBatch, signed_in_at: datetime | None, leave: PasswordReset | None, now: datetime) -> MemberState:
    if signed_in_at is not None:
        return MemberState.SIGNED_IN
    if batch.ready_at is None:
        return MemberState.COMING
    is_open = leave is not None and leave.used_at is None and leave.ends_at > now
    return MemberState.OPEN if is_open else MemberState.OVER


def end_cards(session: Session, batch: WayInBatch, *, person_ids: Sequence[int], by: int, now: datetime) -> int:
    """Let the cards or invitations of some people of a batch open nothing any more; returns of how many."""
    members = select(WayInMember.person_id).where(WayInMember.batch_id == batch.id)
    accounts = select(Account.id).where(Account.person_id.in_(person_ids), Account.person_id.in_(members))
    leaves = session.scalars(
        select(PasswordReset)
        .where(
            PasswordReset.account_id.in_(accounts),
            PasswordReset.batch_id == batch.id,
            PasswordReset.used_at.is_(None),
            PasswordReset.ends_at > now,
        )
        .with_for_update()
    ).all()
    for leave in leaves:
        leave.ends_at = now
    record_many(
        session,
        action="sign-in-card-ended",
        subject_type="account",
        details={str(leave.account_id): {} for leave in leaves},
        actor_account_id=by,
        now=now,
    )
    return len(leaves)
