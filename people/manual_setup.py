"""The first people of a new installation, added by hand until an authority's own HR feed does it."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.columns import length_of
from kernel.errors import RuleBroken
from kernel.insert_once import insert_once
from kernel.typed import composed, folded
from people.accounts import Account, check_password, create_account, find_account, hash_password, normal_username
from people.jobs.changes import ChangeOrigin
from people.jobs.employment import Employment
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.names.person_words import make_searchable
from people.organisations import Organisation, Unit, UnitKind, get_organisation
from people.persons import Person
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
    if not _SLUG.fullmatch(slug) or len(slug) > length_of(Organisation.slug):
        raise RuleBroken(f"“{slug}” cannot stand in an address: use small letters, digits and single hyphens")
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise RuleBroken(f"There is an authority called {slug} already")
    organisation = Organisation(slug=slug, name=composed(name))
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


def add_person(session: Session, *, person: NewPerson, now: datetime, by: int | None = None) -> Account:
    """Add a person with a job from today, an account, and a role if one is named. Units that are new are added.
    ``by`` is the account of whoever adds them; nobody’s at the command line.

    Raises ``NotFound`` for an unknown authority, and ``RuleBroken`` that names what has to change.
    """
    organisation = get_organisation(session, slug=person.organisation_slug)
    # What nobody sees would make another number of the same one.
    person = replace(person, payroll_number=composed(person.payroll_number), job_title=composed(person.job_title))
    _check_words(person)
    _check_free(session, organisation, person)
    unit = _unit_at(session, organisation, person.unit_path)
    try:
        with session.begin_nested():
            account = _store(session, person, unit, by=by, now=now)
    except IntegrityError:  # somebody else took the username or the payroll number at the same moment
        _check_free(session, organisation, person)
        raise
    if person.role is not None:
        _give_role(session, account, person.role, organisation, unit, now)
    record(
        session,
        action="account-added",
        subject_type="account",
        subject_id=account.id,
        actor_account_id=by,
        now=now,
        detail={"role": person.role} if person.role else {},
    )
    return account


def add_account_for(session: Session, *, person_id: int, username: str, by: int, now: datetime) -> Account:
    """Add an account for somebody in the record. Nobody knows its password: a one-time code replaces it.

    Raises ``RuleBroken`` for somebody who has one, and for a username that is taken or cannot be one.
    """
    _check_username(username)
    if session.scalar(select(Account.id).where(Account.person_id == person_id)) is not None:
        raise RuleBroken("This person has an account already", field="username")
    _check_username_free(session, username)
    try:
        with session.begin_nested():
            void = hash_password(secrets.token_urlsafe(32))
            account = create_account(session, person_id=person_id, username=username, password_hash=void)
    except IntegrityError:  # somebody else added one at the same moment
        raise RuleBroken("Somebody has just added this account or taken this username", field="username") from None
    record(session, action="account-added", subject_type="account", subject_id=account.id, actor_account_id=by, now=now)
    return account


def _store(session: Session, person: NewPerson, unit: Unit, *, by: int | None, now: datetime) -> Account:
    row = Person(chosen_name=composed(person.name), created_at=now)
    session.add(row)
    session.flush()
    make_searchable(session, person_ids=[row.id])
    terms = Terms(unit.id, person.job_title)
    job = NewJob(row.id, unit.organisation_id, person.payroll_number, local_day(now), terms)
    add_jobs(session, [job], source=Source(ChangeOrigin.HAND, by=by), now=now)
    return create_account(
        session, person_id=row.id, username=person.username, password_hash=hash_password(person.password)
    )


def _check_words(person: NewPerson) -> None:
    """What counts is what is stored: small letters may be more than the capitals, and of some signs nothing is left."""
    if not composed(person.name):
        raise RuleBroken("Enter a name", field="name")
    if not person.payroll_number:
        raise RuleBroken("Enter a payroll number", field="payroll")
    _check_username(person.username)


def _check_username(typed: str) -> None:
    username, most = normal_username(typed), length_of(Account.username)
    if not username:
        raise RuleBroken("Enter a username", field="username")
    if len(username) > most:
        raise RuleBroken(f"Username must have {most} characters or fewer", field="username")


def _check_free(session: Session, organisation: Organisation, person: NewPerson) -> None:
    _check_username_free(session, person.username)
    check_password(session, person.password, username=person.username)
    number = select(Employment.id).where(
        Employment.organisation_id == organisation.id, Employment.payroll_number == person.payroll_number
    )
    if session.scalar(number) is not None:
        raise RuleBroken(
            f"{organisation.name} has a job with the payroll number {person.payroll_number} already", field="payroll"
        )


def _check_username_free(session: Session, username: str) -> None:
    if find_account(session, username=username) is not None:
        raise RuleBroken(f"The username {normal_username(username)} is taken. Choose another one", field="username")


def find_unit(session: Session, *, organisation_id: int, path: str) -> Unit | None:
    """The unit that somebody means who types this path. Raises ``RuleBroken`` where no unit can be called so."""
    return _known_units(session, organisation_id).get(folded(" / ".join(_names_in(path))))


def check_unit_is_there(session: Session, *, organisation_slug: str, path: str) -> None:
    """Raises ``RuleBroken``, with the nearest that there is, where an authority that has units has none at ``path``."""
    organisation = get_organisation(session, slug=organisation_slug)
    if find_unit(session, organisation_id=organisation.id, path=path) is not None:
        return
    known = _known_units(session, organisation.id)
    if not known:
        return  # the first unit of an authority cannot be a slip of another
    near = get_close_matches(folded(" / ".join(_names_in(path))), known, n=1)
    alike = f". The nearest is “{known[near[0]].path}”" if near else ""
    raise RuleBroken(f"{organisation.name} has no unit “{composed(path)}”{alike}", field="unit")


def _names_in(path: str) -> list[str]:
    names, most = [composed(name) for name in path.split("/")], length_of(Unit.name)
    if not 1 <= len(names) <= len(_LEVELS) or not all(names):
        raise RuleBroken(
            "Name the unit as “Directorate”, “Directorate / Service” or “Directorate / Service / Team”", field="unit"
        )
    if any(len(name) > most for name in names):
        raise RuleBroken(f"Each name in it must have {most} characters or fewer", field="unit")
    return names


def _known_units(session: Session, organisation_id: int) -> dict[str, Unit]:
    units = session.scalars(select(Unit).where(Unit.organisation_id == organisation_id).order_by(Unit.id))
    return {folded(one.path): one for one in units}


def _unit_at(session: Session, organisation: Organisation, path: str) -> Unit:
    names, known = _names_in(path), _known_units(session, organisation.id)
    unit: Unit | None = None
    for depth, kind in enumerate(_LEVELS[: len(names)], start=1):
        full = " / ".join((*((unit.path,) if unit else ()), names[depth - 1]))
        found = known.get(folded(full))
        if found is None:
            row = {
                "organisation_id": organisation.id,
                "parent_id": unit.id if unit else None,
                "kind": kind,
                "name": names[depth - 1],
                "path": full,
            }
            insert_once(session, Unit, [row], unique=("organisation_id", "path"))  # or somebody else did, just now
            found = session.scalars(
                select(Unit).where(Unit.organisation_id == organisation.id, Unit.path == full)
            ).one()
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
