"""Who has a way in, and who still needs one. Only people without any role: others are helped one by one.

A role begins with a password that only its person can know, and a sheet of codes goes through many hands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from people.accounts import Account
from people.counting import NOT_HERE, people_of
from people.organisations import units_within
from people.password_leaves import PasswordReset
from people.persons import Person
from people.roles import RoleGrant, is_in_force
from people.ways_in.rounds import WAYS_IN, WayInBatch, WayInMember


class WayInState(StrEnum):
    """How far somebody is who works here; the value is stored nowhere."""

    SIGNED_IN = "signed-in"
    SWITCHED_OFF = "switched-off"
    HAS_ROLE = "has-role"
    WAITING = "waiting"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Reach:
    """An authority, or the part of it that somebody means: ``unit_ids`` with everything below; all of it when empty."""

    organisation_id: int
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Needing:
    """Somebody who works here and is to get a way in."""

    person_id: int
    unit_id: int
    name: str
    email: str | None
    account_id: int | None


@dataclass(frozen=True)
class ReachCounts:
    """How many people are in which state, and how many of those with nothing have no e-mail address."""

    by_state: Mapping[WayInState, int]
    nothing_without_email: int

    @property
    def total(self) -> int:
        """Everybody who works here today."""
        return sum(self.by_state.values())


def counts_of(session: Session, reach: Reach, *, now: datetime) -> ReachCounts:
    """How many people of an authority are in which state, in one query."""
    each = _people(reach, now).subquery()
    found = session.execute(
        select(each.c.state, func.count(), func.count(func.nullif(each.c.email, ""))).group_by(each.c.state)
    )
    counted = {WayInState(state): (people, people - with_email) for state, people, with_email in found}
    by_state = {state: counted.get(state, (0, 0))[0] for state in WayInState}
    return ReachCounts(by_state, counted.get(WayInState.NOTHING, (0, 0))[1])


def people_needing(
    session: Session,
    reach: Reach,
    *,
    states: Sequence[WayInState] = (WayInState.NOTHING,),
    only: Sequence[int] | None = None,
    now: datetime,
) -> tuple[Needing, ...]:
    """The people in one of these states, by id; of ``only`` these people, where it says so."""
    each = _people(reach, now).subquery()
    wanted = select(each).where(each.c.state.in_(states)).order_by(each.c.person_id)
    if only is not None:
        wanted = wanted.where(each.c.person_id.in_(only))
    rows = session.execute(wanted)
    return tuple(Needing(row.person_id, row.unit_id, row.name, row.email, row.account_id) for row in rows)


def _people(reach: Reach, now: datetime) -> Select[Any]:
    people = people_of(organisation_id=reach.organisation_id, on=local_day(now))
    within = or_(*(people.c.unit_id.in_(units_within(one)) for one in reach.unit_ids)) if reach.unit_ids else None
    query = (
        select(
            people.c.person_id,
            people.c.unit_id,
            Person.chosen_name.label("name"),
            Person.email,
            Account.id.label("account_id"),
            _state(people.c.person_id, now).label("state"),
        )
        .join(Person, Person.id == people.c.person_id)
        .outerjoin(Account, Account.person_id == people.c.person_id)
        .where(people.c.left_out.is_(None) | people.c.left_out.not_in([one.value for one in NOT_HERE]))
    )
    return query if within is None else query.where(within)


def _state(person_id: ColumnElement[int], now: datetime) -> ColumnElement[str]:
    has_role = exists().where(RoleGrant.account_id == Account.id, is_in_force(local_day(now)))
    has_leave = exists().where(
        PasswordReset.account_id == Account.id, PasswordReset.used_at.is_(None), PasswordReset.ends_at > now
    )
    is_coming = exists().where(
        WayInMember.person_id == person_id, WayInBatch.id == WayInMember.batch_id, WAYS_IN.is_open
    )
    return case(
        (Account.last_signed_in_at.is_not(None), WayInState.SIGNED_IN.value),
        (Account.is_active.is_(False), WayInState.SWITCHED_OFF.value),
        (has_role, WayInState.HAS_ROLE.value),
        (has_leave | is_coming, WayInState.WAITING.value),
        else_=WayInState.NOTHING.value,
    )
