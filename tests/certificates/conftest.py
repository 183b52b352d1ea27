"""A completion, its certificate and an empty shelf of moulds, for the tests of this room."""

import pytest
from sqlalchemy.orm import Session

from certificates import pdf
from certificates.issuing import Certificate, issue_for_completion
from certificates.moulds import Mould, Shelf
from courses.completion import CourseCompleted, record_completion
from tests.builders import NOON, a_course, a_person, a_unit, an_organisation


@pytest.fixture
def completion(session: Session) -> int:
    """A completion made on the platform."""
    course = a_course(session)
    person = a_person(session, a_unit(session, an_organisation(session)), "Ọláyínká Nguyễn-Siân")
    events = record_completion(
        session,
        person_id=person.id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    assert [type(event) for event in events] == [CourseCompleted]
    return events[0].completion_id


@pytest.fixture
def issued(session: Session, completion: int) -> Certificate:
    """A certificate whose file is wanted."""
    outcome = issue_for_completion(session, completion_id=completion, now=NOON)
    return session.get_one(Certificate, outcome.certificate_id)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """An empty one: what other tests have drawn decides nothing here."""
    monkeypatch.setattr(pdf, "_shelf", Shelf())
    return pdf._shelf


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The holders whose certificates came from a mould."""
    found, fill = [], Mould.fill

    def noted(self, blanks, code, room=None):
        data = fill(self, blanks, code, room)
        found.append(blanks.holder)
        return data

    monkeypatch.setattr(Mould, "fill", noted)
    return found
