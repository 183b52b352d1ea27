"""Figures of days that are over, as the record of people has them: jobs, units and programmes of that day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from assignments.requirements import require_course
from courses.catalogue.versions import courses_by_id, get_course
from kernel.errors import NotFound
from people.organisations import UnitKind
from people.persons import Person
from reports.completion import counted_groups
from reports.csv_export import completion_csv, file_name
from reports.earlier_days import (
    earlier_figures,
    first_day_of_record,
)
from reports.figures.definition import in_unit
from tests.builders.programmes import a_programme, complete
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation, change_job, job_of
from tests.reports.taken_course import people_in

OCTOBER = date(2026, 10, 31)


@pytest.fixture
def halton(session):
    return an_organisation(session)


def of_october(session, organisation, **options):
    course = get_course(session, slug="test-course")
    return earlier_figures(session, organisation=organisation, course=course, on=OCTOBER, now=NOON, **options)


def test_people_stand_where_they_worked_that_day(session, halton):
    course = a_course(session)
    care, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    movers = people_in(session, care, 62, course=course, complete=30)
    people_in(session, parks, 58)
    for one in movers[:20]:
        change_job(session, job_of(session, one), TODAY, unit_id=parks.id)
    shown = {one.name: one.counts.people for one in of_october(session, halton).total.children}
    assert shown == {"Adult Social Care": 60, "Parks": 60}
    exact = counted_groups(session, organisation=halton, course_id=course.course_id, on=TODAY).total
    assert {one.name: one.counts.people for one in exact.children} == {"Adult Social Care": 42, "Parks": 78}


def test_a_programme_has_figures_of_days_that_are_over(session, halton):
    course, care = a_course(session), a_unit(session, halton)
    key = a_programme(session, halton, (course.course_id,), name="First weeks", at=NOON - timedelta(days=200))
    for one in people_in(session, care, 62)[:30]:
        complete(session, one, course.course_id, NOON - timedelta(days=100))
    asked = {"course_id": key, "organisation_ids": [halton.id], "account_id": None}
    require_course(session, **asked, now=NOON - timedelta(days=200))
    programme = courses_by_id(session, course_ids=[key])[key]
    found = earlier_figures(session, organisation=halton, course=programme, on=OCTOBER, now=NOON)
    assert (found.course_title, found.total.counts.people, found.total.counts.complete) == ("First weeks", 60, 30)


def test_the_record_begins_with_the_first_person_who_was_entered(session, halton):
    assert first_day_of_record(session, organisation_id=halton.id) is None
    a_person(session, a_unit(session, halton))
    assert first_day_of_record(session, organisation_id=halton.id) == TODAY


def test_a_unit_of_another_authority_is_not_there(session, halton):
    other = a_unit(session, an_organisation(session, "sefton", "Sefton"))
    a_course(session)
    with pytest.raises(NotFound):
        of_october(session, halton, cut=in_unit(other.id))


def test_files_say_in_every_line_which_day_it_was(session, halton):
    a_course(session)
    care = a_unit(session, halton)
    people_in(session, a_unit(session, halton, "Home", parent=care, kind=UnitKind.SERVICE), 12)
    people_in(session, care, 60)
    figures = of_october(session, halton)
    heading, *lines = "".join(completion_csv(figures)).splitlines()
    assert heading.endswith("people,complete,not finished,complete percent,as at,note")
    assert lines[0].endswith("70,0,70,,2026-10-31,To the nearest 10")
    assert lines[-1].endswith("not shown,not shown,not shown,not shown,2026-10-31,Fewer than 50 people")
    assert file_name(figures, "csv") == "halton-test-course-version-1-2026-10-31.csv"


def test_any_day_is_answered_by_the_units_of_that_day(session, halton):
    course = a_course(session)
    care = a_unit(session, halton)
    people_in(session, care, 60, course=course, complete=30, at=NOON - timedelta(days=60))
    session.execute(update(Person).values(created_at=NOON - timedelta(days=400)))
    found = earlier_figures(
        session, organisation=halton, course=get_course(session, slug="test-course"), on=date(2026, 11, 5), now=NOON
    )
    assert [(one.counts.people, one.counts.complete, one.counts.on) for one in found.total.walk()] == [
        (60, 30, OCTOBER),
        (60, 30, OCTOBER),
    ]
    assert all(reason.people is None for reason in found.left_out.reasons)
