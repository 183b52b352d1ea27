"""Send the messages that are due, one after the other, and find those that have become due."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from time import monotonic

from flask import current_app

from app.jobs.telling.composing import COMPOSERS, MAIL_ALONE, TO_ANOTHER_ADDRESS
from app.jobs.telling.texts import ring_for_texts
from app.platform.current_settings import current_settings
from app.platform.mail.rendering import BadAddress, render_mail
from app.platform.mail.transport import MailConnection, MailRefused, MailUnavailable, find_mail_transport
from app.platform.queue import ring
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from certificates.making.announcing import release_announcements
from courses.reflection.follow_up_messages import note_follow_ups
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, ClaimLost
from kernel.tasks.control import is_any_due
from kernel.unit_of_work import UnitOfWork
from messages.address_changes import forget_addresses, note_address_changes
from messages.bounces.record import find_dead_address
from messages.by_text.proving import forget_codes
from messages.by_text.sending import is_for_text
from messages.hr_files import note_hr_files
from messages.ledger import SEND_MESSAGES, DropReason, Message
from messages.new_cards import note_new_cards
from messages.sending import MAIL, claim_next, mark_dropped, mark_failed, mark_postponed, mark_sent, tidy
from people.persons import Person

# The queue ends a job after five minutes; a slow server may hold the last mail for most of three.
LONGEST_RUN_SECONDS = 100


def send_waiting() -> None:
    """Send what is due, as fast as the settings allow. When the server is away, stop: housekeeping rings again."""
    transport = find_mail_transport()
    if transport is None:
        return
    stop_at = monotonic() + LONGEST_RUN_SECONDS
    with transport.connection() as connection:
        while (claimed := _claim()) is not None:
            try:
                _deliver(claimed, connection)
            except MailUnavailable as problem:
                current_app.logger.warning("No mail can leave: %s", problem)
                _fail(claimed, str(problem), is_permanent=False, is_held_up=True)
                return
            if monotonic() > stop_at:
                ring(SEND_MESSAGES)
                return


def _claim() -> Claim[Message] | None:
    with unit_of_work() as work:
        by_mail = ~is_for_text(ways_here(), mail_alone=MAIL_ALONE)
        per_minute = current_settings().mail_per_minute
        return claim_next(work.session, now=utc_now(), per_minute=per_minute, which=by_mail)


def _deliver(claimed: Claim[Message], connection: MailConnection) -> None:
    """Make one mail and hand it over. Raises ``MailUnavailable``; whatever else goes wrong is this mail's own fault."""
    try:
        true, mail = _compose(claimed)
        if mail is None:
            return
        connection.send(mail)
    except MailUnavailable:
        raise
    except ClaimLost as lost:
        current_app.logger.warning("This worker was too slow: somebody else sends %s", lost)
    except (MailRefused, BadAddress) as problem:
        _fail(claimed, str(problem), is_permanent=getattr(problem, "is_permanent", True))
    except Exception as problem:
        # Whatever it is: one message that cannot be made must not keep the others from people.
        current_app.logger.error("Message %s failed", claimed.ids, exc_info=problem)
        _fail(claimed, f"It could not be made ({type(problem).__name__}): see the worker's log", is_permanent=True)
    else:
        with suppress(ClaimLost), unit_of_work() as work:
            mark_sent(work.session, true, now=utc_now())


def _compose(claimed: Claim[Message]) -> tuple[Claim[Message], EmailMessage | None]:
    """Which of these messages are still true and the mail about them, if any; the others are dropped."""
    with unit_of_work() as work:
        messages = [work.session.get_one(Message, message_id) for message_id in claimed.ids]
        person = work.session.get_one(Person, messages[0].person_id)
        is_usual = messages[0].kind not in TO_ANOTHER_ADDRESS
        if not person.email and is_usual:
            mark_dropped(work.session, claimed, dropped=dict.fromkeys(claimed.ids, DropReason.NO_ADDRESS))
            return claimed, None
        if is_usual and find_dead_address(work.session, person_id=person.id) is not None:
            mark_dropped(work.session, claimed, dropped=dict.fromkeys(claimed.ids, DropReason.ADDRESS_DEAD))
            return claimed, None
        composed = COMPOSERS[messages[0].kind](work.session, messages, now=utc_now())
        if composed.postponed_until is not None:
            mark_postponed(work.session, claimed, until=composed.postponed_until)
            return claimed, None
        mark_dropped(work.session, claimed, dropped=composed.dropped)
        left = [message for message in messages if message.id not in composed.dropped]
        if composed.content is None or not left:
            return claimed, None
        mail = render_mail(composed.content, message=left[0], person=person, to=composed.to)
        return claimed.of(*(message.id for message in left)), mail


def _fail(claimed: Claim[Message], reason: str, *, is_permanent: bool, is_held_up: bool = False) -> None:
    with unit_of_work() as work:
        mark_failed(
            work.session,
            claimed,
            reason=reason,
            is_permanent=is_permanent,
            is_held_up=is_held_up,
            now=utc_now(),
        )


def find_messages(work: UnitOfWork, *, now: datetime) -> None:
    """Owe what has become news, and ring when something may be sent. Housekeeping calls this every minute."""
    ways = ways_here()
    forget_codes(work.session, now=now)
    if not ways.sends_mail:
        forget_addresses(work.session)
    if not ways.sends_mail and not ways.sends_texts:
        return
    note_follow_ups(work.session, ways=ways, now=now)
    note_hr_files(work.session, now=now)
    note_new_cards(work.session, now=now)
    if ways.sends_mail:
        note_address_changes(work.session, now=now)
    tidy(work.session, now=now)
    ring_for_due(work, now=now)


def ring_for_due(work: UnitOfWork, *, now: datetime, certificate_ids: Sequence[int] | None = None) -> None:
    """Make the news of ready certificates due, or of these only, and ring where something is sent and some is due."""
    ways = ways_here()
    release_announcements(work.session, ways=ways, now=now, certificate_ids=certificate_ids)
    if ways.sends_mail and is_any_due(work.session, MAIL, now=now):
        work.ring_after_commit(SEND_MESSAGES)
    ring_for_texts(work, now=now)
