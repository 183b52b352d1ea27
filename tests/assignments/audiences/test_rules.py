"""Rules: what SQL says of thousands is what anybody works out by hand for one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assignments.audiences.conditions import look_up, people_in
from assignments.audiences.rules import (
    AllOf,
    AnyOf,
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
    courses_needed,
    holds,
    leaves_of,
)
from assignments.audiences.written import read_rule, written
from kernel.errors import RuleBroken
from people.jobs.terms import EmploymentKind
from people.organisations import UnitKind
from tests.builders.region import TODAY, a_person, a_unit, an_organisation, job_of

TITLES = ("Social Worker", "Senior social worker", "Cleaner", "Gärtner")
GRADES, CONTRACTS = ("G5", "G7"), ("permanent", "fixed-term")
DAYS = (date(2019, 5, 1), date(2024, 2, 29), TODAY)


@dataclass(frozen=True)
class Job:
    unit: int
    title: str
    grade: str
    contract: str
    kind: EmploymentKind
    hours: Decimal | None
    starts_on: date
    is_manager: bool = False


JOBS = st.builds(
    Job,
    unit=st.integers(0, 2),
    title=st.sampled_from(TITLES),
    grade=st.sampled_from(GRADES),
    contract=st.sampled_from(CONTRACTS),
    kind=st.sampled_from(EmploymentKind),
    hours=st.sampled_from([None, Decimal("16"), Decimal("36.25")]),
    starts_on=st.sampled_from(DAYS),
)
# Units stand as 0, with 1 below it, and 2 beside; their real ids are put in later.
LEAVES = st.one_of(
    st.builds(InUnit, st.integers(0, 2), st.booleans()),
    st.builds(TitleHas, st.lists(st.sampled_from(["social", "GARTNER", "none such"]), min_size=1).map(tuple)),
    st.builds(OnGrade, st.just(("G7",))),
    st.builds(OnContract, st.just(("fixed-term",))),
    st.builds(OfKind, st.lists(st.sampled_from(EmploymentKind), min_size=1).map(tuple)),
    st.builds(WithHours, st.sampled_from([None, Decimal(16), Decimal(20)]), st.sampled_from([None, Decimal("36.25")])),
    st.builds(Started, st.sampled_from([None, *DAYS]), st.sampled_from([None, *DAYS])),
    st.just(Manages()),
)
PARTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple).map(AllOf),
        st.lists(inner, max_size=3).map(tuple).map(AnyOf),
        inner.map(Not),
    ),
    max_leaves=6,
)


def by_hand(leaf: Leaf, job: Job) -> bool:
    match leaf:
        case InUnit(unit, is_with_below):
            return job.unit == unit or (is_with_below and (unit, job.unit) == (0, 1))
        case TitleHas(words):
            plain = job.title.casefold().replace("ä", "a")
            return any(word.casefold() in plain for word in words)
        case OnGrade(values):
            return job.grade in values
        case OnContract(values):
            return job.contract in values
        case OfKind(kinds):
            return job.kind in kinds
        case WithHours(low, high):
            return job.hours is not None and (low is None or job.hours >= low) and (high is None or job.hours < high)
        case Started(since, before):
            return (since is None or job.starts_on >= since) and (before is None or job.starts_on < before)
        case Manages():
            return job.is_manager
    raise AssertionError(leaf)


def with_units(rule: Rule, ids: list[int]) -> Rule:
    match rule:
        case AllOf(parts):
            return AllOf(tuple(with_units(part, ids) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(with_units(part, ids) for part in parts))
        case Not(part):
            return Not(with_units(part, ids))
        case InUnit(place, is_with_below):
            return InUnit(ids[place], is_with_below)
    return rule


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=PARTS, jobs=st.lists(JOBS, min_size=1, max_size=5), managed=st.booleans())
def test_the_database_asks_a_rule_as_a_person_would(
    session: Session, rule: Rule, jobs: list[Job], managed: bool
) -> None:
    with session.begin_nested() as nested:
        halton = an_organisation(session)
        top = a_unit(session, halton)
        units = [top, a_unit(session, halton, "Home Care", parent=top, kind=UnitKind.SERVICE)]
        units.append(a_unit(session, halton, "Parks"))
        people, first = [], None
        for place, job in enumerate(jobs):
            manager_id = job_of(session, first).id if managed and first else None
            person = a_person(
                session,
                units[job.unit],
                job_title=job.title,
                grade=job.grade,
                contract=job.contract,
                kind=job.kind,
                hours_per_week=job.hours,
                starts_on=job.starts_on,
                manager_id=manager_id,
            )
            first = first or person
            manages = managed and place == 0 and len(jobs) > 1
            people.append((person.id, Job(**{**job.__dict__, "is_manager": manages})))
        asked = with_units(rule, [unit.id for unit in units])
        known = look_up(session, [asked], organisation_id=halton.id, on=TODAY)
        found = set(session.scalars(people_in(asked, known, organisation_id=halton.id)))
        expected = {key for key, job in people if holds(rule, {leaf: by_hand(leaf, job) for leaf in leaves_of(rule)})}
        nested.rollback()
    assert found == expected


def is_writable(rule: Rule) -> bool:
    """Whether somebody could ask for it: an hours or a start without an end, and one that ends first, are refused."""
    return all(
        not (isinstance(leaf, WithHours) and (leaf == WithHours() or (leaf.at_least or 0) >= (leaf.below or 999)))
        and not (
            isinstance(leaf, Started) and (leaf == Started() or (leaf.since or date.min) >= (leaf.before or date.max))
        )
        and not (isinstance(leaf, InUnit) and leaf.unit_id == 0)
        and not (
            isinstance(leaf, TitleHas | OfKind)
            and len(set(written(leaf).popitem()[1])) < len(written(leaf).popitem()[1])
        )
        for leaf in leaves_of(rule)
    )


@given(PARTS.filter(is_writable))
def test_a_rule_is_read_as_it_was_written(rule: Rule) -> None:
    assert read_rule(written(rule)) == rule


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "Each part"),
        ({}, "Each part"),
        ([], "Each part"),
        ({"planet": 1}, "knows no part “planet”"),
        ({"grade": ["G5"], "manager": True}, "cannot stand beside"),
        ({"grade": []}, "list of 1 to"),
        ({"grade": ["  "]}, "none of them empty"),
        ({"unit": "7"}, "number of a record"),
        ({"unit": 2**40}, "number of a record"),
        ({"hours": {}}, "“at_least”, “below” or both"),
        ({"hours": {"at_least": "many"}}, "cannot be read"),
        ({"hours": {"at_least": "NaN"}}, "cannot be read"),
        ({"hours": {"at_least": 20, "below": 10}}, "ends before it begins"),
        ({"started": {"since": "31.3.2027"}}, "cannot be read"),
        ({"all": {"grade": ["G5"]}}, "is a list"),
        ({"kind": ["robot"]}, "“kind” is one or more of"),
        ({"manager": "yes"}, "true or false"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_in_words(given: object, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        read_rule(given)


def test_a_rule_that_goes_too_deep_is_refused() -> None:
    rule: dict[str, object] = {"manager": True}
    for _ in range(50):
        rule = {"not": rule}
    with pytest.raises(RuleBroken, match="deep"):
        read_rule(rule)


def test_what_a_rule_needs_to_be_completed_is_what_each_way_through_it_needs() -> None:
    both = read_rule({"all": [{"completed": 1}, {"any": [{"completed": 2}, {"completed": 3}]}]})
    assert courses_needed(both) == {1}
    assert courses_needed(read_rule({"any": [{"completed": 2}, {"all": [{"completed": 2}, {"completed": 4}]}]})) == {2}
    assert courses_needed(read_rule({"not": {"completed": 2}})) == frozenset()


def test_people_are_named_by_payroll_number_and_authorities_by_id(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    person, _ = a_person(session, unit, payroll_number="A1"), a_person(session, unit, payroll_number="A2")
    rule = AllOf((IsNamed(("A1", "A9")), InAuthorities((halton.id,))))
    known = look_up(session, [rule], organisation_id=halton.id, on=TODAY)
    assert session.scalars(people_in(rule, known, organisation_id=halton.id)).all() == [person.id]
