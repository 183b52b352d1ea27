"""A whole course as one person reads it, for the pages beside its screens: the glossary and the print version."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.course_pages.rendering import ReadyCourse, ready_course
from app.platform.access import who
from courses.catalogue.local_wording import local_wording_source_of
from courses.catalogue.versions import document_of, get_course, get_current_version
from courses.content.files.role_questions import as_given_to
from courses.content.model.course import CourseDocument
from courses.records.attempts import find_attempt_with_local_wording
from courses.taking.availability import opening_for
from courses.taking.role_questions import document_for
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
    found = find_attempt_with_local_wording(session, person_id=person_id, slug=slug, on=local_day(now))
    if found is not None:
        attempt, local_wording = found
        ready = ready_course(session, attempt.document(session), attempt.fingerprint, local_wording)
        return WholeCourse(ready, document_for(session, attempt))
    newest = get_current_version(session, course_id=get_course(session, slug=slug).id)
    if not opening_for(session, person_id=person_id, version=newest, now=now).is_open:
        raise NotFound(f"{slug}, which is not open yet")
    document = document_of(session, version_id=newest.id, fingerprint=newest.fingerprint)
    local_wording = local_wording_source_of(session, person_id=person_id, on=local_day(now))
    return WholeCourse(ready_course(session, document, newest.fingerprint, local_wording), as_given_to(document, ()))
