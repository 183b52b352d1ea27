"""The courses that the person at the keyboard has begun, ready to show in their authority’s words."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.course_pages.rendering import ReadyCourse, ready_course
from app.platform.access import who
from courses.catalogue.local_wording import local_wording_source_of
from courses.records.attempts import attempts_of
from kernel.clock import local_day, utc_now


def own_courses(session: Session) -> Iterator[ReadyCourse]:
    """From the one begun first to the newest, so that of two that define the same thing the newest can decide."""
    person_id = who().person_id
    local_wording = local_wording_source_of(session, person_id=person_id, on=local_day(utc_now()))
    for attempt in sorted(attempts_of(session, person_id=person_id).values(), key=lambda attempt: attempt.id):
        yield ready_course(session, attempt.document(session), attempt.fingerprint, local_wording)
