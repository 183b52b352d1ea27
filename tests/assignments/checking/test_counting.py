"""The nightly count finds no difference where there is none, and names what was planted, with its cause."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assignments.audiences.rules import AllOf, HasCompleted, InUnit, IsNamed, Manages, Not, OnGrade, Started, TitleHas
from assignments.audiences.saved import add_audience
from assignments.checking import counting
from assignments.checking.counting import compare, next_people, ways_of
from assignments.checking.found import Cause, Found
from assignments.checking.record import StandingCount, find_open_count, newest_counts, want_counts, write_down
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.plans import Plan
from assignments.programmes.making import Draft, change_programme
from assignments.programmes.refreshers import Refresher
from assignments.requirements import Asking, require_course
from courses.catalogue.programmes import programmes_of
from courses.records.completion import record_completion
from kernel.database import table_of
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation
from people.persons import Person
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import (
    NOON,
    TODAY,
    a_course,
    a_follow_up,
    a_person,
    a_unit,
    an_organisation,
    change_job,
    job_of,
)

DAY = timedelta(days=1)
ON = TODAY + 300 * DAY


@pytest.fixture
def halton(session: Session) -> Organisation:
    """People of every kind, and two courses that are asked: one of an audience by many conditions."""
    halton = an_organisation(session)
    unit, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    boss = a_person(session, unit, grade="G7", job_title="Manager")
    people = [a_person(session, unit, manager_id=job_of(session, boss).id) for _ in range(4)]
    people.append(a_person(session, parks, payroll_number="NAMED"))
    change_job(session, job_of(session, people[0]), TODAY + 20 * DAY, grade="G7", hours_per_week=18.5)
    change_job(session, job_of(session, people[1]), TODAY + 20 * DAY, held=False)
    course, before = a_course(session), a_follow_up(session)
    for cycle, days in ((1, 1), (2, 200)):
        record_completion(
            session,
            person_id=people[2].id,
            course_id=course.course_id,
            cycle=cycle,
            course_version_id=course.version_id,
            now=NOON + days * DAY,
        )
    rule = AllOf(
        (
            Not(InUnit(parks.id)),
            Not(AllOf((OnGrade(("G7",)), Manages(), TitleHas(("manag",)), Started(TODAY - 9000 * DAY)))),
            Not(IsNamed(("NAMED",))),
            Not(HasCompleted(before.course_id)),
        )
    )
    audience_id = add_audience(session, organisation_id=halton.id, name="Some", rule=rule, account_id=None, now=NOON)
    period = PeriodRule(Lasts.MONTHS, 6, opens_days=20, runs_from=RunsFrom.OLD_END)
    for key, asking in ((course.course_id, Asking(None, period=period)), (before.course_id, Asking(audience_id))):
        require_course(session, course_id=key, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking)
    return halton


@pytest.fixture
def courses_of_several(session: Session, halton: Organisation) -> tuple[int, int]:
    """A programme that changed while it was asked, and a course that a shorter one renews; people who did some."""
    whole, short, law, other = (another_course(session, code, f"Course {code}") for code in ("W", "S", "L", "O"))
    programme = a_programme(session, halton, (whole, short), (law,))
    year = PeriodRule(Lasts.MONTHS, 5, opens_days=40, runs_from=RunsFrom.OLD_END)
    ask_for(session, halton, programme, Asking(period=year))
    ask_for(session, halton, whole, Asking(period=year, refresher=Refresher(short, 7)))
    people = session.scalars(select(Person).order_by(Person.id)).all()
    for place, person in enumerate(people):
        cycles = dict.fromkeys((whole, short, law, other), 0)
        for days, course in enumerate([whole, law, short, short, law, other, whole][place : place + 5]):
            cycles[course] += 1
            complete(session, person, course, NOON + (20 + 47 * days) * DAY, cycle=cycles[course])
    (held,) = programmes_of(session, halton.id)
    of = {"programme_id": held.programme_id, "organisation_id": halton.id, "by": None}
    change_programme(session, Draft(held.name, ((whole,), (other,))), seen=1, now=NOON + 160 * DAY, **of)
    return programme, whole


def found_in(session: Session, halton: Organisation) -> Found:
    ways = ways_of(session, organisation_id=halton.id, on=ON)
    return compare(session, ways, next_people(session, ways, after=0))


def test_both_ways_agree_of_people_of_every_kind(session: Session, halton: Organisation) -> None:
    found = found_in(session, halton)
    assert (found.people, found.compared, found.differences) == (6, 12, ())


def test_a_job_that_is_stored_otherwise_than_its_history_says_is_named(session: Session, halton: Organisation) -> None:
    person = session.scalars(select(Person).order_by(Person.id)).all()[3]
    job = job_of(session, person)
    table = table_of(EmploymentTerms)
    session.execute(update(table).where(table.c.employment_id == job.id).values(grade="G7"))
    found = found_in(session, halton)
    assert found.differences == (
        (Cause.JOB.value, f"Job {job.id} of person {person.id} is stored otherwise than its history says."),
    )


def test_figures_that_count_otherwise_than_explanations_are_named(
    session: Session, halton: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = session.scalars(select(Person).order_by(Person.id)).all()[1]
    monkeypatch.setattr(counting, "_finished_in_sets", lambda *_: frozenset({person.id}))
    causes = {(cause, words) for cause, words in found_in(session, halton).differences}
    assert (Cause.FINISHED.value, f"Person {person.id}, Test course: finished in figures alone.") in causes


@pytest.mark.parametrize("days", [0, 67, 114, 160, 161, 208, 255, 300])
def test_programmes_and_shorter_courses_are_counted_in_two_ways_too(
    session: Session, halton: Organisation, courses_of_several: tuple[int, int], days: int
) -> None:
    ways = ways_of(session, organisation_id=halton.id, on=TODAY + days * DAY)
    found = compare(session, ways, next_people(session, ways, after=0))
    assert (found.people, found.compared, found.differences) == (6, 24, ())


def test_a_programme_that_explanations_call_finished_too_early_is_named(
    session: Session, halton: Organisation, courses_of_several: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = Plan.completed_on
    yesterday = lambda plan, days: (ON - DAY,) if plan.programme else everything(plan, days)  # noqa: E731
    monkeypatch.setattr(Plan, "completed_on", yesterday)
    found = {words.partition(", ")[2] for _, words in found_in(session, halton).differences}
    assert found == {"First weeks: finished by their own explanation alone."}, courses_of_several


def test_a_count_goes_on_where_it_stopped_and_no_portion_counts_twice(session: Session, halton: Organisation) -> None:
    night = NOON + DAY
    assert want_counts(session, now=night)
    assert not want_counts(session, now=night), "once a night"
    count = find_open_count(session, organisation_id=halton.id)
    assert count is not None
    found = Found(6, 12, ((Cause.JOB.value, "Job 1 is stored otherwise."),))
    step = {"count_id": count.id, "found": found, "now": night}
    assert write_down(session, position=0, upto=6, **step)
    assert not write_down(session, position=0, upto=6, **step), "another worker took it"
    assert write_down(session, position=6, upto=None, count_id=count.id, found=Found(0, 0, ()), now=night)
    assert find_open_count(session, organisation_id=halton.id) is None
    ((row, name),) = newest_counts(session)
    assert (row.people, row.differences, name) == (6, {"job": 1}, halton.name)
    assert session.scalars(select(StandingCount.first)).all() == [["Job 1 is stored otherwise."]]
