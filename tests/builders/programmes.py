"""Short ways to programmes for tests."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assignments.programmes.making import Draft, make_programme
from assignments.requirements import Asking, require_course
from courses.catalogue.versions import get_current_version
from courses.records.completion import record_completion
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import COURSE, FIRST, NOON, QUESTIONS, SECOND, a_course

# Programmes are there before anybody is asked, and before anything is completed in most tests.
MADE = NOON - timedelta(days=30)


def another_course(session: Session, code: str, title: str, slug: str = "") -> int:
    """A published course like the test course, under another name."""
    course = COURSE.replace("id: TC", f"id: {code}").replace("slug: test-course", f"slug: {slug or code.lower()}")
    course = course.replace("Test course", title)
    parts = {"first": FIRST, "second": SECOND, "questions": QUESTIONS}
    published = a_course(
        session, course=course, **{name: text.replace("TC-", f"{code}-") for name, text in parts.items()}
    )
    return published.course_id


def a_programme(
    session: Session,
    organisation: Organisation,
    *steps: tuple[int, ...],
    name: str = "First weeks",
    at: datetime = MADE,
) -> int:
    """A programme with these steps; returns the id by which it is asked for."""
    draft = Draft(name, steps)
    return make_programme(session, draft, organisation_id=organisation.id, account_id=None, now=at).course_id


def ask_for(session: Session, organisation: Organisation, course_id: int, asking: Asking | None = None) -> None:
    require_course(
        session,
        course_id=course_id,
        organisation_ids=[organisation.id],
        account_id=None,
        now=NOON,
        asking=asking or Asking(),
    )


def complete(session: Session, person: Person, course_id: int, at: datetime, *, cycle: int = 1) -> None:
    """Let somebody complete a course, on its newest version."""
    version = get_current_version(session, course_id=course_id)
    record_completion(
        session, person_id=person.id, course_id=course_id, cycle=cycle, course_version_id=version.id, now=at
    )
