"""The ledger of messages: one row for each person, subject and step, written before anything is sent.

A row says what is owed, never what it says: the words are made when it is sent, from what is true then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value

SEND_MESSAGES = "send-messages"


class MessageState(StrEnum):
    """Where a message is: owed, with a worker, sent, failed and tried again later, parked, or not sent after all.

    A parked one fails whenever it is sent: nobody tries again until somebody asks for it.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    PARKED = "parked"
    DROPPED = "dropped"


class DropReason(StrEnum):
    """Why a message was not sent after all. None of them is an error."""

    NO_ADDRESS = "no-address"
    NOT_TRUE_ANY_MORE = "not-true-any-more"
    NOT_WANTED = "not-wanted"
    AWAY = "away"
    TOO_LATE = "too-late"


DROPPED_WORDS: Mapping[DropReason, str] = {
    DropReason.NO_ADDRESS: "their record holds no email address",
    DropReason.NOT_TRUE_ANY_MORE: "it was not true any more",
    DropReason.NOT_WANTED: "they had switched it off",
    DropReason.AWAY: "they were away or had left",
    DropReason.TOO_LATE: "it had waited too long to be news",
}


class Message(Base):
    """One thing that a person is told once. ``subject_id`` is the id of what it tells of; ``kind`` says of which table.

    ``due_at`` is empty until what it tells of has happened. Those with ``is_in_digest`` that are due go together.
    ``is_held_up``: the mail server was away when it was last tried.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(60), default="")
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_in_digest: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MessageState] = mapped_column(enum_by_value(MessageState), default=MessageState.WAITING)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claims: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_held_up: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(300))

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject_id", "step"),
        Index(None, "kind", "subject_id"),
        Index(None, "claimed_at"),
        Index(
            "ix_message_unsent",
            "state",
            "due_at",
            postgresql_where=state.not_in((MessageState.SENT, MessageState.DROPPED)),
            sqlite_where=state.not_in((MessageState.SENT, MessageState.DROPPED)),
        ),
    )

    @property
    def dropped_words(self) -> str:
        """Why it was not sent after all; empty for any other message."""
        return DROPPED_WORDS[DropReason(self.reason)] if self.state is MessageState.DROPPED and self.reason else ""


@dataclass(frozen=True)
class Letter:
    """What a person reads: plain text in parts. ``link_path`` begins with a slash; ``why`` says why they get it.

    ``can_stop``: the person may switch messages like this one off, so it carries a link for that.
    """

    subject: str
    paragraphs: tuple[str, ...]
    link_words: str
    link_path: str
    why: str
    items: tuple[str, ...] = ()
    can_stop: bool = False


@dataclass(frozen=True)
class Composed:
    """What became of messages that were due: one letter for those that hold, a reason for each of the others."""

    letter: Letter | None
    dropped: Mapping[int, DropReason] = field(default_factory=dict)


def note_message(
    session: Session,
    *,
    person_id: int,
    kind: str,
    subject_id: int,
    now: datetime,
    due_at: datetime | None,
    step: str = "",
    is_in_digest: bool = False,
) -> bool:
    """Owe a person a message, once: ``False`` when it was owed before, sent or not. The unique constraint decides."""
    message = Message(
        person_id=person_id,
        kind=kind,
        subject_id=subject_id,
        step=step,
        noted_at=now,
        due_at=due_at,
        is_in_digest=is_in_digest,
    )
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        return False
    return True


def note_messages(
    session: Session, *, kind: str, people: Mapping[int, int], now: datetime, is_in_digest: bool = False
) -> int:
    """Owe many people a message, once each, not due yet; returns how many are owed it anew.

    ``people`` says whom to tell of which subject: ids of persons by ids of subjects. Two statements as a rule.
    """
    if not people:
        return 0
    values = {"kind": kind, "noted_at": now, "is_in_digest": is_in_digest}
    rows = [{**values, "person_id": person_id, "subject_id": subject_id} for subject_id, person_id in people.items()]
    try:
        with session.begin_nested():
            session.execute(insert(Message), rows)
    except IntegrityError:  # some are owed it already: one by one, the unique constraint decides
        about: dict[str, Any] = {"kind": kind, "now": now, "due_at": None, "is_in_digest": is_in_digest}
        return sum(note_message(session, person_id=who, subject_id=what, **about) for what, who in people.items())
    return len(rows)


def messages_about(session: Session, *, kind: str, subject_ids: Sequence[int]) -> Sequence[Message]:
    """What was owed or sent about these things, oldest first."""
    if not subject_ids:
        return ()
    return session.scalars(
        select(Message).where(Message.kind == kind, Message.subject_id.in_(subject_ids)).order_by(Message.id)
    ).all()


def messages_to(session: Session, *, person_id: int, limit: int) -> Sequence[Message]:
    """What a person was sent, newest first."""
    return session.scalars(
        select(Message)
        .where(Message.person_id == person_id, Message.state == MessageState.SENT)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    ).all()
