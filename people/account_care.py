"""What admins do to an account, and the little of it that HR leads may do. Each act stands in the audit trail.

Nobody climbs: an HR lead gives no roles, and hands codes only to people of their own authority who hold no role that
reaches further than theirs. A role begins with signing in anew, by a password that only its person can know. The last
admin keeps the role and the account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.database import JsonObject
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed, folded
from people.accounts import Account, FormerAddress, locked_account, make_password_void
from people.jobs.employment import Employment
from people.password_leaves import end_resets
from people.password_resets import (
    ONLY_AN_ADMIN,
    end_links_of,
    is_for_admins,
    is_password_theirs,
    make_code,
    why_no_code,
)
from people.persons import Person, is_address
from people.roles import Role, RoleGrant, grant, is_in_force, is_lasting, roles_of
from people.sessions import end_sessions
from people.visibility import PeopleScope

_AT_ONCE = 1_000
LAST_ADMIN = "Nobody else is an admin. Give somebody else the role first"


def hand_out_code(session: Session, *, account_id: int, scope: PeopleScope, by: int, now: datetime) -> str:
    """A one-time code for a new password, to be handed to its person. Raises ``RuleBroken``."""
    account = locked_account(session, account_id=account_id)
    refusal = why_no_code(scope, roles_of(session, account_id=account_id, on=local_day(now)), account)
    if account_id == by:
        refusal = "Change your own password under Account"
    if refusal is not None:
        raise RuleBroken(refusal)
    code = make_code(session, account_id=account_id, made_by_account_id=by, now=now)
    _note(session, "password-code-made", account_id, by, now)
    return code


def check_may_look_after(session: Session, *, person_id: int, scope: PeopleScope, field: str, now: datetime) -> None:
    """Raises ``RuleBroken``, beside this field, for somebody with a role that only an admin may help with.

    Whoever ends the last job of a person ends their access, and so looks after their account.
    """
    account_id = session.scalar(select(Account.id).where(Account.person_id == person_id))
    if account_id and is_for_admins(scope, roles_of(session, account_id=account_id, on=local_day(now))):
        raise RuleBroken(ONLY_AN_ADMIN, field=field)


@dataclass(frozen=True)
class WantedRole:
    """A role to be given: where it holds, why, and until which day if not until it is taken back."""

    role: Role
    organisation_id: int | None = None
    unit_id: int | None = None
    reason: str = ""
    ends_on: date | None = None


def give_role(session: Session, *, account_id: int, wanted: WantedRole, by: int, now: datetime) -> bool:
    """Give a role, with the scope that belongs to it; says whether its person can sign in with their password.

    Sessions, links and codes of the account end. A password that somebody may know who may not help with this role
    opens nothing any more. Admins who give themselves a role stay signed in. Raises ``RuleBroken`` when it is held,
    and for a last day that is over.
    """
    if wanted.ends_on is not None and wanted.ends_on < local_day(now):
        raise RuleBroken("The last day must be today or in the future", field="ends_on")
    account = locked_account(session, account_id=account_id)
    same = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id,
        RoleGrant.role == wanted.role,
        RoleGrant.organisation_id.is_not_distinct_from(wanted.organisation_id),
        RoleGrant.unit_id.is_not_distinct_from(wanted.unit_id),
        is_in_force(local_day(now)),
    )
    if session.scalar(same) is not None:
        raise RuleBroken("This person has this role already")
    held = grant(
        session,
        account_id=account_id,
        role=wanted.role,
        now=now,
        organisation_id=wanted.organisation_id,
        unit_id=wanted.unit_id,
    )
    held.reason, held.ends_on = composed(wanted.reason) or None, wanted.ends_on
    _note(session, "role-given", account_id, by, now, _scope(held))
    return account_id == by or _begin_afresh(session, account, now)


def _begin_afresh(session: Session, account: Account, now: datetime) -> bool:
    end_sessions(session, account_id=account.id, now=now)
    end_resets(session, account_id=account.id, now=now)
    is_theirs = is_password_theirs(session, account=account, now=now)
    if not is_theirs:
        make_password_void(account)
    return is_theirs


def take_role(session: Session, *, account_id: int, grant_id: int, by: int, now: datetime) -> None:
    """Take a role back. Raises ``NotFound`` for one that is not in force, ``RuleBroken`` for that of the last admin."""
    lock_admins(session)
    held = session.get(RoleGrant, grant_id, with_for_update=True, populate_existing=True)
    if held is None or held.account_id != account_id or held.revoked_at is not None:
        raise NotFound(f"role {grant_id} of account {account_id}")
    if held.role is Role.ADMIN and held.ends_on is None:
        _check_not_last(session, account_id)
    held.revoked_at = now
    _note(session, "role-taken", account_id, by, now, _scope(held))


def end_due_roles(session: Session, *, now: datetime) -> int:
    """Write down that roles are over whose last day is; they have opened nothing since. Returns how many they were."""
    over = select(RoleGrant).where(RoleGrant.revoked_at.is_(None), RoleGrant.ends_on < local_day(now))
    found = session.scalars(over.order_by(RoleGrant.id).with_for_update(skip_locked=True)).all()
    for held in found:
        held.revoked_at = now
        _note(session, "role-ended", held.account_id, None, now, _scope(held))
    return len(found)


def switch_off(session: Session, *, account_id: int, by: int, now: datetime) -> None:
    """Let nobody sign in with this account; its sessions and codes end. Raises ``RuleBroken`` for the last admin."""
    lock_admins(session)
    account = locked_account(session, account_id=account_id)
    if account_id == by:
        raise RuleBroken("You cannot switch off your own account. Ask another admin")
    _check_not_last(session, account_id)
    account.is_active, account.closed_at = False, None
    end_sessions(session, account_id=account_id, now=now)
    end_resets(session, account_id=account_id, now=now)
    _note(session, "account-switched-off", account_id, by, now)


def switch_on(session: Session, *, account_id: int, by: int, now: datetime) -> None:
    """Let its person sign in again, with the password and the roles from before."""
    account = locked_account(session, account_id=account_id)
    account.is_active, account.closed_at = True, None
    _note(session, "account-switched-on", account_id, by, now)


def sign_out_everywhere(session: Session, *, account_id: int, by: int, now: datetime) -> bool:
    """End every session of an account; says whether there was one."""
    ended = end_sessions(session, account_id=account_id, now=now)
    _note(session, "sessions-ended", account_id, by, now)
    return ended


def _check_not_last(session: Session, account_id: int) -> None:
    others = (
        select(RoleGrant.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.ADMIN,
            is_lasting(),
            Account.is_active,
            RoleGrant.account_id != account_id,
        )
    )
    is_admin = select(RoleGrant.id).where(
        RoleGrant.role == Role.ADMIN, is_lasting(), RoleGrant.account_id == account_id
    )
    if session.scalar(is_admin.limit(1)) is not None and session.scalar(others.limit(1)) is None:
        raise RuleBroken(LAST_ADMIN)


def lock_admins(session: Session) -> None:
    """Let nobody else give up or take the role of an admin until this unit of work ends."""
    # Two admins who take the role from each other at once: the second waits, and then finds itself the last.
    admins = select(RoleGrant.id).where(RoleGrant.role == Role.ADMIN, RoleGrant.revoked_at.is_(None))
    session.execute(admins.order_by(RoleGrant.id).with_for_update()).all()


def _scope(held: RoleGrant) -> JsonObject:
    where: JsonObject = {"role": held.role.value, "organisation_id": held.organisation_id, "unit_id": held.unit_id}
    if held.ends_on is not None:
        where["ends_on"] = held.ends_on.isoformat()
    return where if held.reason is None else {**where, "reason": held.reason}


def _note(
    session: Session, action: str, account_id: int, by: int | None, now: datetime, detail: JsonObject | None = None
) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account_id,
        actor_account_id=by,
        now=now,
        detail=detail,
    )


def change_address(
    session: Session, *, person_id: int, address: str, scope: PeopleScope, by: int | None, now: datetime
) -> bool:
    """Give a person another e-mail address, or none; says whether it is another one. Their HR file goes before it.

    Links that were mailed to the one from before open nothing any more, and it is told where it opened an account.
    The audit trail says neither. Raises ``RuleBroken`` for what is no address, for that of somebody else of the same
    authorities, and for a person with a role that only an admin may help with: whoever reads their mail can come in.
    """
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(f"person {person_id}")
    wanted = composed(address) or None
    if wanted == person.email:
        return False
    if wanted is not None and not is_address(wanted):
        raise RuleBroken("Enter an e-mail address like name@council.gov.uk, or leave it empty", field="address")
    check_may_look_after(session, person_id=person_id, scope=scope, field="address", now=now)
    if wanted is not None and _is_of_another(session, person_id, wanted):
        raise RuleBroken("Somebody else here has this e-mail address", field="address")
    note_former_addresses(session, {person_id: wanted}, now=now)
    person.email = wanted
    session.flush()
    end_links_of(session, person_ids=[person_id], now=now)
    record(session, action="address-changed", subject_type="person", subject_id=person_id, actor_account_id=by, now=now)
    return True


def _is_of_another(session: Session, person_id: int, address: str) -> bool:
    """Whether somebody else with a job in an authority of theirs has an address; who works elsewhere is not told of."""
    theirs = select(Employment.organisation_id).where(Employment.person_id == person_id)
    others = (
        select(Person.email)
        .join(Employment, Employment.person_id == Person.id)
        .where(Employment.organisation_id.in_(theirs), Person.id != person_id)
        .where(func.lower(Person.email) == address.lower())
    )
    return session.scalar(others.limit(1)) is not None


def note_former_addresses(session: Session, addresses: Mapping[int, str | None], *, now: datetime) -> int:
    """Note which addresses lead to an account no more; returns how many. To be called before they change.

    ``addresses`` are those that people get, by their ids. Only addresses by which somebody could come in are noted:
    that of an open account to which its person has signed in since they had it.
    """
    every, noted = sorted(addresses), 0
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        last_change = (
            select(func.max(FormerAddress.changed_at)).where(FormerAddress.person_id == Person.id).scalar_subquery()
        )
        found = session.execute(
            select(Person.id, Person.email, Account.last_signed_in_at, last_change)
            .join(Account, Account.person_id == Person.id)
            .where(Person.id.in_(some), Person.email.is_not(None), Account.is_active)
            .where(Account.last_signed_in_at.is_not(None))
            .order_by(Person.id)
        ).all()
        rows = [
            {"person_id": person_id, "address": email, "changed_at": now}
            for person_id, email, signed_in_at, changed_at in found
            if email
            and folded(email) != folded(addresses[person_id] or "")
            and signed_in_at is not None
            and (changed_at is None or changed_at < signed_in_at)
        ]
        if rows:
            session.execute(insert(FormerAddress), rows)
        noted += len(rows)
    return noted
