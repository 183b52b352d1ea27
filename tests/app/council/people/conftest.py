"""People of whom a course is asked."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome
from people.organisations import Unit
from people.persons import Person
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, a_course, a_person
from tests.reports.taken_course import finish


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def four(session: Session, unit: Unit, course: PublishOutcome) -> list[Person]:
    """Two who can be reached, one without an address and one who has finished."""
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[unit.organisation_id],
        account_id=None,
        now=NOON - timedelta(days=90),
        due_on=date(2024, 2, 29),
    )
    people = [a_person(session, unit, f"Person {letter}") for letter in "ABCD"]
    for number in (0, 1, 3):
        give_address(session, people[number], f"person{number}@halton.example")
    finish(session, course, people[3], unit, at=NOON)
    session.commit()
    return people
