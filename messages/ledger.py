"""The ledger of messages: one row for each person, subject and step, written before anything is sent.

A row says that somebody is to get a message, never what it says: the words are made when it is sent, from what is
true then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.insert_once import insert_once
from kernel.tasks.kinds import Task, TaskState, task_state

SEND_MESSAGES = "send-messages"


class DropReason(StrEnum):
    """Why a message was not sent after all. None of them is an error."""

    NO_ADDRESS = "no-address"
    NOT_TRUE_ANY_MORE = "not-true-any-more"
    NOT_WANTED = "not-wanted"
    AWAY = "away"
    TOO_LATE = "too-late"
    ADDRESS_DEAD = "address-dead"
    TAKEN_BACK = "taken-back"


DROPPED_WORDS: Mapping[DropReason, str] = {
    DropReason.NO_ADDRESS: "neither email nor a text reaches them",
    DropReason.NOT_TRUE_ANY_MORE: "it was not true any more",
    DropReason.NOT_WANTED: "they had switched it off",
    DropReason.AWAY: "they were away or had left",
    DropReason.ADDRESS_DEAD: "mail to their address had come back",
    DropReason.TAKEN_BACK: "whoever asked for it took it back",
    DropReason.TOO_LATE: "it had waited too long to be news",
}


_ONCE = ("person_id", "kind", "subject_id", "step")


class Message(Task, Base):
    """One thing that a person is told once. ``subject_id`` is the id of what it tells of; ``kind`` says of which table.

    ``due_at`` is empty until what it tells of has happened. Those with ``is_in_digest`` that are due go together.
    ``is_held_up``: the mail server was away when it was last tried. ``text_id`` is the text with which it went. A
    cancelled one was dropped, with its reason.
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
    state: Mapped[TaskState] = task_state(pending="waiting", working="sending", done="sent", cancelled="dropped")
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_held_up: Mapped[bool] = mapped_column(default=False)
    text_id: Mapped[int | None]
    failure_reason: Mapped[str | None] = mapped_column("reason", String(300))

    __table_args__ = (
        UniqueConstraint(*_ONCE),
        Index(None, "kind", "subject_id"),
        Index(None, "claimed_at"),
        Index(None, "text_id"),
        Index(
            "ix_message_unsent",
            "state",
            "due_at",
            postgresql_where=state.not_in((TaskState.DONE, TaskState.CANCELLED)),
            sqlite_where=state.not_in((TaskState.DONE, TaskState.CANCELLED)),
        ),
    )

    @property
    def dropped_words(self) -> str:
        """Why it was not sent after all; empty for any other message."""
        why = self.failure_reason if self.state is TaskState.CANCELLED else None
        return DROPPED_WORDS[DropReason(why)] if why else ""


class Part(StrEnum):
    """What may stand among the paragraphs of a message: its list, and its link."""

    ITEMS = "items"
    LINK = "link"


@dataclass(frozen=True)
class CalendarFile:
    """An iCalendar file, and what a calendar is to do with it (RFC 5546): PUBLISH or CANCEL."""

    method: str
    data: bytes


@dataclass(frozen=True)
class MessageContent:
    """What a person reads: plain text in parts. ``link_path`` begins with a slash; ``why`` says why they get it.

    List and link follow the paragraphs, unless a ``Part`` among them says where they stand. Without ``link_words``
    there is no link. ``text`` is what a text message says in place of the subject.

    ``can_stop``: the person may switch messages like this one off, so it carries a link for that.
    ``can_choose``: how it comes can be chosen among one's messages; one that somebody asked for a moment ago cannot.
    """

    subject: str
    paragraphs: tuple[str | Part, ...]
    link_words: str
    link_path: str
    why: str
    items: tuple[str, ...] = ()
    can_stop: bool = False
    can_choose: bool = True
    text: str = ""
    calendar: CalendarFile | None = None

    @property
    def blocks(self) -> tuple[tuple[str, str], ...]:
        """The message from its first line to its last: what each part is, and the words of a paragraph."""
        rest = [Part.ITEMS] if self.items and Part.ITEMS not in self.paragraphs else []
        rest += [Part.LINK] if self.link_words and Part.LINK not in self.paragraphs else []
        parts = (*self.paragraphs, *rest)
        return tuple((one.value, "") if isinstance(one, Part) else ("words", one) for one in parts)


@dataclass(frozen=True)
class ComposedMessage:
    """What became of messages that were due: one mail for those that are still true, a reason for each other.

    With ``postponed_until`` none of them goes before then: this is no hour at which they may. ``to`` is the address
    of the mail where that is not the one on the record of the person.
    """

    content: MessageContent | None
    dropped: Mapping[int, DropReason] = field(default_factory=dict)
    postponed_until: datetime | None = None
    to: str | None = None


def note_message(
    session: Session,
    *,
    person_id: int,
    kind: str,
    subject_id: int,
    now: datetime,
    due_at: datetime | None,
    step: str = "",
) -> bool:
    """Note a message for a person; ``False`` when it was noted before, sent or not. The unique constraint decides."""
    message = {
        "person_id": person_id,
        "kind": kind,
        "subject_id": subject_id,
        "step": step,
        "noted_at": now,
        "due_at": due_at,
    }
    return bool(insert_once(session, Message, [message], unique=_ONCE))


def note_messages(
    session: Session,
    *,
    kind: str,
    people: Mapping[int, int],
    now: datetime,
    is_in_digest: bool = False,
    due_at: datetime | None = None,
    step: str = "",
) -> int:
    """Note a message for many people, once each, not due yet unless ``due_at`` says when; returns for how many it is
    new.

    ``people`` says whom to tell of which subject: ids of persons by ids of subjects. The unique constraint decides.
    """
    values = {"kind": kind, "noted_at": now, "is_in_digest": is_in_digest, "due_at": due_at, "step": step}
    rows = [{**values, "person_id": person_id, "subject_id": subject_id} for subject_id, person_id in people.items()]
    return len(insert_once(session, Message, rows, unique=_ONCE))


def messages_about(session: Session, *, kind: str, subject_ids: Sequence[int]) -> Sequence[Message]:
    """What was noted or sent about these things, oldest first."""
    if not subject_ids:
        return ()
    return session.scalars(
        select(Message).where(Message.kind == kind, Message.subject_id.in_(subject_ids)).order_by(Message.id)
    ).all()


def messages_to(session: Session, *, person_id: int, limit: int) -> Sequence[Message]:
    """What a person was sent, newest first."""
    return session.scalars(
        select(Message)
        .where(Message.person_id == person_id, Message.state == TaskState.DONE)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    ).all()
