"""Halton, which asks for a course since long ago, and its HR lead."""

from datetime import UTC, datetime

import pytest

from assignments.requirements import require_course
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation

LONG_AGO = datetime(2023, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


@pytest.fixture
def course(session, halton):
    published = a_course(session)
    require_course(session, course_id=published.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    return published


@pytest.fixture
def lead(session, browser, care):
    """The browser of Halton's HR lead, who holds no job in it and so is in no figure."""
    return browser.enter_as(an_account(session, a_person(session, name="Ayọ̀ Lead"), Role.HR_LEAD, unit=care))
