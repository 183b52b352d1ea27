"""A whole course as one person reads it, for the pages beside its screens: the glossary and the print version."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import who
from app.learn.rendering import ReadyCourse, ready_course
from courses.attempts import find_attempt_with_locality
from courses.catalogue import document_of, get_course, get_current_version
from courses.content.model import CourseDocument
from courses.content.role_places import as_given_to
from courses.local_text import locality_of
from courses.opening import opening_for
from courses.role_questions import document_for
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@dataclass(frozen=True)
class WholeCourse:
    """The course in the words of a person's authority. ``given`` is it without the questions they do not get."""

    ready: ReadyCourse
    given: CourseDocument

    @property
    def document(self) -> CourseDocument:
        """The version that they began, or else the newest."""
        return self.ready.document


def get_whole_course(session: Session, slug: str) -> WholeCourse:
    """The course as the person at the keyboard reads it. Raises ``NotFound``, also while it is not open to them."""
    person_id, now = who().person_id, utc_now()
    found = find_attempt_with_locality(session, person_id=person_id, slug=slug, on=local_day(now))
    if found is not None:
        attempt, locality = found
        ready = ready_course(session, attempt.document(session), attempt.fingerprint, locality)
        return WholeCourse(ready, document_for(session, attempt))
    newest = get_current_version(session, course_id=get_course(session, slug=slug).id)
    if not opening_for(session, person_id=person_id, version=newest, now=now).is_open:
        raise NotFound(f"{slug}, which is not open yet")
    document = document_of(session, version_id=newest.id, fingerprint=newest.fingerprint)
    locality = locality_of(session, person_id=person_id, on=local_day(now))
    return WholeCourse(ready_course(session, document, newest.fingerprint, locality), as_given_to(document, ()))
