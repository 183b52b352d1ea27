"""Records that may be of one human being, with the reasons. A name alone is none: many people share one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, groupby

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kernel.typed import folded
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.merging.records import PersonMerge
from people.persons import Person

_NAMES_AT_ONCE = 500


@dataclass(frozen=True)
class Suggestion:
    """Two records, the older one first, and why they may be of one person."""

    person_ids: tuple[int, int]
    names: tuple[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Facts:
    person: Person
    numbers: frozenset[str]
    first: date | None
    last: date | None
    has_account: bool
    is_taken_back: bool


def suggested(session: Session, *, person_id: int | None = None) -> tuple[Suggestion, ...]:
    """Pairs that bear the same name but for accents, capitals and the order of its parts, and have one thing more in
    common. Of everybody, or only those with one person. An address by itself is no reason: people share and inherit
    them."""
    return tuple(
        pair for people in _bearers_of_one_name(session, person_id) for pair in _pairs(session, people, person_id)
    )


def _bearers_of_one_name(session: Session, person_id: int | None) -> Iterator[Sequence[Person]]:
    """Everybody whose name somebody else bears too, in the order of names, some hundred names at once."""
    standing = exists().where(PersonMerge.merged_person_id == Person.id, PersonMerge.separated_at.is_(None))
    people = select(Person).where(~standing).order_by(Person.id)
    several = select(Person.search_text).where(Person.search_text != "").group_by(Person.search_text)
    if person_id is not None:
        of_this_name = select(Person.search_text).where(Person.id == person_id)
        several = several.where(Person.search_text == of_this_name.scalar_subquery())
    # Sorted here: databases disagree on the order of letters.
    names = sorted(name for name in session.scalars(several.having(func.count() > 1)) if name)
    for start in range(0, len(names), _NAMES_AT_ONCE):
        some = names[start : start + _NAMES_AT_ONCE]
        found = session.scalars(people.where(Person.search_text.in_(some))).all()
        yield sorted(found, key=lambda one: (one.search_text or "", one.id))


def _pairs(session: Session, people: Sequence[Person], person_id: int | None) -> Iterator[Suggestion]:
    for _, bearers in groupby(_facts_of(session, people), key=lambda facts: facts.person.search_text):
        for one, other in combinations(bearers, 2):
            if person_id is not None and person_id not in (one.person.id, other.person.id):
                continue
            if reasons := _reasons(one, other):
                yield Suggestion(
                    (one.person.id, other.person.id),
                    (one.person.chosen_name, other.person.chosen_name),
                    ("The same name, but for accents and the order of its parts", *reasons),
                )


def _facts_of(session: Session, people: Sequence[Person]) -> list[_Facts]:
    ids = [one.id for one in people]
    jobs = session.execute(
        select(
            Employment.person_id,
            Employment.payroll_number,
            func.min(EmploymentTerms.starts_on),
            func.max(func.coalesce(EmploymentTerms.ends_on, date.max)),
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id.in_(ids))
        .group_by(Employment.person_id, Employment.payroll_number)
    ).all()
    accounts = set(session.scalars(select(Account.person_id).where(Account.person_id.in_(ids))))
    with_any = set(session.scalars(select(Employment.person_id).where(Employment.person_id.in_(ids))))
    held: dict[int, list[tuple[str, date, date]]] = {}
    for person_id, number, first, last in jobs:
        held.setdefault(person_id, []).append((number, first, last))
    return [
        _Facts(
            one,
            frozenset(number for number, _, _ in held.get(one.id, ())),
            min((first for _, first, _ in held.get(one.id, ())), default=None),
            max((last for _, _, last in held.get(one.id, ())), default=None),
            one.id in accounts,
            one.id in with_any - held.keys(),
        )
        for one in people
    ]


def _reasons(one: _Facts, other: _Facts) -> tuple[str, ...]:
    found = []
    if one.numbers & other.numbers:
        found.append("The same payroll number at two authorities")
    if one.person.email and other.person.email and folded(one.person.email) == folded(other.person.email):
        found.append("The same e-mail address")
    earlier, later = sorted((one, other), key=lambda facts: facts.first or date.max)
    if earlier.last is not None and later.first is not None and earlier.last < later.first:
        found.append("One record’s jobs end before the other’s begin")
    if one.is_taken_back or other.is_taken_back:  # who joined by a file that was undone: that says nothing
        return tuple(found)
    if one.has_account != other.has_account:
        found.append("Only one of them has an account")
    if (one.first is None) != (other.first is None):
        found.append("Only one of them has a job on record")
    return tuple(found)
