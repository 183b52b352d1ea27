"""What happens next. Four different things can complete a course; none of them knows that certificates exist."""

from certificates.announcing import announce_when_ready
from certificates.issuing import IssueOutcome, issue_for_completion
from certificates.rendering import RENDER_CERTIFICATES
from courses.completion import CourseCompleted
from kernel import outbox
from kernel.clock import utc_now
from kernel.unit_of_work import EventHandlers, UnitOfWork


def issue_certificate(event: CourseCompleted, work: UnitOfWork) -> None:
    """A completed course may earn a certificate: its row, the promise of its file, and a bell for after the commit."""
    promise_certificate(event.completion_id, work)


def promise_certificate(completion_id: int, work: UnitOfWork) -> None:
    """Issue a completion's certificate if it earns one and has none, and owe its file."""
    now = utc_now()
    outcome = issue_for_completion(work.session, completion_id=completion_id, now=now)
    if outcome is not None and outcome.is_new:
        promise_file(outcome, work)


def promise_file(outcome: IssueOutcome, work: UnitOfWork) -> None:
    """Owe the file of a certificate that was just issued, for the first time or anew, and the news of it."""
    now = utc_now()
    outbox.promise(work.session, job=RENDER_CERTIFICATES, subject=str(outcome.certificate_id), now=now)
    announce_when_ready(work.session, certificate_ids=[outcome.certificate_id], now=now)
    work.ring_after_commit(RENDER_CERTIFICATES)


EVENT_HANDLERS: EventHandlers = {CourseCompleted: (issue_certificate,)}
