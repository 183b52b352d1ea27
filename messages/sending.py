"""Sending what is due: take one message or one digest at a time, then write down how it went.

A row that says "sending" belongs to a worker. If that worker dies after the mail server has said yes and before
its own next transaction, another one sends the message again after the lease, under the same Message-ID. A message is
sent at least once, and twice only in that case.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, text, true, update
from sqlalchemy.orm import Session

from kernel.tasks.claims import Claim, ClaimLost, claim, drop, fail, finish, release
from kernel.tasks.control import park_lost
from kernel.tasks.kinds import TRIED_AGAIN, TaskKind, TaskState
from messages.ledger import SEND_MESSAGES, DropReason, Message

MAIL = TaskKind(
    SEND_MESSAGES,
    Message,
    since=Message.due_at,
    is_timed=True,
    # Longer than the queue lets a job run, so that nobody takes what a living worker still holds.
    lease=timedelta(minutes=10),
    retry_after=(
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=6),
    ),
    most_claims=3,
    alone_after=3,
    in_words="sent",
    when_retried=lambda now: {"due_at": now, "is_held_up": False},
)
# RFC 5321, section 4.5.4.1: give up after four or five days.
GIVE_UP_AFTER = timedelta(days=5)
NEWS_FOR = timedelta(days=14)
_FREQUENCY = timedelta(minutes=1)
_LOCK = 0x4D41494C  # any number will do, as long as nothing else on the server locks the same one


def claim_next(
    session: Session, *, now: datetime, per_minute: int, which: ColumnElement[bool] | None = None
) -> Claim[Message] | None:
    """Take the message that has been due longest, or all that belong in the same digest; ``None`` when none may go now.

    At most ``per_minute`` are taken in any minute, by all workers together; none in the minute after the mail server
    was away, so that workers do not spend their time on waiting for it. ``which`` are those that go by mail.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite lets one writer in at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    is_held_up = Message.is_held_up & (Message.state == TaskState.FAILED)
    taken, held_up = session.execute(
        select(func.count(), func.count().filter(is_held_up)).where(Message.claimed_at > now - _FREQUENCY)
    ).one()
    if taken >= per_minute or held_up:
        return None
    due = (MAIL.is_due(now), true() if which is None else which)
    order = (Message.claims, Message.due_at, Message.id)
    first = session.scalar(select(Message).where(*due).order_by(*order).limit(1))
    if first is None:
        return None
    together = [first.id]
    if first.is_in_digest:
        same = (Message.person_id == first.person_id, Message.kind == first.kind, Message.is_in_digest)
        together = list(session.scalars(select(Message.id).where(*due, *same)))
    return claim(session, MAIL, now=now, limit=len(together), only=together)


def mark_sent(session: Session, claimed: Claim[Message], *, now: datetime) -> None:
    """Write down that the mail server took these. Raises ``ClaimLost``."""
    finish(session, claimed, sent_at=now, is_held_up=False)


def mark_dropped(session: Session, claimed: Claim[Message], *, dropped: Mapping[int, DropReason]) -> None:
    """Write down which messages are not sent after all, and why. Raises ``ClaimLost``."""
    for message_id, reason in dropped.items():
        drop(session, claimed.of(message_id), failure_reason=reason.value)


def mark_postponed(session: Session, claimed: Claim[Message], *, until: datetime) -> None:
    """Let these wait until a moment at which they may go. Raises ``ClaimLost``."""
    release(session, claimed, due_at=until, retry_at=None)


def mark_failed(
    session: Session,
    claimed: Claim[Message],
    *,
    reason: str,
    is_permanent: bool,
    now: datetime,
    is_held_up: bool = False,
) -> None:
    """Write down why messages could not be sent, and when to try again; a permanent failure parks them.

    The pauses grow. After five days they are parked too. ``is_held_up``: no message could have been sent.
    """
    for message_id in claimed.ids:
        message = session.get_one(Message, message_id, populate_existing=True)
        is_over = is_permanent or now - (message.due_at or message.noted_at) > GIVE_UP_AFTER
        how = {"is_passing": True, "is_final": is_over}
        with suppress(ClaimLost):  # another worker has dealt with it in the meantime
            fail(session, claimed.of(message_id), reason=reason, now=now, **how, is_held_up=is_held_up)


def tidy(session: Session, *, now: datetime) -> int:
    """Drop what has waited too long to be news, and park what its workers never came back from; returns how many."""
    late = (
        update(Message)
        .where(Message.state.in_((TaskState.PENDING, TaskState.FAILED)), Message.due_at < now - NEWS_FOR)
        .values(state=TaskState.CANCELLED, failure_reason=DropReason.TOO_LATE.value, retry_at=None)
    )
    return len(session.scalars(late.returning(Message.id)).all()) + park_lost(session, MAIL, now=now)


def troubled(session: Session, *, page: int, size: int) -> Sequence[Message]:
    """One page, counted from 1, of what failed or is parked: parked ones first, then by age."""
    return session.scalars(
        select(Message)
        .where(Message.state.in_(TRIED_AGAIN))
        .order_by(Message.state.desc(), Message.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()
