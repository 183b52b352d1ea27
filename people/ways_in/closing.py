"""Accounts of people who have left are closed, and opened again for those who come back. Thousands in few statements.

Whether somebody has left is decided by whoever calls. An account that an admin switched off is not opened from here,
and the last admin keeps theirs, or nobody could put anything right.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from kernel.audit import record, record_many
from people.account_care import lock_admins
from people.accounts import Account
from people.password_leaves import end_resets_of
from people.roles import Role, RoleGrant, is_lasting
from people.sessions import end_sessions_of

AT_ONCE = 1_000


@dataclass(frozen=True)
class ClosingOutcome:
    """The accounts that were closed now, and those of admins that stay open because nobody else would be one."""

    account_ids: tuple[int, ...]
    kept_account_ids: tuple[int, ...] = ()


def close_accounts(session: Session, *, person_ids: Collection[int], by: int | None, now: datetime) -> ClosingOutcome:
    """Let these people sign in no more: their sessions, links and codes end, and each closing is in the audit trail.

    Passwords and roles stay as they are, so that a closing by mistake is undone without a loss. Closing what is closed
    or switched off changes nothing. ``by`` is the account of whoever decided it; nobody’s for the platform.
    """
    kept = _admins_who_stay(session, frozenset(person_ids))
    closed: list[int] = []
    for some in _in_batches(person_ids):
        ids = []
        for account in _locked(session, Account.person_id.in_(some), Account.is_active.is_(True)):
            if account.id not in kept:
                account.is_active, account.closed_at = False, now
                ids.append(account.id)
        end_sessions_of(session, account_ids=ids, now=now)
        end_resets_of(session, account_ids=ids, now=now)
        closed += ids
    _note(session, "account-closed", closed, by, now)
    return ClosingOutcome(tuple(closed), tuple(sorted(kept)))


def reopen_accounts(
    session: Session, *, person_ids: Collection[int], by: int | None, now: datetime, keeps_roles: bool = False
) -> tuple[int, ...]:
    """Let people sign in again whose accounts ``close_accounts`` closed, with the password from before; returns which.

    Roles belonged to the job before: they end, unless ``keeps_roles`` says that the closing is undone.
    """
    opened: list[int] = []
    is_erased = Account.password_hash == ""  # nobody comes back into an account whose person was erased
    for some in _in_batches(person_ids):
        ids = []
        for account in _locked(session, Account.person_id.in_(some), Account.closed_at.is_not(None), ~is_erased):
            account.is_active, account.closed_at = True, None
            ids.append(account.id)
        if not keeps_roles:
            _end_roles(session, ids, by, now)
        opened += ids
    _note(session, "account-reopened", opened, by, now)
    return tuple(opened)


def _admins_who_stay(session: Session, person_ids: frozenset[int]) -> frozenset[int]:
    """The accounts of all admins, when every one of them is among these people."""
    lock_admins(session)
    is_admin = exists().where(RoleGrant.account_id == Account.id, RoleGrant.role == Role.ADMIN, is_lasting())
    admins = session.execute(select(Account.id, Account.person_id).where(Account.is_active, is_admin)).all()
    is_left_to_others = any(person_id not in person_ids for _, person_id in admins)
    return frozenset() if is_left_to_others else frozenset(account_id for account_id, _ in admins)


def _locked(session: Session, *which: ColumnElement[bool]) -> Iterator[Account]:
    # In the order of their ids: two who close the same people crosswise would wait for each other.
    found = select(Account).where(*which).order_by(Account.id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True))


def _end_roles(session: Session, account_ids: Sequence[int], by: int | None, now: datetime) -> None:
    in_force = (RoleGrant.account_id.in_(account_ids), RoleGrant.revoked_at.is_(None))
    for held in session.scalars(select(RoleGrant).where(*in_force).order_by(RoleGrant.id).with_for_update()):
        held.revoked_at = now
        record(
            session,
            action="role-taken",
            subject_type="account",
            subject_id=held.account_id,
            actor_account_id=by,
            now=now,
            detail={"role": held.role.value, "organisation_id": held.organisation_id, "unit_id": held.unit_id},
        )


def _note(session: Session, action: str, account_ids: Sequence[int], by: int | None, now: datetime) -> None:
    record_many(
        session,
        action=action,
        subject_type="account",
        details={str(one): {} for one in account_ids},
        actor_account_id=by,
        now=now,
    )


def _in_batches(ids: Collection[int]) -> Iterator[Sequence[int]]:
    every = sorted(set(ids))
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))
