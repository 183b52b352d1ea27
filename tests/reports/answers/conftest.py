"""Halton with a record that began long ago, and a course that it asks for."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from assignments.requirements import require_course
from people.persons import Person
from tests.builders.region import NOON, a_course, a_unit, an_organisation

LONG_AGO = NOON - timedelta(days=900)


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
def record_begins_long_ago(session):
    """Call it once everybody is there."""
    return lambda: session.execute(update(Person).values(created_at=LONG_AGO))
