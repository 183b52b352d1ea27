"""Who manages somebody: the holder of the job that theirs reports to, or else whoever has the nearest unit as manager.

Only people who hold a job there today, and are not on leave, manage anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from people.accounts import Account
from people.jobs.absences import is_away
from people.jobs.employment import Employment
from people.jobs.reading import is_held, main_first
from people.jobs.terms import EmploymentTerms
from people.organisations import Unit
from people.roles import Role, RoleGrant, is_in_force


@dataclass(frozen=True)
class Manager:
    """A manager, by the job with which they manage."""

    person_id: int
    employment_id: int


def managers_of(session: Session, *, employment_ids: Collection[int], on: date) -> dict[int, Manager]:
    """The manager of each of these jobs on a day, by the id of the job; jobs without one are left out."""
    found = _reported_to(session, employment_ids, on)
    rest = [one for one in employment_ids if one not in found]
    return found | (_of_units(session, rest, on) if rest else {})


def _reported_to(session: Session, employment_ids: Collection[int], on: date) -> dict[int, Manager]:
    theirs = aliased(EmploymentTerms)
    rows = session.execute(
        select(EmploymentTerms.employment_id, Employment.person_id, Employment.id)
        .join(Employment, Employment.id == EmploymentTerms.manager_id)
        .where(
            EmploymentTerms.employment_id.in_(employment_ids),
            is_held(on),
            select(theirs.id)
            .where(theirs.employment_id == Employment.id, theirs.starts_on <= on)
            .where(theirs.ends_on.is_(None) | (theirs.ends_on >= on))
            .exists(),
            ~is_away(on),
        )
    )
    return {job: Manager(person_id, key) for job, person_id, key in rows}


def _of_units(session: Session, employment_ids: Collection[int], on: date) -> dict[int, Manager]:
    managers = _with_units(session, on)
    if not managers:
        return {}
    parents = dict(session.execute(select(Unit.id, Unit.parent_id)).all())
    rows = session.execute(
        select(EmploymentTerms.employment_id, EmploymentTerms.unit_id).where(
            EmploymentTerms.employment_id.in_(employment_ids), is_held(on)
        )
    )
    found: dict[int, Manager] = {}
    for job, unit_id in rows:
        place: int | None = unit_id
        while place is not None and (place not in managers or managers[place].employment_id == job):
            place = parents.get(place)
        if place is not None:
            found[job] = managers[place]
    return found


def _with_units(session: Session, on: date) -> dict[int, Manager]:
    """By unit, the one who has managed it longest."""
    rows = session.execute(
        select(RoleGrant.unit_id, Employment.person_id, Employment.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(
            Employment,
            (Employment.person_id == Account.person_id) & (Employment.organisation_id == RoleGrant.organisation_id),
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(RoleGrant.role == Role.MANAGER, is_in_force(on), Account.is_active, is_held(on), ~is_away(on))
        .order_by(RoleGrant.id, *main_first())
    )
    found: dict[int, Manager] = {}
    for unit_id, person_id, employment_id in rows:
        if unit_id is not None:
            found.setdefault(unit_id, Manager(person_id, employment_id))
    return found
