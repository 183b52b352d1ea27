"""People who have just completed a course, and certificates of theirs, in one step each."""

from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate, issue_for_completion
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import CourseCompleted, record_completion
from kernel.tasks.kinds import TaskState
from tests.builders.region import NOON, a_course


def completed_by(session: Session, person_id: int, course: PublishOutcome | None = None, *, cycle: int = 1) -> int:
    """The id of the completion of a course on the platform, the test course unless another is named."""
    course = course or a_course(session)
    (event,) = record_completion(
        session,
        person_id=person_id,
        course_id=course.course_id,
        cycle=cycle,
        course_version_id=course.version_id,
        now=NOON,
    )
    assert type(event) is CourseCompleted
    return event.completion_id


def issued_for(session: Session, completion_id: int) -> Certificate:
    """The certificate of a completion; its file is wanted."""
    outcome = issue_for_completion(session, completion_id=completion_id, now=NOON)
    assert outcome is not None
    return session.get_one(Certificate, outcome.certificate_id)


def issued_to(session: Session, person_id: int, course: PublishOutcome | None = None) -> Certificate:
    """The certificate of somebody who has just completed a course; its file is wanted."""
    return issued_for(session, completed_by(session, person_id, course))


def make_file(certificate: Certificate) -> Certificate:
    """As if a worker had made its PDF."""
    certificate.state, certificate.ready_at = TaskState.DONE, NOON
    certificate.storage_key, certificate.sha256, certificate.size_bytes = "certificates/none.pdf", "0" * 64, 60_000
    return certificate
