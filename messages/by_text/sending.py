"""Sending texts: all that is due to a person goes in one text, of which there is one a day, and what became of it.

The row of a text is there before the text is handed over. If a worker dies between, the next one asks the service for
the reference of the row, and hands nothing over that was handed over already.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.insert_once import insert_once
from kernel.tasks.claims import Claim, claim, finish
from kernel.tasks.kinds import TaskState
from messages.by_text.record import Delivery, TextMessage, find_number
from messages.ledger import Message
from messages.sending import MAIL
from messages.ways import Ways, goes_by_text
from people.persons import Person

SEND_TEXTS = "send-texts"
_HELD_UP_FOR = timedelta(minutes=1)
_FIRST_LOOK, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
# GOV.UK Notify gives a phone that is away three days.
LOOKED_FOR = timedelta(days=5)
AGAIN_AFTER, MOST_TRIES = timedelta(days=1), 3


def is_for_text(ways: Ways, *, mail_alone: Collection[str]) -> ColumnElement[bool]:
    """The condition on a message that it goes as a text. ``mail_alone`` are the kinds that never do."""
    told = select(Person.id).where(Person.id == Message.person_id, goes_by_text(ways))
    return Message.kind.not_in(sorted(mail_alone)) & told.exists()


def claim_texts(session: Session, *, ways: Ways, mail_alone: Collection[str], now: datetime) -> Claim[Message] | None:
    """Take all that is due to the person whose message has been due longest, of those who had no text today.

    ``None`` when there is nobody, or the service was away a moment ago.
    """
    held_up = exists().where(TextMessage.held_up_at > now - _HELD_UP_FOR, TextMessage.handed_at.is_(None))
    if session.scalar(select(held_up)):
        return None
    had_one = exists().where(
        TextMessage.person_id == Message.person_id,
        TextMessage.sent_on == local_day(now),
        TextMessage.handed_at.is_not(None),
    )
    due = (MAIL.is_due(now), is_for_text(ways, mail_alone=mail_alone), ~had_one)
    order = (Message.claims, Message.due_at, Message.id)
    first = session.scalar(select(Message).where(*due).order_by(*order).limit(1))
    if first is None:
        return None
    together = list(session.scalars(select(Message.id).where(*due, Message.person_id == first.person_id)))
    return claim(session, MAIL, now=now, limit=len(together), only=together)


def begin_text(session: Session, claimed: Claim[Message], *, person_id: int, now: datetime) -> TextMessage | None:
    """The row of the text that these go with; ``None`` where there is no number any more, or a text of today that
    another worker has in hand.

    A row that was begun today and never handed over is taken up again, with its reference.
    """
    number = find_number(session, person_id=person_id)
    if number is None:
        return None
    row = {
        "person_id": person_id,
        "sent_on": local_day(now),
        "number": number,
        "reference": f"common-ground-{uuid4().hex}",
        "written_at": now,
        "parts": 0,
        "is_dead": False,
    }
    _move_to_today(session, claimed, now=now)
    insert_once(session, TextMessage, [row], unique=("person_id", "sent_on"))
    text = session.scalars(
        select(TextMessage)
        .where(TextMessage.person_id == person_id, TextMessage.sent_on == local_day(now))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    others = exists().where(
        Message.text_id == text.id, Message.state == TaskState.WORKING, Message.id.not_in(claimed.ids)
    )
    if text.handed_at is not None or session.scalar(select(others)):
        return None
    text.number = number
    session.execute(update(Message).where(Message.id.in_(claimed.ids), claimed.is_held).values(text_id=text.id))
    return text


def _move_to_today(session: Session, claimed: Claim[Message], *, now: datetime) -> None:
    """A text of another day that a worker may have handed over before it died keeps its reference."""
    today = local_day(now)
    begun = session.scalar(
        select(TextMessage)
        .join(Message, Message.text_id == TextMessage.id)
        .where(Message.id.in_(claimed.ids), TextMessage.handed_at.is_(None), TextMessage.sent_on < today)
        .order_by(TextMessage.id.desc())
        .limit(1)
    )
    if begun is not None:
        has_other = exists().where(TextMessage.person_id == begun.person_id, TextMessage.sent_on == today)
        session.execute(update(TextMessage).where(TextMessage.id == begun.id, ~has_other).values(sent_on=today))


def mark_handed(session: Session, claimed: Claim[Message], *, text_id: int, now: datetime) -> None:
    """Write down that the service took a text with these. Raises ``ClaimLost``."""
    finish(session, claimed, sent_at=now, is_held_up=False)
    _change(session, text_id, handed_at=now, delivery=Delivery.ON_ITS_WAY, look_at=now + _FIRST_LOOK)


def mark_held_up(session: Session, *, text_id: int, now: datetime) -> None:
    """Write down that the service was away, so that nobody else waits for it in the next minute."""
    _change(session, text_id, held_up_at=now)


def mark_refused_number(session: Session, *, text_id: int, now: datetime) -> None:
    """Write down that no text goes to the number of this one."""
    _change(session, text_id, delivery=Delivery.NO_SUCH_NUMBER, is_dead=True, dead_at=now)


def texts_to_look_at(session: Session, *, now: datetime, limit: int) -> Sequence[TextMessage]:
    """The texts of which it is time to ask what became of them, the longest waiting first."""
    return session.scalars(
        select(TextMessage).where(TextMessage.look_at <= now).order_by(TextMessage.look_at, TextMessage.id).limit(limit)
    ).all()


def is_any_to_look_at(session: Session, *, now: datetime) -> bool:
    """Whether it is time to ask for some text."""
    return session.scalar(select(TextMessage.id).where(TextMessage.look_at <= now).limit(1)) is not None


def note_delivery(session: Session, *, text_id: int, delivery: Delivery, now: datetime) -> None:
    """Write down what became of a text. A number that is none is dead; one that did not answer three times is too, and
    until then its messages go again the day after. Said twice, it counts once."""
    text = session.get_one(TextMessage, text_id, with_for_update=True, populate_existing=True)
    if text.look_at is None or text.handed_at is None:
        return
    age = now - text.handed_at
    if delivery is Delivery.ON_ITS_WAY and age < LOOKED_FOR:
        text.look_at = now + max(_FIRST_LOOK, min(age, _LONGEST_PAUSE))
        return
    text.delivery = Delivery.UNKNOWN if delivery is Delivery.ON_ITS_WAY else delivery
    text.look_at = None
    if delivery not in (Delivery.NO_SUCH_NUMBER, Delivery.NOT_NOW, Delivery.TROUBLE):
        return
    session.flush()
    if delivery is Delivery.NO_SUCH_NUMBER or _tries(session, text) >= MOST_TRIES:
        text.is_dead, text.dead_at = True, now
        return
    session.execute(
        update(Message)
        .where(Message.text_id == text.id, Message.state == TaskState.DONE)
        .values(state=TaskState.PENDING, due_at=now + AGAIN_AFTER, retry_at=None, claims=0)
        .execution_options(synchronize_session=False)
    )


def _tries(session: Session, text: TextMessage) -> int:
    """How many texts in a row have not arrived at a number."""
    same = (TextMessage.person_id == text.person_id, TextMessage.number == text.number)
    arrived = select(func.max(TextMessage.id)).where(*same, TextMessage.delivery == Delivery.ARRIVED).scalar_subquery()
    failed = TextMessage.delivery.in_((Delivery.NOT_NOW, Delivery.TROUBLE))
    since = select(func.count()).where(*same, failed, TextMessage.id > func.coalesce(arrived, 0))
    return session.scalar(since) or 0


def _change(session: Session, text_id: int, **values: object) -> None:
    session.execute(update(TextMessage).where(TextMessage.id == text_id).values(**values))
