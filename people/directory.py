"""Finding a person by name, username or payroll number, within what somebody may look after."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, newest_entries_for
from kernel.clock import day_bounds
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed, search_words, searchable
from people.accounts import Account, find_account
from people.counting import NOT_HERE, people_of
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment, bare_number
from people.jobs.reading import is_held, jobs_on
from people.jobs.terms import EmploymentTerms
from people.names.search import MOST_FOUND, FoundPeople, may_be_named, people_named
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role, RoleGrant
from people.visibility import PeopleScope

ABOUT_ROLES = ("role-given", "role-taken")
# So long an HR lead finds somebody whose last job there was ended by hand, to take that back.
TAKE_BACK_DAYS = 90
_FEWEST_DIGITS = 4
_MANY_JOBS = 5_000


@dataclass(frozen=True)
class FoundPerson:
    """A person as a list shows them: their name, and the job that counts for them if they ever had one."""

    person_id: int
    name: str
    organisation_name: str = ""
    unit_path: str = ""
    payroll_number: str = ""


def people_like(
    session: Session, *, typed: str, scope: PeopleScope, on: date, also_never_joined: bool = False
) -> FoundPeople:
    """The people whom somebody means who types this, by name.

    Every word has to be part of a name that they bear or of the unit where they work, in any order and script; accents,
    capitals, apostrophes and hyphens do not matter. A whole username or payroll number finds its person first. HR leads
    also find, by name and number, those of ``get_person_to_take_back``. Who never joined, because the file that added
    them was undone, is left out unless ``also_never_joined``, and counted.
    """
    words = search_words(typed)
    if not words:
        return FoundPeople(())
    by_name = people_named(session, words, only=_within(scope, on, also_ended=True))
    in_units = _by_unit(session, words, scope, on)
    by_number = _by_number(session, typed, scope, on)
    found = tuple(dict.fromkeys((*by_number, *by_name.person_ids, *in_units.person_ids)))
    left_out = frozenset() if also_never_joined else _never_joined(session, found)
    kept = tuple(key for key in found if key not in left_out)
    is_cut = by_name.is_cut or in_units.is_cut or len(kept) > MOST_FOUND
    return FoundPeople(kept[:MOST_FOUND], is_cut, len(left_out))


def _never_joined(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """Those of these people who have a job that was never held, no other one, and no account."""
    job, terms = exists().where(Employment.person_id == Person.id), EmploymentTerms.employment_id == Employment.id
    held = exists().where(Employment.person_id == Person.id, terms)
    account = exists().where(Account.person_id == Person.id)
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(person_ids), job, ~held, ~account)))


def listed(session: Session, *, person_ids: Sequence[int], scope: PeopleScope, on: date) -> tuple[FoundPerson, ...]:
    """These people as a list shows them, in this order, each with the job that counts among those in this scope."""
    names = dict(session.execute(select(Person.id, Person.chosen_name).where(Person.id.in_(person_ids))).all())
    jobs = jobs_on(on, Employment.person_id.in_(person_ids), *_jobs_within(scope))
    rows = session.execute(
        select(jobs.c.person_id, Organisation.name, Unit.path, jobs.c.payroll_number)
        .join(Organisation, Organisation.id == jobs.c.organisation_id)
        .join(Unit, Unit.id == jobs.c.unit_id)
        .order_by(jobs.c.place)
    )
    first: dict[int, FoundPerson] = {}
    for key, organisation, path, number in rows:
        first.setdefault(key, FoundPerson(key, names[key], organisation, path, number))
    return tuple(first.get(key, FoundPerson(key, names[key])) for key in person_ids if key in names)


def get_person(session: Session, *, person_id: int, scope: PeopleScope, on: date) -> Person:
    """A person whom somebody may look after. Raises ``NotFound``."""
    found = session.scalar(select(Person).where(Person.id == person_id, *_within(scope, on)))
    if found is None:
        raise NotFound(f"person {person_id}")
    return found


def get_person_to_take_back(session: Session, *, person_id: int, scope: PeopleScope, on: date) -> Person:
    """A person whom somebody may look after, or whose job there was ended by hand so lately that this can be taken
    back, also when they have none any more. Raises ``NotFound``."""
    found = session.scalar(select(Person).where(Person.id == person_id, *_within(scope, on, also_ended=True)))
    if found is None:
        raise NotFound(f"person {person_id}")
    return found


def get_person_named(session: Session, *, typed: str, on: date) -> int:
    """Whom a username or a payroll number means. Raises ``NotFound``, and ``RuleBroken`` where it means several."""
    account = find_account(session, username=typed)
    if account is not None:
        return account.person_id
    jobs = select(Employment.person_id).where(Employment.payroll_number == composed(typed))
    held = jobs.join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id).where(is_held(on))
    found = set(session.scalars(held)) or set(session.scalars(jobs))
    if not found:
        raise NotFound(f"person with the username or payroll number {typed}")
    if len(found) > 1:
        raise RuleBroken(f"{len(found)} authorities have the payroll number {typed}. Give a username instead")
    return found.pop()


def record_entries(session: Session, *, person_id: int, scope: PeopleScope, most: int) -> Sequence[AuditEntry]:
    """What was done with a person’s record, the newest first: all of it for admins.

    HR leads see nothing about roles, and only what the person, admins and people of their own authorities did.
    """
    accounts = session.scalars(select(Account.id).where(Account.person_id == person_id)).all()
    about = [("person", person_id), *(("account", key) for key in accounts)]
    if scope.organisation_ids is None:
        return newest_entries_for(session, subjects=about, most=most)
    return newest_entries_for(session, subjects=about, most=most, only=_by_those_near(scope, accounts))


def trail_within(scope: PeopleScope, on: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions for what somebody may see of the whole audit trail: all of it for admins.

    HR leads see what their pages of people show: entries about people who work in their authorities today, but nothing
    about roles, and only what these people, admins and others of the same authorities did.
    """
    if scope.organisation_ids is None:
        return ()
    people = select(cast(Person.id, String)).where(*_within(scope, on))
    accounts = select(cast(Account.id, String)).join(Person, Person.id == Account.person_id).where(*_within(scope, on))
    kind, subject = AuditEntry.subject_type, AuditEntry.subject_id
    about = and_(kind == "person", subject.in_(people)) | and_(kind == "account", subject.in_(accounts))
    return (about, *_by_those_near(scope, ()))


