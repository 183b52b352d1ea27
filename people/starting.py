"""The first people of a new installation, added by hand until an authority's own HR feed does it."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.accounts import Account, check_password, create_account, hash_password, normal_username
from people.organisations import Organisation, Unit, UnitKind, get_organisation
from people.persons import Employment, EmploymentKind, Person
from people.roles import Role, grant

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LEVELS = tuple(UnitKind)


@dataclass(frozen=True)
class NewPerson:
    """Somebody with a job and an account. ``unit_path`` goes from the top: ``Directorate / Service / Team``."""

    name: str
    username: str
    password: str
    organisation_slug: str
    unit_path: str
    payroll_number: str
    job_title: str
    role: Role | None


def add_authority(session: Session, *, slug: str, name: str, now: datetime) -> Organisation:
    """Add an authority. Raises ``RuleBroken`` for a slug that is taken or cannot stand in an address."""
    if not _SLUG.fullmatch(slug) or len(slug) > 60:
        raise RuleBroken(f"“{slug}” cannot stand in an address: use small letters, digits and single hyphens")
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise RuleBroken(f"There is an authority called {slug} already")
    organisation = Organisation(slug=slug, name=name)
    session.add(organisation)
    session.flush()
    record(
        session,
        action="authority-added",
        subject_type="organisation",
        subject_id=organisation.id,
        actor_account_id=None,
        now=now,
    )
    return organisation


def add_person(session: Session, *, person: NewPerson, now: datetime) -> Account:
    """Add a person with a job from today, an account, and a role if one is named. Units that are new are added.

    Raises ``NotFound`` for an unknown authority, and ``RuleBroken`` that names what has to change.
    """
    organisation = get_organisation(session, slug=person.organisation_slug)
    _check_free(session, organisation, person)
    unit = _unit_at(session, organisation, person.unit_path)
    row = Person(chosen_name=person.name, created_at=now)
    session.add(row)
    session.flush()
    session.add(
        Employment(
            person_id=row.id,
            organisation_id=organisation.id,
            unit_id=unit.id,
            payroll_number=person.payroll_number,
            job_title=person.job_title,
            grade="",
            kind=EmploymentKind.EMPLOYEE,
            is_main=True,
            starts_on=local_day(now),
        )
    )
    account = create_account(
        session, person_id=row.id, username=person.username, password_hash=hash_password(person.password)
    )
    if person.role is not None:
        _give_role(session, account, person.role, organisation, unit, now)
    record(
        session,
        action="account-added",
        subject_type="account",
        subject_id=account.id,
        actor_account_id=None,
        now=now,
        detail={"role": person.role} if person.role else {},
    )
    return account


def _check_free(session: Session, organisation: Organisation, person: NewPerson) -> None:
    username = normal_username(person.username)
    if session.scalar(select(Account.id).where(Account.username == username)) is not None:
        raise RuleBroken(f"The username {username} is taken. Choose another one")
    check_password(person.password)
    number = select(Employment.id).where(
        Employment.organisation_id == organisation.id, Employment.payroll_number == person.payroll_number
    )
    if session.scalar(number) is not None:
        raise RuleBroken(f"{organisation.name} has a job with the payroll number {person.payroll_number} already")


def _unit_at(session: Session, organisation: Organisation, path: str) -> Unit:
    names = [name.strip() for name in path.split("/")]
    if not 1 <= len(names) <= len(_LEVELS) or not all(names):
        raise RuleBroken("Name the unit as “Directorate”, “Directorate / Service” or “Directorate / Service / Team”")
    unit: Unit | None = None
    for depth, kind in enumerate(_LEVELS[: len(names)], start=1):
        full = " / ".join(names[:depth])
        found = session.scalar(select(Unit).where(Unit.organisation_id == organisation.id, Unit.path == full))
        if found is None:
            found = Unit(
                organisation_id=organisation.id,
                parent_id=unit.id if unit else None,
                kind=kind,
                name=names[depth - 1],
                path=full,
            )
            session.add(found)
            session.flush()
        unit = found
    assert unit is not None  # noqa: S101 - there is at least one name
    return unit


def _give_role(
    session: Session, account: Account, role: Role, organisation: Organisation, unit: Unit, now: datetime
) -> None:
    is_local = role in (Role.HR_LEAD, Role.MANAGER)
    grant(
        session,
        account_id=account.id,
        role=role,
        now=now,
        organisation_id=organisation.id if is_local else None,
        unit_id=unit.id if role is Role.MANAGER else None,
    )
