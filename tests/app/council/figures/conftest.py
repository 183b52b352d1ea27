"""Halton, which asks for a course since long ago, and its HR lead."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from assignments.requirements import require_course
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reports.taken_course import people_in

LONG_AGO = datetime(2023, 5, 4, 12, tzinfo=UTC)


def staff(session, unit, how_many, course=None, **states):
    """So many people of a unit since long ago, ``complete``, ``started`` or not."""
    return people_in(session, unit, how_many, course=course, at=LONG_AGO, **states)


def csv_rows(page):
    """The lines of a CSV file that was downloaded."""
    text = page.response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text, newline="")))


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
