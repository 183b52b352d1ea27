"""Who is past their own date by unit, and who finished in the last whole weeks."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.plans import find_plan
from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome, get_course
from kernel.clock import LOCAL
from people.organisations import Organisation, Unit, UnitKind
from reports.completion import completion_figures
from reports.figures.definition import EVERYBODY, Cut, in_unit
from reports.groups import Group
from reports.listing.people_states import ListOfPeople
from reports.target.past_their_date import LateCounts, finished_lately, late_counts
from tests.builders.region import TODAY, a_course, a_unit, an_organisation
from tests.reports.taken_course import people_in

NOW = datetime.combine(TODAY, datetime.min.time(), LOCAL)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def units(session: Session, halton: Organisation, course: PublishOutcome) -> tuple[Unit, Unit, Unit]:
    """Care with 12 people directly in it and 20 in a service, and Parks with 30: of each some have finished."""
    care, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    for unit, people, complete in ((care, 12, 2), (home, 20, 5), (parks, 30, 30)):
        people_in(session, unit, people, course=course, complete=complete, at=LONG_AGO)
    return care, home, parks


def ask(session: Session, halton: Organisation, course: PublishOutcome, due_on: date | None) -> ListOfPeople:
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=LONG_AGO,
        due_on=due_on,
    )
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    return ListOfPeople(halton.id, (), course.course_id, plan, TODAY)


def group_of(session: Session, halton: Organisation, cut: Cut = EVERYBODY) -> Group:
    course = get_course(session, slug="test-course")
    return completion_figures(session, organisation=halton, course=course, on=TODAY, now=NOW, cut=cut).total


def counts_of(session: Session, of: ListOfPeople, group: Group) -> LateCounts:
    found = late_counts(session, of, group)
    assert found is not None
    return found


def test_who_has_not_finished_is_past_the_date_by_unit_and_with_what_is_below(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    of, whole = ask(session, halton, course, TODAY - timedelta(days=1)), group_of(session, halton)
    found = counts_of(session, of, whole)
    care, home, parks = units
    by_name = {group.unit_id: found.of(group) for group in whole.walk() if group.unit_id}
    assert (found.of(whole), by_name[care.id], by_name[home.id], by_name[parks.id]) == (25, 25, 15, 0)
    assert found.directly_in(care.id) == 10


def test_of_a_unit_its_own_branch_alone_is_read(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    of = ask(session, halton, course, TODAY - timedelta(days=1))
    _, home, _ = units
    found = counts_of(session, of, group_of(session, halton, in_unit(home.id)))
    assert found.by_unit == {home.id: 15}


@pytest.mark.parametrize("due_on", [None, TODAY, TODAY + timedelta(days=30)])
def test_nobody_is_counted_where_no_date_is_over(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit], due_on: date | None
) -> None:
    of = ask(session, halton, course, due_on)
    found = late_counts(session, of, group_of(session, halton))
    assert found is None or found.of(group_of(session, halton)) == 0


def test_who_finished_in_the_four_whole_weeks_before_this_one_is_counted_in_their_unit(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    care, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    monday = TODAY - timedelta(days=TODAY.isoweekday() - 1)
    days = {"this week": 0, "last week": 1, "four weeks ago": 28, "before them": 29}
    for unit, people in ((care, 3), (parks, 2)):
        for back in days.values():
            at = datetime.combine(monday - timedelta(days=back), datetime.min.time(), LOCAL) + timedelta(hours=12)
            people_in(session, unit, people, course=course, complete=people, at=at)
    of = ask(session, halton, course, None)
    assert finished_lately(session, of) == 2 * (3 + 2)
    assert finished_lately(session, of, unit_id=care.id) == 2 * 3
