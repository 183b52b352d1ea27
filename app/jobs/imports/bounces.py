"""Read the mail that came back, and mark the addresses that do not work."""

from datetime import datetime
from hashlib import sha256

from flask import current_app

from app.platform.mail.bounce_boxes import BoxUnavailable, find_bounce_box
from app.platform.mail.message_ids import find_message_id
from app.platform.queue import READ_BOUNCES
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.unit_of_work import UnitOfWork
from messages.bounces.reports import Report, reports_in
from messages.bounces.taking_in import take_in

# Mail that came back is looked at every so many minutes.
EACH = 5


def ring_for_bounces(work: UnitOfWork, *, now: datetime) -> None:
    """Have mail that came back read, every five minutes, where somebody said where it is."""
    if now.minute % EACH == 0 and find_bounce_box() is not None:
        work.ring_after_commit(READ_BOUNCES)


def read_bounces() -> None:
    """Take in every report that was not looked at yet. Each is marked after the commit, so that none is lost; read
    twice, it counts once."""
    box = find_bounce_box()
    if box is None:
        return
    try:
        with box.open() as opened:
            for key, data in opened.unread():
                _take(data)
                opened.mark(key)
    except BoxUnavailable as problem:
        current_app.logger.warning("Mail that came back cannot be read: %s", problem)


def _take(data: bytes) -> None:
    digest = sha256(data).hexdigest()
    for report in reports_in(data):
        with unit_of_work() as work:
            found = take_in(work.session, report, message_id=_message_of(report), sha256=digest, now=utc_now())
        current_app.logger.info("A report about a mail: %s, %s", report.status, found.value)


def _message_of(report: Report) -> int | None:
    ids = (find_message_id(one) for one in report.message_ids)
    return next((one for one in ids if one is not None), None)
