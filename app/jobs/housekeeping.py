"""Every minute: find promises whose bell was lost, and facts that lack their consequence."""

from datetime import datetime, timedelta

from flask import current_app

from app.jobs.certificate_archives import delete_old_archives
from app.jobs.imports.bounces import ring_for_bounces
from app.jobs.imports.sources import care_for_sources
from app.jobs.messages import find_messages
from app.jobs.papers.making import delete_old_papers, want_papers
from app.jobs.privacy.exports import delete_old_exports
from app.jobs.ways_in.making import delete_old_sheets
from app.jobs.ways_in.zipping import delete_old_zips
from app.platform.badge_settings import are_badges_made, badge_addresses
from app.platform.mail.transport import find_mail_transport
from app.platform.queue import ring
from app.platform.task_kinds import KINDS
from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from assignments.checking.record import COUNT_STANDINGS, want_counts
from assignments.reminders.daily import NOTE_REMINDERS, want_reminders
from assignments.requests.settling import settle
from certificates.badges.status import want_old_lists
from certificates.record.missing_certificates import completions_without_certificate
from kernel.audit_seals.sealing import SEAL_TRAIL
from kernel.audit_seals.seals import is_any_unsealed
from kernel.clock import local_day, utc_now
from kernel.tasks.control import late, park_lost
from kernel.unit_of_work import UnitOfWork
from messages.sending import MAIL
from people.account_care import end_due_roles
from people.feed.runs.record import being_applied
from people.jobs.adopting import adopt_jobs, number_jobs
from people.names.person_words import make_rest_searchable
from people.reorganisation.bringing_about import bring_about
from people.sessions import forget_old_sessions
from people.unsent_forms import forget_old_unsent
from people.ways_in.rounds import MAKE_WAYS_IN
from people.ways_in.settling import close_after_last_days
from people.ways_in.starters import give_starters_ways_in
from privacy.leaving.record import MAKE_EXPORTS, want_exports
from privacy.retention.applying import APPLY_RETENTION, want_daily
from reports.items.snapshots import COUNT_ITEMS, ask_for_due_counts
from reports.month_ends.due import KEEP_COUNTS, want_kept

PATIENCE = timedelta(seconds=30)
AT_ONCE = 500
PEOPLE_AT_ONCE = 2_000

# What deletes the files whose time is over.
OLD_FILES = (delete_old_archives, delete_old_sheets, delete_old_zips, delete_old_exports, delete_old_papers)


def run_housekeeping() -> None:
    """Issue what was never issued, park what kills its workers, ring for what is due. Safe at any time, twice too."""
    now = utc_now()
    with unit_of_work() as work:
        missing = completions_without_certificate(work.session, limit=AT_ONCE)
        for completion_id in missing:
            ensure_certificate(completion_id, work, now=now)
        parked = {kind.name: park_lost(work.session, kind, now=now) for kind in KINDS}
        if are_badges_made():
            want_old_lists(work.session, addresses=badge_addresses(), now=now)
        counts = ask_for_due_counts(work.session, now=now)
        if counts:
            work.ring_after_commit(COUNT_ITEMS)
        if is_any_unsealed(work.session):
            work.ring_after_commit(SEAL_TRAIL)
        if want_daily(work.session, now=now):
            work.ring_after_commit(APPLY_RETENTION)
        _want_daily_work(work, now)
        ring_for_bounces(work, now=now)
        care_for_sources(work, now=now)
        # What is mailed, and whether anything is, ``find_messages`` knows.
        others = [kind for kind in KINDS if kind is not MAIL]
        due = [kind.name for kind in others if late(work.session, kind, now=now, after=PATIENCE).count]
        find_messages(work, now=now)
        forget_old_sessions(work.session, now=now)
        forget_old_unsent(work.session, now=now)
        end_due_roles(work.session, now=now)
        close_after_last_days(work.session, on=local_day(now), now=now)
        bring_about(work.session, now=now)
        settle(work.session, now=now)
        sends_mail, busy = find_mail_transport() is not None, being_applied(work.session)
        if give_starters_ways_in(work.session, sends_mail=sends_mail, busy=busy, now=now):
            work.ring_after_commit(MAKE_WAYS_IN)
        adopted = adopt_jobs(work.session, now=now, most=AT_ONCE)
    with unit_of_work() as work:
        make_rest_searchable(work.session, most=PEOPLE_AT_ONCE)
        number_jobs(work.session, most=PEOPLE_AT_ONCE)
    for delete_old in OLD_FILES:
        delete_old()
    if adopted:
        current_app.logger.warning("%s jobs were added by code of the release before: taken over now", adopted)
    if missing:
        current_app.logger.warning("%s completions had no certificate: issued now", len(missing))
    for name, count in parked.items():
        if count:
            current_app.logger.error("%s of %s are parked: their workers died each time", count, name)
    for job in due:
        ring(job)


def _want_daily_work(work: UnitOfWork, now: datetime) -> None:
    """What is done once a day for each authority that asks for anything, and the reports whose day has come."""
    want_papers(work, now=now)
    for job, want in (
        (NOTE_REMINDERS, want_reminders),
        (COUNT_STANDINGS, want_counts),
        (KEEP_COUNTS, want_kept),
        (MAKE_EXPORTS, want_exports),
    ):
        if want(work.session, now=now):
            work.ring_after_commit(job)


# What waits in the queue from the release before is called by the name that it knew. The next release drops it.
keep_house = run_housekeeping
