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
from messages.bounces.looks import note_look
from messages.bounces.reports import Report, reports_in
from messages.bounces.taking_in import take_in

# Mail that came back is looked at every so many minutes.
EACH = 5
MOST_AT_ONCE = 200


def ring_for_bounces(work: UnitOfWork, *, now: datetime) -> None:
    """Have mail that came back read, every five minutes, where somebody said where it is."""
    if now.minute % EACH == 0 and find_bounce_box() is not None:
        work.ring_after_commit(READ_BOUNCES)


def read_bounces() -> None:
    """Take in every report that was not looked at yet. Each is marked after the commit, so that none is lost; read
    twice, it counts once. What cannot be read stays where it is, is counted, and holds up nothing else."""
    box = find_bounce_box()
    if box is None:
        return
    read = unreadable = 0
    problem: str | None = None
    try:
        with box.open() as opened:
            for key, data in opened.unread():
                if data is None or not _take(data):
                    unreadable += 1
                    continue
                opened.mark(key)
                read += 1
                if read == MOST_AT_ONCE:
                    break
    except BoxUnavailable as found:
        problem = str(found)
        current_app.logger.warning("Mail that came back cannot be read: %s", problem)
    with unit_of_work() as work:
        note_look(work.session, place=box.place, read=read, unreadable=unreadable, problem=problem, now=utc_now())


def _take(data: bytes) -> bool:
    """Take in what a mail reports; whether it could be read."""
    try:
        reports = reports_in(data)
    except Exception as problem:
        # Anybody may write to this address, and a mail that nobody foresaw must not keep the others unread.
        current_app.logger.error("A mail that came back cannot be read", exc_info=problem)
        return False
    digest = sha256(data).hexdigest()
    for report in reports:
        with unit_of_work() as work:
            found = take_in(work.session, report, message_id=_message_of(report), sha256=digest, now=utc_now())
        current_app.logger.info("A report about a mail: %s, %s", report.status, found.value)
    return True


def _message_of(report: Report) -> int | None:
    ids = (find_message_id(one) for one in report.message_ids)
    return next((one for one in ids if one is not None), None)
