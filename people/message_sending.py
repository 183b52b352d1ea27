"""Sending what is owed: take one message or one digest at a time, then write down how it went.

A row that says "sending" belongs to a worker. Should that worker die between the mail server's yes and its own next
transaction, another one sends the message again after ``LEASE`` under the same Message-ID: at least once, and twice
only then.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, text, true, update
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from people.messages import DropReason, Message, MessageState

# Longer than the queue lets a job run, so that nobody takes what a living worker still holds.
LEASE = timedelta(minutes=10)
MOST_CLAIMS = 3
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
# RFC 5321, section 4.5.4.1: give up after four or five days.
GIVE_UP_AFTER = timedelta(days=5)
NEWS_FOR = timedelta(days=14)
_PACE = timedelta(minutes=1)
_LOCK = 0x4D41494C  # any number will do, as long as nothing else on the server locks the same one
_TRIED_AGAIN = (MessageState.FAILED, MessageState.PARKED)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Message.state == MessageState.WAITING, Message.due_at <= now),
        and_(Message.state == MessageState.FAILED, Message.retry_at <= now),
        and_(_is_abandoned(now), Message.claims < MOST_CLAIMS),
    )


def _is_abandoned(now: datetime) -> ColumnElement[bool]:
    return and_(Message.state == MessageState.SENDING, Message.claimed_at < now - LEASE)


def is_any_due(session: Session, *, now: datetime) -> bool:
    """Whether a worker would find something to send now."""
    return session.scalar(select(Message.id).where(_is_due(now)).limit(1)) is not None


def claim_next(session: Session, *, now: datetime, per_minute: int) -> tuple[Message, ...]:
    """Take the message that has been due longest, or all that belong in the same digest; empty when none may go now.

    At most ``per_minute`` are taken in any minute, by all workers together; none in the minute after the mail server
    was away, so that workers do not spend their time on waiting for it.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite lets one writer in at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    is_held_up = Message.is_held_up & (Message.state == MessageState.FAILED)
    taken, held_up = session.execute(
        select(func.count(), func.count().filter(is_held_up)).where(Message.claimed_at > now - _PACE)
    ).one()
    if taken >= per_minute or held_up:
        return ()
    order = (Message.claims, Message.due_at, Message.id)
    first = session.scalar(select(Message).where(_is_due(now)).order_by(*order).limit(1))
    if first is None:
        return ()
    together = [first]
    if first.is_in_digest:
        same = (Message.person_id == first.person_id, Message.kind == first.kind, Message.is_in_digest)
        together = list(session.scalars(select(Message).where(_is_due(now), *same).order_by(Message.id)))
    for message in together:
        message.state, message.claimed_at, message.claims = MessageState.SENDING, now, message.claims + 1
    session.flush()
    return tuple(together)


def mark_sent(session: Session, *, message_ids: Sequence[int], now: datetime) -> None:
    """Write down that the mail server took these."""
    session.execute(
        update(Message)
        .where(Message.id.in_(message_ids))
        .values(state=MessageState.SENT, sent_at=now, retry_at=None, is_held_up=False, reason=None)
    )


def mark_dropped(session: Session, *, dropped: Mapping[int, DropReason]) -> None:
    """Write down which messages are not sent after all, and why."""
    for message_id, reason in dropped.items():
        session.execute(
            update(Message)
            .where(Message.id == message_id)
            .values(state=MessageState.DROPPED, reason=reason.value, retry_at=None)
        )


def mark_failed(
    session: Session,
    *,
    message_ids: Sequence[int],
    reason: str,
    is_permanent: bool,
    now: datetime,
    is_held_up: bool = False,
) -> None:
    """Write down why messages could not be sent, and when to try again; a permanent failure parks them.

    The pauses grow. After five days they are parked too. ``is_held_up``: no message could have been sent.
    """
    for message_id in message_ids:
        message = session.get_one(Message, message_id, populate_existing=True)
        if message.state is not MessageState.SENDING:  # another worker has dealt with it in the meantime
            continue
        delay = RETRY_AFTER[min(message.failures, len(RETRY_AFTER) - 1)]
        is_over = is_permanent or now - (message.due_at or message.noted_at) > GIVE_UP_AFTER
        message.failures += 1
        message.claims = 0
        message.reason = reason[:300]
        message.is_held_up = is_held_up
        message.state = MessageState.PARKED if is_over else MessageState.FAILED
        message.retry_at = None if is_over else now + delay
    session.flush()


def tidy(session: Session, *, now: datetime) -> int:
    """Drop what has waited too long to be news, and park what its workers never came back from; returns how many."""
    late = update(Message).where(
        Message.state.in_((MessageState.WAITING, MessageState.FAILED)), Message.due_at < now - NEWS_FOR
    )
    dropped = late.values(state=MessageState.DROPPED, reason=DropReason.TOO_LATE.value, retry_at=None)
    lost = update(Message).where(_is_abandoned(now), Message.claims >= MOST_CLAIMS)
    parked = lost.values(
        state=MessageState.PARKED, reason=f"The worker died each of the {MOST_CLAIMS} times that it was sent"
    )
    return sum(len(session.scalars(statement.returning(Message.id)).all()) for statement in (dropped, parked))


def retry(session: Session, *, message_id: int, now: datetime) -> None:
    """Make a failed or parked message due at once. Raises ``NotFound`` when there is no such one."""
    if not _retry(session, Message.id == message_id, now):
        raise NotFound(f"failed message {message_id}")


def retry_all(session: Session, *, now: datetime) -> int:
    """Make every failed and parked message due at once; returns how many."""
    return _retry(session, true(), now)


def _retry(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    # Failed, not waiting: the reason stays to be seen until the next try has an outcome.
    again = {
        "state": MessageState.FAILED,
        "retry_at": now,
        "due_at": now,
        "failures": 0,
        "claims": 0,
        "is_held_up": False,
    }
    statement = update(Message).where(Message.state.in_(_TRIED_AGAIN), which).values(again)
    return len(session.scalars(statement.returning(Message.id)).all())


def counts_by_state(session: Session) -> Mapping[MessageState, int]:
    """How many messages there are in each state."""
    found: dict[MessageState, int] = dict(
        session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    )
    return {state: found.get(state, 0) for state in MessageState}


def troubled(session: Session, *, page: int, size: int) -> Sequence[Message]:
    """One page, counted from 1, of what failed or is parked: parked ones first, then by age."""
    return session.scalars(
        select(Message)
        .where(Message.state.in_(_TRIED_AGAIN))
        .order_by(Message.state.desc(), Message.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()
