"""Work out which reminders are owed today, and note them."""

from app.jobs.task_loop import work_off
from app.platform.extensions import db
from app.platform.queue import ring
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from assignments.reminders.daily import REMINDERS
from assignments.reminders.noting import note_owed
from assignments.reminders.owed import owed_on
from kernel.clock import local_day, utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, extend, finish
from messages.ledger import SEND_MESSAGES
from people.organisations import get_organisation


def note_reminders() -> None:
    """Note what every authority owes, portion by portion: a killed worker costs one, and what is noted stays once."""
    work_off(REMINDERS, _note)
    ring(SEND_MESSAGES)


def _note(claimed: Claim[BackgroundTask]) -> None:
    session, now = db.session(), utc_now()
    (row,) = claimed.rows
    organisation_id = get_organisation(session, slug=row.subject).id
    ways = ways_here()
    for portion in owed_on(session, organisation_id=organisation_id, on=local_day(now)):
        with unit_of_work() as work:
            extend(work.session, claimed, now=utc_now())
            note_owed(work.session, portion, now=now, ways=ways)
    with unit_of_work() as work:
        finish(work.session, claimed)
