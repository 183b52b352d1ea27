"""Jobs that older code added while an upgrade lasted are taken over."""

from datetime import timedelta

import pytest
from sqlalchemy import Date, bindparam, select, text

from people.counting import LeftOut, people_of
from people.jobs.adopting import adopt_jobs
from people.jobs.changes import ChangeOrigin, EmploymentChange
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_organisation, change_job, job_of

OLD_CODE = text(
    "INSERT INTO employment (person_id, organisation_id, unit_id, payroll_number, job_title, grade, kind, is_main,"
    " starts_on, away_from) VALUES (:person, :organisation, :unit, 'X1', 'Officer', '', 'employee', true, :on, :away)"
).bindparams(bindparam("on", type_=Date), bindparam("away", type_=Date))


@pytest.fixture
def unit(session):
    return a_unit(session, an_organisation(session))


def left_out(session, person):
    people = people_of(organisation_id=None, on=TODAY)
    return session.execute(select(people.c.unit_id, people.c.left_out).where(people.c.person_id == person.id)).all()


@pytest.mark.parametrize(("away", "reason"), [(None, None), (TODAY - timedelta(days=3), LeftOut.AWAY)])
def test_a_job_that_older_code_added_counts_as_soon_as_it_is_taken_over(session, unit, away, reason):
    person = a_person(session)
    values = {
        "person": person.id,
        "organisation": unit.organisation_id,
        "unit": unit.id,
        "on": TODAY - timedelta(days=9),
    }
    session.execute(OLD_CODE, {**values, "away": away})
    assert left_out(session, person) == []
    assert adopt_jobs(session, now=NOON, most=10) == 1
    assert left_out(session, person) == [(unit.id, reason)]
    assert adopt_jobs(session, now=NOON, most=10) == 0
    assert set(session.scalars(select(EmploymentChange.origin))) == {ChangeOrigin.MIGRATION}


def test_a_job_of_the_record_is_left_alone(session, unit):
    person = a_person(session, unit)
    change_job(session, job_of(session, person), TODAY, held=False)
    assert adopt_jobs(session, now=NOON, most=10) == 0
