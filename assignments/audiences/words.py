"""A rule as a person would say it, with the names that units, courses and authorities have today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.rules import (
    AllOf,
    AnyOf,
    HasCompleted,
    InAuthorities,
    InUnit,
    IsNamed,
    Leaf,
    Manages,
    Not,
    OfKind,
    OnContract,
    OnGrade,
    Rule,
    Started,
    TitleHas,
    WithHours,
    leaves_of,
)
from courses.catalogue.versions import titles_of
from people.organisations import Organisation, Unit

MOST_NAMED = 5


@dataclass(frozen=True)
class Names:
    """What the numbers in rules stand for."""

    units: Mapping[int, str] = field(default_factory=dict)
    courses: Mapping[int, str] = field(default_factory=dict)
    organisations: Mapping[int, str] = field(default_factory=dict)


def names_in(session: Session, rules: Sequence[Rule]) -> Names:
    """The names for some rules: at most one statement for each sort of thing that they speak of."""
    leaves = [leaf for rule in rules for leaf in leaves_of(rule)]
    units = {leaf.unit_id for leaf in leaves if isinstance(leaf, InUnit)}
    courses = {leaf.course_id for leaf in leaves if isinstance(leaf, HasCompleted)}
    bodies = {one for leaf in leaves if isinstance(leaf, InAuthorities) for one in leaf.organisation_ids}
    return Names(
        dict(session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(units))).all()) if units else {},
        titles_of(session, course_ids=courses) if courses else {},
        dict(session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(bodies))).all())
        if bodies
        else {},
    )


def rule_in_words(rule: Rule, names: Names) -> str:
    """Whom it means: "works in Adult Social Care or below it, and is on grade G7 or G8"."""
    match rule:
        case AllOf(()):
            return "works here"
        case AnyOf(()):
            return "is nobody"
        case AllOf(parts):
            return ", and ".join(_inner(part, names) for part in parts)
        case AnyOf(parts):
            return ", or ".join(_inner(part, names) for part in parts)
        case Not(part):
            return f"not: {_inner(part, names)}"
        case _:
            return leaf_in_words(rule, names)


def _inner(rule: Rule, names: Names) -> str:
    words = rule_in_words(rule, names)
    return f"({words})" if isinstance(rule, AllOf | AnyOf) and len(rule.parts) > 1 else words


def leaf_in_words(leaf: Leaf, names: Names) -> str:
    """A single condition, after "who"."""
    match leaf:
        case InAuthorities(ids):
            return f"works for {_either([names.organisations.get(one, 'an authority that is gone') for one in ids])}"
        case InUnit(unit_id, is_with_below):
            unit = names.units.get(unit_id, "a unit that is gone")
            return f"works in {unit} or below it" if is_with_below else f"works directly in {unit}"
        case HasCompleted(course_id):
            return f"has completed {names.courses.get(course_id, 'a course that is gone')}"
        case Manages():
            return "manages somebody"
        case WithHours(at_least, below):
            return _span("works", at_least and f"at least {at_least:g}", below and f"under {below:g}") + " hours a week"
        case Started(since, before):
            return _span("began", since and f"on or after {_day(since)}", before and f"before {_day(before)}")
        case IsNamed(values):
            return f"has the payroll number {_either(values)}"
        case OfKind(kinds):
            return f"works as {_either([one.value.replace('-', ' ') for one in kinds])}"
        case TitleHas(values):
            return f"has {_either([f'“{one}”' for one in values])} in the job title"
        case OnGrade(values):
            return f"is on grade {_either(values)}"
        case OnContract(values):
            return f"has the contract {_either(values)}"


def _span(verb: str, *ends: object) -> str:
    return f"{verb} {' and '.join(str(end) for end in ends if end)}"


def _either(values: Sequence[str]) -> str:
    shown = list(values[:MOST_NAMED])
    if len(values) > MOST_NAMED:
        return f"{', '.join(shown)} or one of {len(values) - MOST_NAMED:,} more"
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
