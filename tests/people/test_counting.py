"""Who counts towards an authority's figure, and who is left out and why."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from people.counting import REASONS, LeftOut, people_of
from people.jobs.terms import EmploymentKind
from tests.builders.region import TODAY, a_person, a_unit, an_employment, an_organisation

DAY = timedelta(days=1)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


def people_on(session, organisation, day=TODAY):
    """Each person's unit, or the reason why they do not count."""
    people = people_of(organisation_id=organisation.id, on=day)
    rows = session.execute(select(people.c.person_id, people.c.unit_id, people.c.left_out)).all()
    assert len({row.person_id for row in rows}) == len(rows)
    return {row.person_id: row.left_out or row.unit_id for row in rows}


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ({}, None),
        ({"kind": EmploymentKind.CASUAL}, None),
        ({"starts_on": TODAY}, None),
        ({"ends_on": TODAY}, None),
        ({"ends_on": TODAY - DAY}, LeftOut.LEFT),
        ({"starts_on": TODAY + DAY}, LeftOut.NOT_STARTED_YET),
        ({"kind": EmploymentKind.AGENCY}, LeftOut.AGENCY),
        ({"kind": EmploymentKind.ELECTED_MEMBER}, LeftOut.ELECTED_MEMBER),
        ({"away_from": TODAY}, LeftOut.AWAY),
        ({"away_from": TODAY - DAY, "away_until": TODAY}, LeftOut.AWAY),
        ({"away_from": TODAY + DAY}, None),
        ({"away_from": TODAY - 9 * DAY, "away_until": TODAY - DAY}, None),
        ({"kind": EmploymentKind.AGENCY, "ends_on": TODAY - DAY}, LeftOut.LEFT),
    ],
)
def test_a_job_counts_or_says_why_not(session, halton, care, job, reason):
    person = a_person(session, care, **job)
    assert people_on(session, halton) == {person.id: reason or care.id}


def test_two_jobs_in_one_authority_are_one_person_in_the_unit_of_the_main_job(session, halton, care):
    parks = a_unit(session, halton, "Parks")
    person = a_person(session, care, is_main=False, starts_on=date(2010, 1, 1))
    an_employment(session, person, parks, is_main=True)
    assert people_on(session, halton) == {person.id: parks.id}


def test_a_job_that_counts_wins_over_a_main_job_that_does_not(session, halton, care):
    parks = a_unit(session, halton, "Parks")
    person = a_person(session, care, is_main=True, kind=EmploymentKind.AGENCY)
    an_employment(session, person, parks, is_main=False)
    assert people_on(session, halton) == {person.id: parks.id}


def test_of_two_main_jobs_the_one_held_longest_speaks(session, halton, care):
    parks = a_unit(session, halton, "Parks")
    person = a_person(session, care, starts_on=date(2019, 1, 1))
    an_employment(session, person, parks, starts_on=date(2012, 1, 1))
    assert people_on(session, halton) == {person.id: parks.id}


def test_jobs_with_two_authorities_count_once_in_each(session, halton, care):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    libraries = a_unit(session, sefton, "Libraries")
    person = a_person(session, care)
    an_employment(session, person, libraries, is_main=False)
    assert people_on(session, halton) == {person.id: care.id}
    assert people_on(session, sefton) == {person.id: libraries.id}


def test_who_moves_to_another_authority_has_left_the_first(session, halton, care):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    libraries = a_unit(session, sefton, "Libraries")
    person = a_person(session, care, ends_on=TODAY - DAY)
    an_employment(session, person, libraries, starts_on=TODAY)
    assert people_on(session, halton) == {person.id: LeftOut.LEFT}
    assert people_on(session, halton, TODAY - DAY) == {person.id: care.id}
    assert people_on(session, sefton) == {person.id: libraries.id}


def test_who_left_and_came_back_counts(session, halton, care):
    person = a_person(session, care, ends_on=date(2022, 1, 1))
    parks = a_unit(session, halton, "Parks")
    an_employment(session, person, parks, starts_on=date(2025, 1, 1))
    assert people_on(session, halton) == {person.id: parks.id}


def test_a_person_without_a_job_here_is_nobody_here(session, halton):
    a_person(session)
    assert people_on(session, halton) == {}


def test_every_reason_has_its_words():
    assert set(REASONS) == set(LeftOut)
