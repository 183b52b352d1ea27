"""Records that may be of one human being, with the reasons. A name alone is none: many people share one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kernel.typed import folded
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.merging.records import PersonMerge
from people.persons import Person

MOST_SUGGESTED = 100
_MOST_NAMES = 500


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


def suggested(session: Session, *, person_id: int | None = None) -> tuple[Suggestion, ...]:
    """Pairs that bear the same name but for accents, capitals and the order of its parts, and have one thing more in
    common. Of everybody, or only those with one person. An address by itself is no reason: people share and inherit
    them."""
    standing = exists().where(PersonMerge.merged_person_id == Person.id, PersonMerge.separated_at.is_(None))
    people = select(Person).where(Person.search_text.is_not(None), Person.search_text != "", ~standing)
    if person_id is None:
        several = select(Person.search_text).group_by(Person.search_text).having(func.count() > 1).limit(_MOST_NAMES)
        people = people.where(Person.search_text.in_(several))
    else:
        of_this_name = select(Person.search_text).where(Person.id == person_id)
        people = people.where(Person.search_text == of_this_name.scalar_subquery())
    found = session.scalars(people.order_by(Person.search_text, Person.id).limit(4 * _MOST_NAMES)).all()
    facts = _facts_of(session, found)
    pairs = (
        (one, other)
        for place, one in enumerate(facts)
        for other in facts[place + 1 :]
        if one.person.search_text == other.person.search_text
        if person_id is None or person_id in (one.person.id, other.person.id)
    )
    all_pairs = (
        Suggestion(
            (one.person.id, other.person.id),
            (one.person.chosen_name, other.person.chosen_name),
            ("The same name, but for accents and the order of its parts", *reasons),
        )
        for one, other in pairs
        if (reasons := _reasons(one, other))
    )
    return tuple(pair for pair, _ in zip(all_pairs, range(MOST_SUGGESTED), strict=False))


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
    if one.has_account != other.has_account:
        found.append("Only one of them has an account")
    if (one.first is None) != (other.first is None):
        found.append("Only one of them has a job on record")
    return tuple(found)
