"""Which job speaks for a person on a day, and what it is then."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from people.counting import LeftOut, people_of
from people.jobs.reading import find_main_employment, jobs_on
from tests.builders.region import TODAY, a_person, a_unit, an_employment, an_organisation, change_job, job_of

DAY = timedelta(days=1)
MARCH = date(2026, 3, 31)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


@pytest.fixture
def parks(session, halton):
    return a_unit(session, halton, "Parks")


def units_on(session, organisation, day):
    people = people_of(organisation_id=organisation.id, on=day)
    return dict(session.execute(select(people.c.person_id, people.c.unit_id)).all())


def test_a_person_stands_in_the_unit_of_the_day_that_is_asked_about(session, halton, care, parks):
    person = a_person(session, care)
    before = units_on(session, halton, MARCH)
    change_job(session, job_of(session, person), date(2026, 9, 1), unit_id=parks.id)
    assert units_on(session, halton, MARCH) == before == {person.id: care.id}
    assert units_on(session, halton, TODAY) == {person.id: parks.id}


def test_a_correction_of_that_day_moves_the_person(session, halton, care, parks):
    person = a_person(session, care)
    change_job(session, job_of(session, person), MARCH, unit_id=parks.id)
    assert units_on(session, halton, MARCH - DAY) == {person.id: care.id}
    assert units_on(session, halton, MARCH) == {person.id: parks.id}


def test_who_left_stands_where_they_worked_last(session, halton, care, parks):
    person = a_person(session, care)
    job = job_of(session, person)
    change_job(session, job, date(2026, 1, 1), unit_id=parks.id)
    change_job(session, job, date(2026, 5, 1), held=False)
    people = people_of(organisation_id=halton.id, on=TODAY)
    assert session.execute(select(people.c.unit_id, people.c.left_out)).one() == (parks.id, LeftOut.LEFT)


def test_of_jobs_that_ended_the_one_that_ended_last_speaks(session, care, parks):
    person = a_person(session, care, ends_on=TODAY - 9 * DAY)
    newer = an_employment(session, person, parks, ends_on=TODAY - DAY, is_main=False)
    an_employment(session, person, care, starts_on=TODAY + DAY)
    found = find_main_employment(session, person_id=person.id, on=TODAY)
    assert found is not None
    assert found.employment_id == newer.id


def test_of_jobs_to_come_the_next_one_speaks(session, care, parks):
    person = a_person(session, care, starts_on=TODAY + 9 * DAY)
    sooner = an_employment(session, person, parks, starts_on=TODAY + DAY, is_main=False)
    found = find_main_employment(session, person_id=person.id, on=TODAY)
    assert found is not None
    assert found.employment_id == sooner.id


def test_the_job_held_longest_is_held_since_its_first_day_and_not_since_its_newest_terms(session, halton, care, parks):
    person = a_person(session, care, starts_on=date(2010, 1, 1))
    job = job_of(session, person)
    an_employment(session, person, parks, starts_on=date(2015, 1, 1))
    change_job(session, job, TODAY, grade="G9")
    assert units_on(session, halton, TODAY) == {person.id: care.id}


def test_each_job_is_one_row_with_its_own_last_day_and_stands_in_the_order_of_the_person(session, care, parks):
    person = a_person(session, care)
    job = job_of(session, person)
    change_job(session, job, TODAY + DAY, unit_id=parks.id)
    second = an_employment(session, person, parks, is_main=False, ends_on=TODAY - DAY)
    jobs = jobs_on(TODAY)
    rows = session.execute(
        select(jobs.c.employment_id, jobs.c.unit_id, jobs.c.ends_on, jobs.c.terms_ends_on, jobs.c.is_held).order_by(
            jobs.c.place
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        (job.id, care.id, None, TODAY, True),
        (second.id, parks.id, TODAY - DAY, TODAY - DAY, False),
    ]


def test_somebody_who_never_had_a_job_has_none(session):
    assert find_main_employment(session, person_id=a_person(session).id, on=TODAY) is None
