"""Halton since long ago, with people who have finished, and its HR lead; and whatever a worker makes."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.jobs.papers.making import make_papers
from assignments.requirements import require_course
from courses.catalogue.versions import publish
from kernel.clock import local_day, utc_now
from people.persons import Person
from people.roles import Role
from tests.builders.mail_transport import give_address
from tests.builders.region import a_document, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import people_in

LONG_AGO = utc_now() - timedelta(days=900)
MONTH_END = local_day(utc_now()).replace(day=1) - timedelta(days=1)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def course(session, halton):
    made = publish(session, document=a_document(), account_id=None, now=LONG_AGO)
    require_course(session, course_id=made.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    return made


@pytest.fixture
def care(session, halton, course):
    care = a_unit(session, halton)
    people_in(session, care, 123, course=course, complete=64, at=LONG_AGO)
    people_in(session, a_unit(session, halton, "Mayor’s Office"), 3, course=course, complete=3, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return care


@pytest.fixture
def account(session, care):
    lead = give_address(session, a_person(session, name="Ayọ̀ Lead"))
    return an_account(session, lead, Role.HR_LEAD, unit=care)


@pytest.fixture
def lead(app, account):
    return Browser(app).enter_as(account)


@pytest.fixture
def work(app):
    """Let a worker make what is wanted."""

    def make():
        with app.app_context():
            make_papers()

    return make
