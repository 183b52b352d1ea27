"""The parts of a rule. Each is about one job as it is on a day, or about the person who holds it. Pure: no session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from people.jobs.terms import EmploymentKind


@dataclass(frozen=True)
class InAuthorities:
    """A job with one of these authorities."""

    organisation_ids: tuple[int, ...]


@dataclass(frozen=True)
class InUnit:
    """A job in a unit, with everything below it or in the unit itself alone."""

    unit_id: int
    is_with_below: bool = True


@dataclass(frozen=True)
class TitleHas:
    """A job title that has one of these words in it, whatever their capitals and accents: the family of a job."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class OnGrade:
    """A job on one of these grades."""

    grades: tuple[str, ...]


@dataclass(frozen=True)
class OnContract:
    """A job with one of these contracts, as the HR file words them."""

    contracts: tuple[str, ...]


@dataclass(frozen=True)
class OfKind:
    """A job of an employee, of casual or agency staff, or of an elected member."""

    kinds: tuple[EmploymentKind, ...]


@dataclass(frozen=True)
class WithHours:
    """A job of so many hours a week: from ``at_least`` on, and fewer than ``below``. Unknown hours fit neither."""

    at_least: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True)
class Manages:
    """A job whose holder somebody else's job reports to."""


@dataclass(frozen=True)
class Started:
    """A job that was begun from a day on, or before one."""

    since: date | None = None
    before: date | None = None


@dataclass(frozen=True)
class HasCompleted:
    """Somebody who has completed a course."""

    course_id: int


@dataclass(frozen=True)
class IsNamed:
    """A job with one of these payroll numbers: people who are named one by one."""

    payroll_numbers: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    """Every one of these holds. Of none of them: it holds of everybody."""

    parts: tuple["Rule", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """At least one of these holds. Of none of them: it holds of nobody."""

    parts: tuple["Rule", ...] = ()


@dataclass(frozen=True)
class Not:
    """This does not hold."""

    part: "Rule"


Leaf = (
    InAuthorities
    | InUnit
    | TitleHas
    | OnGrade
    | OnContract
    | OfKind
    | WithHours
    | Manages
    | Started
    | HasCompleted
    | IsNamed
)
Rule = Leaf | AllOf | AnyOf | Not
EVERYBODY, NOBODY = AllOf(), AnyOf()


def leaves_of(rule: Rule) -> Iterator[Leaf]:
    """The single conditions of a rule, from left to right; one may come twice."""
    match rule:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves_of(part)
        case Not(part):
            yield from leaves_of(part)
        case _:
            yield rule


def holds(rule: Rule, truths: Mapping[Leaf, bool]) -> bool:
    """Whether a rule holds where each of its single conditions is true or false."""
    match rule:
        case AllOf(parts):
            return all(holds(part, truths) for part in parts)
        case AnyOf(parts):
            return any(holds(part, truths) for part in parts)
        case Not(part):
            return not holds(part, truths)
        case _:
            return truths[rule]


def courses_needed(rule: Rule) -> frozenset[int]:
    """The courses that somebody has to have completed before the rule can hold; ``Not`` needs none."""
    match rule:
        case HasCompleted(course_id):
            return frozenset({course_id})
        case AllOf(parts):
            return frozenset().union(*(courses_needed(part) for part in parts))
        case AnyOf(parts) if parts:
            return frozenset.intersection(*(courses_needed(part) for part in parts))
        case _:
            return frozenset()