def _by_those_near(scope: PeopleScope, accounts: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    near = select(Account.id).join(Employment, Employment.person_id == Account.person_id).where(*_jobs_within(scope))
    admins = select(RoleGrant.account_id).where(RoleGrant.role == Role.ADMIN)
    actor = AuditEntry.actor_account_id
    return (
        AuditEntry.action.not_in(ABOUT_ROLES),
        actor.is_(None) | actor.in_(accounts) | actor.in_(near) | actor.in_(admins),
    )


def is_looked_after(session: Session, *, person_id: int, scope: PeopleScope, on: date) -> bool:
    """Whether a person is one of those whom somebody may look after."""
    return session.scalar(select(Person.id).where(Person.id == person_id, *_within(scope, on))) is not None


def looked_after(session: Session, *, person_ids: Collection[int], scope: PeopleScope, on: date) -> frozenset[int]:
    """Those of these people whom somebody may look after, so that their record opens."""
    found = select(Person.id).where(Person.id.in_(person_ids), *_within(scope, on, also_ended=True))
    return frozenset(session.scalars(found))


def unit_in(session: Session, *, person_id: int, organisation_id: int, on: date) -> int | None:
    """The unit in which a person works for an authority on a day; ``None`` for one who has left or not begun."""
    people = people_of(organisation_id=organisation_id, on=on)
    found = select(people.c.unit_id, people.c.left_out).where(people.c.person_id == person_id)
    row = session.execute(found).one_or_none()
    return None if row is None or row.left_out in NOT_HERE else row.unit_id


def find_account_of(session: Session, *, person_id: int) -> Account | None:
    """The account of a person, if they have one."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def _within(scope: PeopleScope, on: date, *, also_ended: bool = False) -> tuple[ColumnElement[bool], ...]:
    if scope.organisation_ids is None:
        return ()
    job = exists().where(
        Employment.person_id == Person.id,
        Employment.organisation_id.in_(scope.organisation_ids),
        EmploymentTerms.employment_id == Employment.id,
        is_held(on),
    )
    return (job | _ended_lately(scope.organisation_ids, on) if also_ended else job,)


def _ended_lately(organisation_ids: Collection[int], on: date) -> ColumnElement[bool]:
    since, _ = day_bounds(on - timedelta(days=TAKE_BACK_DAYS))
    return exists().where(
        Employment.person_id == Person.id,
        Employment.organisation_id.in_(organisation_ids),
        EmploymentChange.employment_id == Employment.id,
        EmploymentChange.origin == ChangeOrigin.HAND,
        EmploymentChange.actor_account_id.is_not(None),
        EmploymentChange.values["held"].as_boolean().is_(False),
        EmploymentChange.undone_at.is_(None),
        EmploymentChange.recorded_at >= since,
    )


def _jobs_within(scope: PeopleScope) -> tuple[ColumnElement[bool], ...]:
    if scope.organisation_ids is None:
        return ()
    return (Employment.organisation_id.in_(scope.organisation_ids),)


def _by_unit(session: Session, words: Sequence[str], scope: PeopleScope, on: date) -> FoundPeople:
    """Who works where some of the words are part of the unit, and the other words part of the name."""
    own = () if scope.organisation_ids is None else (Unit.organisation_id.in_(scope.organisation_ids),)
    units: dict[frozenset[str], list[int]] = {}
    for key, path in session.execute(select(Unit.id, Unit.path).where(*own)):
        if said := frozenset(word for word in words if word in _searchable_path(path)):
            units.setdefault(said, []).append(key)
    found: list[int] = []
    is_cut = False
    # Units of which more words are part come first; one whose words are a part of another's adds nobody new to it.
    for said in sorted(units, key=lambda one: (-len(one), sorted(one))):
        rest = [word for word in words if word not in said]
        if rest and not may_be_named(session, rest):
            continue
        only = (*_within(scope, on), _works_in(session, units[said], on))
        some = people_named(session, rest, only=only) if rest else _first_of(session, only)
        found += some.person_ids
        is_cut = is_cut or some.is_cut
    return FoundPeople(tuple(dict.fromkeys(found)), is_cut)


@lru_cache(maxsize=4096)
def _searchable_path(path: str) -> str:
    return searchable(path)


def _works_in(session: Session, unit_ids: Sequence[int], on: date) -> ColumnElement[bool]:
    """The condition that a person works in one of these units on a day.

    Of few people all are listed, and of many each is looked at in turn: SQLite takes the one that it is told.
    """
    jobs = (
        select(Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(EmploymentTerms.unit_id.in_(unit_ids), is_held(on))
    )
    some = select(EmploymentTerms.id).where(EmploymentTerms.unit_id.in_(unit_ids)).limit(_MANY_JOBS).subquery()
    if (session.scalar(select(func.count()).select_from(some)) or 0) < _MANY_JOBS:
        return Person.id.in_(jobs)
    return jobs.where(Employment.person_id == Person.id).exists()


def _first_of(session: Session, only: Sequence[ColumnElement[bool]]) -> FoundPeople:
    """Everybody of a unit, as far as a list goes, in the order of lists."""
    people = session.scalars(select(Person).where(*only).order_by(Person.id).limit(MOST_FOUND + 1)).all()
    in_order = sorted(people[:MOST_FOUND], key=lambda one: (searchable(one.listed_as), one.id))
    return FoundPeople(tuple(one.id for one in in_order), len(people) > MOST_FOUND)


def _by_bare_number(session: Session, typed: str, authorities: Any) -> Sequence[int]:
    """Whose number is this one behind letters or zeros, as in WR107794; of a few digits nothing is told."""
    figures = typed.lstrip("0")
    if not (typed.isascii() and typed.isdecimal() and len(typed) >= _FEWEST_DIGITS and figures):
        return ()
    waiting = Employment.bare_number.is_(None) & Employment.payroll_number.endswith(figures)
    found = session.execute(
        select(Employment.person_id, Employment.payroll_number).where(
            Employment.organisation_id.in_(authorities), (Employment.bare_number == figures) | waiting
        )
    )
    return [key for key, number in found if bare_number(number) == figures]


def _by_number(session: Session, typed: str, scope: PeopleScope, on: date) -> list[int]:
    account = find_account(session, username=typed)
    numbers = {composed(typed), composed("".join(typed.split())), composed("".join(typed.split())).upper()}
    # The index begins with the authority: each is named, so that the number is looked up and not looked for.
    authorities = select(Organisation.id) if scope.organisation_ids is None else scope.organisation_ids
    of_this_number = session.scalars(
        select(Employment.person_id).where(
            Employment.organisation_id.in_(authorities), Employment.payroll_number.in_(numbers)
        )
    ).all() or _by_bare_number(session, composed(typed), authorities)
    meant = {*of_this_number, *([account.person_id] if account else [])}
    return list(
        session.scalars(
            select(Person.id).where(Person.id.in_(meant), *_within(scope, on, also_ended=True)).order_by(Person.id)
        )
    )
