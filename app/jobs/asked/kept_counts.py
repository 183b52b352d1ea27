"""Count the month’s ends of an authority, keep what was found, and hold what was kept against it."""

from flask import current_app

from app.jobs.task_loop import work_off
from app.platform.work import long_reading, unit_of_work
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, extend, finish
from people.organisations import get_organisation
from reports.kept.keeping import keep
from reports.kept.record import close_days
from reports.month_ends.checking import count_again
from reports.month_ends.due import KEPT_COUNTS, day_to_close, due_counts


def keep_counts() -> None:
    """Every authority whose counts are wanted. Raises ``TasksFailed`` at the end."""
    work_off(KEPT_COUNTS, _keep)


def _keep(claimed: Claim[BackgroundTask]) -> None:
    (row,) = claimed.rows
    last = day_to_close(utc_now())
    with unit_of_work() as work:
        # By itself: what is counted afterwards sees everything about these days, or a mark of it.
        if last is not None and not close_days(work.session, last, now=utc_now()):
            current_app.logger.info("Somebody changes the past: the month is closed at the next try")
    with long_reading() as session:
        organisation_id = get_organisation(session, slug=row.subject).id
        due = due_counts(session, organisation_id=organisation_id, now=utc_now())
    for course_id, on in due:
        # Read outside a unit of work: on SQLite nobody could answer anything while one is open.
        with long_reading() as session:
            found = count_again(session, organisation_id=organisation_id, course_id=course_id, on=on, now=utc_now())
        with unit_of_work() as work:
            extend(work.session, claimed, now=utc_now())
            if found is not None:
                keep(work.session, found.count, difference=found.difference)
    with unit_of_work() as work:
        finish(work.session, claimed)
