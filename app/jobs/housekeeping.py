"""Every minute: find promises whose bell was lost, and facts that lack their consequence."""

from datetime import timedelta

from flask import current_app

from app.badges import are_badges_made
from app.jobs.certificate_archives import delete_old_archives
from app.jobs.messages import find_messages
from app.queue import ring
from app.wiring import promise_certificate
from app.work import unit_of_work
from certificates.archive_making import give_up_deadly
from certificates.badges.status import owe_ageing_lists
from certificates.owing import completions_without_certificate
from certificates.rendering import RENDER_CERTIFICATES, is_any_due, park_deadly
from kernel.clock import utc_now
from kernel.outbox import jobs_with_open_promises
from reports.items.snapshots import COUNT_ITEMS, promise_due_counts

PATIENCE = timedelta(seconds=30)
AT_ONCE = 500


def keep_house() -> None:
    """Issue what was never issued, park what kills its workers, ring for what is due. Safe at any time, twice too."""
    with unit_of_work() as work:
        missing = completions_without_certificate(work.session, limit=AT_ONCE)
        for completion_id in missing:
            promise_certificate(completion_id, work)
        parked = park_deadly(work.session, now=utc_now())
        give_up_deadly(work.session, now=utc_now())
        if are_badges_made():
            owe_ageing_lists(work.session, now=utc_now())
        counts = promise_due_counts(work.session, now=utc_now())
        if counts:
            work.ring_after_commit(COUNT_ITEMS)
        open_jobs = jobs_with_open_promises(work.session, now=utc_now(), older_than=PATIENCE)
        is_due = is_any_due(work.session, now=utc_now())
        find_messages(work, now=utc_now())
    delete_old_archives()
    if missing:
        current_app.logger.warning("%s completions had no certificate: issued now", len(missing))
    if parked:
        current_app.logger.error("%s certificates are parked: their workers died each time", parked)
    for job in open_jobs:
        if job != RENDER_CERTIFICATES or is_due:
            ring(job)
