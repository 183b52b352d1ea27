"""Send the texts that are due, between eight and six o'clock, and ask what became of those that were sent."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from time import monotonic

from flask import current_app

from app.jobs.telling.composing import COMPOSERS, MAIL_ALONE
from app.platform.mail.rendering import page_url
from app.platform.queue import ring
from app.platform.texts.carriers import find_text_carrier, ways_here
from app.platform.texts.stopping import stop_url
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, ClaimLost
from kernel.tasks.control import is_any_due
from kernel.unit_of_work import UnitOfWork
from messages.by_text.carrying import TextCarrier, TextRefused, TextsUnavailable
from messages.by_text.record import Delivery
from messages.by_text.sending import (
    SEND_TEXTS,
    begin_text,
    claim_texts,
    is_any_to_look_at,
    is_for_text,
    mark_handed,
    mark_held_up,
    mark_refused_number,
    note_delivery,
    texts_to_look_at,
)
from messages.by_text.writing import parts_of, text_for
from messages.choices import next_daytime, next_morning
from messages.ledger import Message, MessageContent
from messages.sending import MAIL, mark_dropped, mark_failed, mark_postponed

LONGEST_RUN_SECONDS = 100
MOST_LOOKS = 100


@dataclass(frozen=True)
class _Written:
    """A text as it is handed over. ``is_new``: no worker can have handed it over before."""

    id: int
    number: str
    words: str
    reference: str
    is_new: bool


def send_texts() -> None:
    """Hand over what is due, then look at what was handed over. When the service is away, stop: housekeeping rings
    again."""
    carrier = find_text_carrier()
    if carrier is None:
        return
    stop_at = monotonic() + LONGEST_RUN_SECONDS
    try:
        while next_daytime(utc_now()) <= utc_now() and (claimed := _claim()) is not None:
            _deliver(claimed, carrier)
            if monotonic() > stop_at:
                ring(SEND_TEXTS)
                return
        _look_after(carrier, stop_at)
    except TextsUnavailable as problem:
        current_app.logger.warning("No text can leave: %s", problem)


def _claim() -> Claim[Message] | None:
    with unit_of_work() as work:
        return claim_texts(work.session, ways=ways_here(), mail_alone=MAIL_ALONE, now=utc_now())


def _deliver(claimed: Claim[Message], carrier: TextCarrier) -> None:
    """Make one text and hand it over. Raises ``TextsUnavailable``; what else goes wrong is this text's own fault."""
    written: _Written | None = None
    try:
        true, written = _write(claimed)
        if written is None:
            return
        if written.is_new or carrier.find(written.reference) is None:
            carrier.send(phone_number=written.number, words=written.words, reference=written.reference)
    except TextsUnavailable as problem:
        _fail(claimed, str(problem), is_permanent=False)
        if written is not None:
            with unit_of_work() as work:
                mark_held_up(work.session, text_id=written.id, now=utc_now())
        raise
    except ClaimLost as lost:
        current_app.logger.warning("This worker was too slow: somebody else sends %s", lost)
    except TextRefused as problem:
        _fail(claimed, str(problem), is_permanent=True)
        if problem.is_number and written is not None:
            with unit_of_work() as work:
                mark_refused_number(work.session, text_id=written.id, now=utc_now())
    except Exception as problem:
        # Whatever it is: one message that cannot be made must not keep the others from people.
        current_app.logger.error("Messages %s failed", claimed.ids, exc_info=problem)
        _fail(claimed, f"It could not be made ({type(problem).__name__}): see the worker's log", is_permanent=True)
    else:
        with suppress(ClaimLost), unit_of_work() as work:
            mark_handed(work.session, true, text_id=written.id, now=utc_now())


def _write(claimed: Claim[Message]) -> tuple[Claim[Message], _Written | None]:
    """Which of these messages are still true and the text about them, if any; the others are dropped or wait."""
    with unit_of_work() as work:
        now = utc_now()
        messages = [work.session.get_one(Message, message_id) for message_id in claimed.ids]
        contents, left = _compose(work, claimed, messages, now)
        if not contents:
            return claimed, None
        held = claimed.of(*left)
        text = begin_text(work.session, held, person_id=messages[0].person_id, now=now)
        if text is None:
            mark_postponed(work.session, held, until=next_morning(now))
            return claimed, None
        link = contents[0].link_path if len(contents) == 1 else "/learning"
        words = text_for(
            [one.text or one.subject for one in contents], link_url=page_url(link), stop_url=stop_url(text.id)
        )
        is_new = text.parts == 0
        text.parts = parts_of(words)
        return held, _Written(text.id, text.number, words, text.reference, is_new)


def _compose(
    work: UnitOfWork, claimed: Claim[Message], messages: list[Message], now: datetime
) -> tuple[list[MessageContent], list[int]]:
    """What there is to say, and the messages that say it. Those of a digest are made together, as in a mail."""
    contents, left = [], []
    ordered = sorted(messages, key=lambda one: (one.kind, one.is_in_digest, one.id))
    for (kind, is_in_digest), group in groupby(ordered, key=lambda one: (one.kind, one.is_in_digest)):
        members = list(group)
        for together in [members] if is_in_digest else [[one] for one in members]:
            ids = [one.id for one in together]
            composed = COMPOSERS[kind](work.session, together, now=now)
            if composed.postponed_until is not None:
                mark_postponed(work.session, claimed.of(*ids), until=composed.postponed_until)
                continue
            mark_dropped(work.session, claimed, dropped=composed.dropped)
            true = [one for one in ids if one not in composed.dropped]
            if composed.content is not None and true:
                contents.append(composed.content)
                left += true
    return contents, left


def _fail(claimed: Claim[Message], reason: str, *, is_permanent: bool) -> None:
    with unit_of_work() as work:
        mark_failed(work.session, claimed, reason=reason, is_permanent=is_permanent, now=utc_now())


def _look_after(carrier: TextCarrier, stop_at: float) -> None:
    """Ask what became of texts. Raises ``TextsUnavailable``."""
    with unit_of_work() as work:
        waiting = [(one.id, one.reference) for one in texts_to_look_at(work.session, now=utc_now(), limit=MOST_LOOKS)]
    for text_id, reference in waiting:
        delivery = carrier.find(reference) or Delivery.UNKNOWN
        with unit_of_work() as work:
            note_delivery(work.session, text_id=text_id, delivery=delivery, now=utc_now())
        if monotonic() > stop_at:
            break
    if len(waiting) == MOST_LOOKS:
        ring(SEND_TEXTS)


def ring_for_texts(work: UnitOfWork, *, now: datetime) -> None:
    """Ring when a text may go, or it is time to ask for one. Housekeeping calls this every minute."""
    if find_text_carrier() is None:
        return
    is_time = next_daytime(now) <= now
    which = is_for_text(ways_here(), mail_alone=MAIL_ALONE)
    if (is_time and is_any_due(work.session, MAIL, now=now, which=which)) or is_any_to_look_at(work.session, now=now):
        work.ring_after_commit(SEND_TEXTS)
