"""Halton, a unit of it, a course, and somebody with a payroll number."""

import pytest

from tests.builders.region import a_course, a_person, a_unit, an_organisation


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


@pytest.fixture
def course(session):
    return a_course(session)


@pytest.fixture
def sian(session, care):
    return a_person(session, care, payroll_number="0001")
