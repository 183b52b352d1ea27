"""A file may still name units as they were called before a reorganisation, or already as one that is planned will."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from people.feed.planning.plan import Plan
from people.feed.planning.sentences import sentences_of
from people.feed.runs.planning import make_plan
from people.feed.runs.state import read_state
from people.organisations import Organisation, Unit, UnitKind
from people.reorganisation.applying import undo
from people.reorganisation.steps import Add, Merge, Move, Rename
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_employment, an_organisation
from tests.builders.reorganisations import reorganised
from tests.people.feed.rows import a_row, rows_of
from tests.people.feed.runs import a_file

LATER = NOON + timedelta(days=7)
HOMES = ("Care", "Homes")


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


@pytest.fixture
def care(session: Session, sefton: Organisation) -> Unit:
    return a_unit(session, sefton, "Care")


@pytest.fixture
def homes(session: Session, sefton: Organisation, care: Unit) -> Unit:
    unit = a_unit(session, sefton, "Homes", parent=care, kind=UnitKind.SERVICE)
    for number in ("0001", "0002"):
        an_employment(session, a_person(session, name=f"Person {number}"), unit, payroll_number=number)
    return unit


def planned(session: Session, sefton: Organisation, *units: tuple[str, ...]) -> Plan:
    session.expire_all()
    rows = [a_row(f"000{place}", f"Person 000{place}", unit=unit) for place, unit in enumerate(units, start=1)]
    state = read_state(session, sefton, on=LATER.date())
    return make_plan(state, rows_of(*rows), file=a_file(everybody=True), now=LATER)


def test_a_former_name_means_the_unit_of_today(session: Session, sefton: Organisation, care: Unit, homes: Unit) -> None:
    reorganised(session, care, Rename(care.id, "Adults"), on=TODAY)
    plan = planned(session, sefton, HOMES, ("Homes",))
    assert (plan.items, plan.new_units, plan.unusable, plan.unchanged) == ((), (), (), 2)
    words = [one.plain for one in sentences_of(plan)]
    said = "1 row names a unit by its former name. It means the unit of today. “Care / Homes” is now “Adults / Homes”."
    assert said in words


def test_the_name_alone_that_a_unit_had_means_the_unit_of_today(
    session: Session, sefton: Organisation, homes: Unit
) -> None:
    reorganised(session, homes, Rename(homes.id, "Residential"), on=TODAY)
    plan = planned(session, sefton, ("Homes",), ("care", "homes"))
    assert (plan.items, plan.new_units, plan.unusable, plan.unchanged) == ((), (), (), 2)


def test_a_new_team_in_a_unit_of_a_former_name_is_new_in_the_unit_of_today(
    session: Session, sefton: Organisation, homes: Unit
) -> None:
    reorganised(session, homes, Rename(homes.id, "Residential"), on=TODAY)
    assert planned(session, sefton, (*HOMES, "Night")).new_units == (("Care", "Residential", "Night"),)


def test_a_place_that_a_unit_had_means_the_unit_of_today(session: Session, sefton: Organisation, homes: Unit) -> None:
    adults = a_unit(session, sefton, "Adults")
    reorganised(session, homes, Move(homes.id, adults.id), on=TODAY)
    plan = planned(session, sefton, HOMES, ("Adults", "Homes"))
    assert (plan.items, plan.new_units, plan.unchanged) == ((), (), 2)


def test_a_unit_that_was_merged_takes_nobody_and_the_row_says_where_it_went(
    session: Session, sefton: Organisation, care: Unit, homes: Unit
) -> None:
    day = a_unit(session, sefton, "Day care", parent=care, kind=UnitKind.SERVICE)
    reorganised(session, homes, Merge(homes.id, day.id), on=TODAY)
    plan = planned(session, sefton, HOMES, ("Homes",))
    assert (plan.items, plan.new_units) == ((), ())
    words = "A reorganisation has ended this unit; it is part of “Care / Day care” since 21 November 2026."
    assert [problem.problem for row in plan.unusable for problem in row.problems] == [words, words]
    # Those who name the unit of today stay as they are.
    assert planned(session, sefton, ("Care", "Day care"), ("Care", "Day care")).unchanged == 2


def test_a_unit_of_today_goes_before_another_that_was_called_so(
    session: Session, sefton: Organisation, care: Unit, homes: Unit
) -> None:
    other = a_unit(session, sefton, "Day care", parent=care, kind=UnitKind.SERVICE)
    reorganised(session, homes, Rename(homes.id, "Swap"), Rename(other.id, "Homes"), on=TODAY)
    plan = planned(session, sefton, HOMES)
    assert plan.former_names == ()


NEXT_YEAR = TODAY + timedelta(days=120)


def test_a_name_to_come_means_the_unit_of_today(session: Session, sefton: Organisation, homes: Unit) -> None:
    reorganised(session, homes, Rename(homes.id, "Residential"), on=NEXT_YEAR)
    plan = planned(session, sefton, ("Care", "Residential"), ("Residential",))
    assert (plan.items, plan.new_units, plan.unusable, plan.unchanged) == ((), (), (), 2)
    words = [one.plain for one in sentences_of(plan)]
    said = (
        "2 rows name units by a name to come. They mean the units of today. “Care / Residential” is now “Care / Homes”"
    )
    assert any(one.startswith(said) for one in words)


def test_a_unit_that_has_not_begun_is_not_added_anew(session: Session, sefton: Organisation, homes: Unit) -> None:
    reorganised(session, homes, Add(None, "Public Health"), on=NEXT_YEAR)
    plan = planned(session, sefton, ("Public Health",), HOMES, ("Public Health", "Nurses"))
    assert (plan.items, plan.new_units, plan.unchanged) == ((), (), 2)
    (new,) = plan.unusable
    assert new.problems[0].problem.startswith("This unit begins on ")
    assert "2 rows name units that begin later." in " ".join(one.plain for one in sentences_of(plan))
    after = read_state(session, sefton, on=NEXT_YEAR)
    assert after.units_to_begin == {}


def test_a_reorganisation_that_was_undone_leaves_no_names_to_come(
    session: Session, sefton: Organisation, homes: Unit
) -> None:
    row = reorganised(session, homes, Rename(homes.id, "Residential"), on=NEXT_YEAR)
    undo(session, row=row, by=None, now=LATER)
    assert read_state(session, sefton, on=LATER.date()).coming_units == {}
