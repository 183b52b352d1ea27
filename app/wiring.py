"""What happens next. A course is completed in several ways; none of them knows that certificates exist."""

from datetime import datetime

from assignments.ends import ends_of
from certificates.making.announcing import CERTIFICATE_READY
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.issuing import IssueOutcome, issue_for_completion
from courses.records.completion import CourseCompleted
from kernel.unit_of_work import EventHandlers, UnitOfWork
from messages.ledger import note_messages


def issue_certificate(event: CourseCompleted, work: UnitOfWork) -> None:
    """A completed course may earn a certificate, in the same moment."""
    ensure_certificate(event.completion_id, work, now=event.completed_at)


def ensure_certificate(completion_id: int, work: UnitOfWork, *, now: datetime) -> None:
    """Issue a completion's certificate if it earns one and has none, and owe its file."""
    ends = ends_of(work.session, [completion_id], now=now)
    outcome = issue_for_completion(work.session, completion_id=completion_id, now=now, ends_on=ends.get(completion_id))
    if outcome is not None and outcome.is_new:
        promise_file(outcome, work, now=now)


def promise_file(outcome: IssueOutcome, work: UnitOfWork, *, now: datetime) -> None:
    """Owe the file of a certificate that was just issued, for the first time or anew, and the news of it."""
    holder = {outcome.certificate_id: outcome.person_id}
    note_messages(work.session, kind=CERTIFICATE_READY, people=holder, now=now)
    work.ring_after_commit(RENDER_CERTIFICATES)


EVENT_HANDLERS: EventHandlers = {CourseCompleted: (issue_certificate,)}
