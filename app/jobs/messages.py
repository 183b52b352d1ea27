"""Send the messages that are due, one after the other, and find those that have become due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from time import monotonic

from flask import current_app

from app.letters import BadAddress, mail_of
from app.mail import Line, Refused, ServerAway, find_office
from app.queue import ring
from app.work import unit_of_work
from certificates.announcing import CERTIFICATE_READY, compose_announcement, release_announcements
from config import Settings
from courses.follow_up_messages import FOLLOW_UP_OPEN, FOLLOW_UP_REMINDER, compose_follow_up, note_follow_ups
from courses.plan_messages import OWN_PLAN, compose_plan
from kernel.clock import utc_now
from kernel.unit_of_work import UnitOfWork
from people.message_sending import claim_next, is_any_due, mark_dropped, mark_failed, mark_sent, tidy
from people.messages import SEND_MESSAGES, Composed, DropReason, Message
from people.persons import Person

# The queue ends a job after five minutes; a slow server may hold the last mail for most of three.
LONGEST_RUN_SECONDS = 100

Composer = Callable[..., Composed]
COMPOSERS: Mapping[str, Composer] = {
    CERTIFICATE_READY: compose_announcement,
    FOLLOW_UP_OPEN: compose_follow_up,
    FOLLOW_UP_REMINDER: compose_follow_up,
    OWN_PLAN: compose_plan,
}


@dataclass(frozen=True)
class Parcel:
    """Messages that this worker, and no other, is to send; ``mail`` is ``None`` when none of them holds any more."""

    message_ids: tuple[int, ...]
    mail: EmailMessage | None = None


def send_waiting() -> None:
    """Send what is due, as fast as the settings allow. When the server is away, stop: housekeeping rings again."""
    office = find_office()
    if office is None:
        return
    stop_at = monotonic() + LONGEST_RUN_SECONDS
    with office.line() as line:
        while claimed := _claim():
            try:
                _deliver(claimed, line)
            except ServerAway as problem:
                current_app.logger.warning("No mail can leave: %s", problem)
                _fail(claimed, str(problem), is_permanent=False, is_held_up=True)
                return
            if monotonic() > stop_at:
                ring(SEND_MESSAGES)
                return


def _claim() -> tuple[int, ...]:
    settings: Settings = current_app.config["SETTINGS"]
    with unit_of_work() as work:
        found = claim_next(work.session, now=utc_now(), per_minute=settings.mail_per_minute)
        return tuple(message.id for message in found)


def _deliver(claimed: tuple[int, ...], line: Line) -> None:
    """Make one mail and hand it over. Raises ``ServerAway``; whatever else goes wrong is this mail's own fault."""
    try:
        parcel = _compose(claimed)
        if parcel.mail is None:
            return
        line.send(parcel.mail)
    except ServerAway:
        raise
    except (Refused, BadAddress) as problem:
        _fail(claimed, str(problem), is_permanent=getattr(problem, "is_permanent", True))
    except Exception as problem:
        # Whatever it is: one message that cannot be made must not keep the others from people.
        current_app.logger.error("Message %s failed", claimed, exc_info=problem)
        _fail(claimed, f"It could not be made ({type(problem).__name__}): see the worker's log", is_permanent=True)
    else:
        with unit_of_work() as work:
            mark_sent(work.session, message_ids=parcel.message_ids, now=utc_now())


def _compose(claimed: tuple[int, ...]) -> Parcel:
    """The mail for these messages as things are now; those that do not hold any more are dropped."""
    with unit_of_work() as work:
        messages = [work.session.get_one(Message, message_id) for message_id in claimed]
        person = work.session.get_one(Person, messages[0].person_id)
        if not person.email:
            mark_dropped(work.session, dropped=dict.fromkeys(claimed, DropReason.NO_ADDRESS))
            return Parcel(())
        composed = COMPOSERS[messages[0].kind](work.session, messages, now=utc_now())
        mark_dropped(work.session, dropped=composed.dropped)
        left = [message for message in messages if message.id not in composed.dropped]
        if composed.letter is None or not left:
            return Parcel(())
        mail = mail_of(composed.letter, message=left[0], person=person)
        return Parcel(tuple(message.id for message in left), mail)


def _fail(claimed: Sequence[int], reason: str, *, is_permanent: bool, is_held_up: bool = False) -> None:
    with unit_of_work() as work:
        mark_failed(
            work.session,
            message_ids=claimed,
            reason=reason,
            is_permanent=is_permanent,
            is_held_up=is_held_up,
            now=utc_now(),
        )


def find_messages(work: UnitOfWork, *, now: datetime) -> None:
    """Owe what has become news, and ring when something may be sent. Housekeeping calls this every minute."""
    if find_office() is None:
        return
    note_follow_ups(work.session, now=now)
    tidy(work.session, now=now)
    ring_for_due(work, now=now)


def ring_for_due(work: UnitOfWork, *, now: datetime, certificate_ids: Sequence[int] | None = None) -> None:
    """Make the news of ready certificates due, or of these only, and ring where mail is sent and some is due."""
    release_announcements(work.session, now=now, certificate_ids=certificate_ids)
    if find_office() is not None and is_any_due(work.session, now=now):
        work.ring_after_commit(SEND_MESSAGES)
