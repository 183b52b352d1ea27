"""Who is past their own date: counted by the one function, on the page of a list and in every file alike."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule, Measure, Since
from assignments.plans import find_plan
from assignments.requests.record import TimeGiven
from assignments.requirements import Asking, require_course
from courses.catalogue.versions import PublishOutcome
from kernel.clock import LOCAL
from kernel.errors import RuleBroken
from people.jobs.absences import Absence, AbsenceKind
from people.jobs.employment import Employment
from people.organisations import Organisation, Unit, UnitKind
from reports.answers.answering import answer
from reports.answers.plain import plain
from reports.csv_export import completion_csv
from reports.figures import definition as figures
from reports.figures.definition import By, Cut, FigureDefinition
from reports.listing.people_states import ids_of_people
from reports.listing.wanted import LearningState, ListOfPeople, Wanted
from tests.builders.region import TODAY, a_course, a_unit, an_organisation
from tests.reports.taken_course import people_in

NOW = datetime.combine(TODAY, datetime.min.time(), LOCAL)
LONG_AGO = NOW - timedelta(days=400)
YESTERDAY = TODAY - timedelta(days=1)


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


def ask(session: Session, halton: Organisation, course: PublishOutcome, due: DueRule) -> ListOfPeople:
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=LONG_AGO,
        asking=Asking(due=due),
    )
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    return ListOfPeople(halton.id, (), course.course_id, plan, TODAY)


def late_by_unit(session: Session, cut: Cut | None = None) -> dict[str, int]:
    asked = FigureDefinition("halton", "test-course", TODAY, cut or Cut(), figures.Measure.PAST_DATE)
    found = answer(session, asked, now=NOW)
    said = {one["name"]: one.get("past_their_date") for one in plain(found)["groups"]}
    csv = "".join(completion_csv(found))
    assert ("past their date" in csv) is found.has_late
    return {name: late for name, late in said.items() if late is not None}


def test_who_has_not_finished_is_late_by_unit_with_what_is_below_and_in_the_list(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    of = ask(session, halton, course, DueRule(day=YESTERDAY))
    found = late_by_unit(session)
    assert {name: found[name] for name in ("Halton Borough Council", "Adult Social Care", "Home Care", "Parks")} == {
        "Halton Borough Council": 25,
        "Adult Social Care": 25,
        "Home Care": 15,
        "Parks": 0,
    }
    assert len(ids_of_people(session, of, Wanted(LearningState.PAST_DATE))) == 25
    assert sum(late_by_unit(session, Cut(By.CONTRACT)).values()) == 50


def test_leave_and_time_that_was_given_move_the_date_of_one_person(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    of = ask(session, halton, course, DueRule(day=YESTERDAY))
    first, second, third = ids_of_people(session, of, Wanted(LearningState.PAST_DATE))[:3]
    given = {"organisation_id": halton.id, "course_id": course.course_id, "given_at": NOW - timedelta(days=3)}
    session.add(TimeGiven(person_id=first, until=TODAY, **given))
    session.add(TimeGiven(person_id=second, until=TODAY, taken_back_at=NOW - timedelta(days=1), **given))
    job = session.scalars(select(Employment.id).where(Employment.person_id == third)).one()
    before = TODAY - timedelta(days=60)
    session.add(
        Absence(employment_id=job, kind=AbsenceKind.LONG_LEAVE, starts_on=before, ends_on=TODAY - timedelta(days=20))
    )
    session.flush()
    assert late_by_unit(session)["Halton Borough Council"] == 23
    assert first not in ids_of_people(session, of, Wanted(LearningState.PAST_DATE))


def test_by_a_rule_of_their_own_each_is_looked_at(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    ask(session, halton, course, DueRule(since=Since.ASKED, count=30, measure=Measure.DAYS))
    assert late_by_unit(session)["Halton Borough Council"] == 25


@pytest.mark.parametrize("due_on", [None, TODAY, TODAY + timedelta(days=30)])
def test_nobody_is_counted_where_no_date_is_over(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit], due_on: date | None
) -> None:
    ask(session, halton, course, DueRule(day=due_on))
    assert sum(late_by_unit(session).values()) == 0


def test_of_a_day_that_is_over_it_is_refused_in_words(
    session: Session, halton: Organisation, course: PublishOutcome, units: tuple[Unit, Unit, Unit]
) -> None:
    asked = FigureDefinition("halton", "test-course", YESTERDAY, measure=figures.Measure.PAST_DATE)
    with pytest.raises(RuleBroken):
        answer(session, asked, now=NOW)
