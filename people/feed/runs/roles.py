"""Who of the people in an HR file has a role, and who may help with it."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from people.accounts import Account
from people.feed.planning.state import RoleHere
from people.feed.runs.record import FeedRun
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.roles import Role, RoleGrant, is_in_force, roles_of

# The one that reaches furthest first.
_REACH = (Role.ADMIN, Role.AUTHOR, Role.HR_LEAD, Role.MANAGER)


def roles_here(
    session: Session, *, organisation_id: int, on: date, person_ids: Collection[int] | None = None
) -> dict[int, RoleHere]:
    """The role of everybody with one who ever had a job in an authority, or of these people, by their id.

    HR leads may help with no role but that of managers in their own authority, as with codes for a new password.
    """
    works_here = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    whom: ColumnElement[bool] = true() if person_ids is None else Account.person_id.in_(person_ids)
    rows = session.execute(
        select(Account.person_id, Account.is_active, RoleGrant.role, RoleGrant.organisation_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(is_in_force(on), Account.person_id.in_(works_here), whom)
    ).all()
    elsewhere = _work_elsewhere(session, {row.person_id for row in rows}, organisation_id, on)
    found: dict[int, RoleHere] = {}
    for person_id, is_active, role, where in sorted(rows, key=lambda row: _REACH.index(row.role)):
        before = found.get(person_id)
        is_for_admins = role is not Role.MANAGER or where != organisation_id
        found[person_id] = RoleHere(
            before.role if before else role.value,
            is_for_admins or (before is not None and before.is_for_admins),
            keeps_access=person_id in elsewhere or not is_active,
        )
    return found


def may_help_with_all(session: Session, *, account_ids: Collection[int | None], on: date) -> bool:
    """Whether one of these accounts is that of an admin, who may help with every role."""
    for account_id in account_ids:
        account = session.get(Account, account_id) if account_id is not None else None
        if account is not None and account.is_active:
            held = roles_of(session, account_id=account.id, on=on)
            if any(one.role is Role.ADMIN for one in held):
                return True
    return False


def kept_as_they_are(
    session: Session, run: FeedRun, person_ids: Collection[int], *, by: Collection[int | None], on: date
) -> set[int]:
    """Those of these people with whose role none of these accounts may help: they keep their names and addresses."""
    if not person_ids or may_help_with_all(session, account_ids=by, on=on):
        return set()
    found = roles_here(session, organisation_id=run.organisation_id, on=on, person_ids=person_ids)
    return {key for key, here in found.items() if here.is_for_admins}


def _work_elsewhere(session: Session, person_ids: Collection[int], organisation_id: int, on: date) -> set[int]:
    goes_on = or_(EmploymentTerms.ends_on.is_(None), EmploymentTerms.ends_on >= on)
    query = (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id.in_(person_ids), Employment.organisation_id != organisation_id, goes_on)
    )
    return set(session.scalars(query)) if person_ids else set()
