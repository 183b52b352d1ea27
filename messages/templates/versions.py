"""The words that an authority has had for each text: every save is a new version, and none is ever changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, String, Table, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.append_only import keep_append_only
from kernel.audit import record
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.insert_once import insert_once
from messages.ledger import MessageContent
from messages.templates.checking import LONGEST_BODY, LONGEST_SHORT, LONGEST_SUBJECT, faults_in, in_sentences
from messages.templates.filling import Fillable
from messages.templates.texts import TEXTS, Text, Words

SOMEBODY_ELSE = (
    "Somebody else saved other words meanwhile. Yours are still below, unsaved. Look at theirs, then save again"
)


class MessageTemplate(Base):
    """One version of one text of an authority. Without words of its own, the text is ours again."""

    __tablename__ = "message_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[Text] = mapped_column(enum_by_value(Text))
    number: Mapped[int]
    subject: Mapped[str | None] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str | None] = mapped_column(String(LONGEST_BODY))
    short: Mapped[str | None] = mapped_column(String(LONGEST_SHORT))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "text", "number"),)

    @property
    def words(self) -> Words:
        """How the text reads in this version."""
        if self.subject is None or self.body is None:
            return TEXTS[self.text].ours
        return Words(self.subject, self.body, self.short or "")

    @property
    def is_ours(self) -> bool:
        """Whether it says that our words are used."""
        return self.subject is None


keep_append_only(cast(Table, MessageTemplate.__table__))


def versions_of(session: Session, *, organisation_id: int, text: Text) -> Sequence[MessageTemplate]:
    """Every version, the newest first."""
    return session.scalars(
        select(MessageTemplate)
        .where(MessageTemplate.organisation_id == organisation_id, MessageTemplate.text == text)
        .order_by(MessageTemplate.number.desc())
    ).all()


def find_current(session: Session, *, organisation_id: int, text: Text) -> MessageTemplate | None:
    """The version in force; ``None`` while nobody worded the text."""
    return session.scalar(
        select(MessageTemplate)
        .where(MessageTemplate.organisation_id == organisation_id, MessageTemplate.text == text)
        .order_by(MessageTemplate.number.desc())
        .limit(1)
    )


def current_words(session: Session, *, organisation_id: int, text: Text) -> Words:
    """How the text reads now at an authority."""
    found = find_current(session, organisation_id=organisation_id, text=text)
    return found.words if found else TEXTS[text].ours


def worded(session: Session, fillable: Fillable) -> MessageContent:
    """A message in the words of its authority."""
    words = current_words(session, organisation_id=fillable.organisation_id, text=fillable.text)
    return fillable.filled(words)


def save_words(
    session: Session,
    *,
    organisation_id: int,
    text: Text,
    words: Words | None,
    seen: int,
    account_id: int | None,
    now: datetime,
) -> int:
    """Make these words the next version; ``None`` goes back to ours. Returns the number in force.

    ``seen`` is the version that the person had before them, 0 for none. Raises ``RuleBroken`` where the words may not
    be saved, or somebody else saved meanwhile: the unique constraint decides. What changes nothing is no version.
    """
    for field, faults in (faults_in(text, words) if words else {}).items():
        raise RuleBroken(in_sentences(faults), field=field)
    present = find_current(session, organisation_id=organisation_id, text=text)
    number = present.number if present else 0
    if number != seen:
        raise RuleBroken(SOMEBODY_ELSE, field="body")
    if words == (present.words if present and not present.is_ours else None):
        return number
    row = {
        "organisation_id": organisation_id,
        "text": text,
        "number": number + 1,
        "subject": words.subject if words else None,
        "body": words.body if words else None,
        "short": (words.short or None) if words else None,
        "saved_at": now,
        "saved_by_account_id": account_id,
    }
    if not insert_once(session, MessageTemplate, [row], unique=("organisation_id", "text", "number")):
        raise RuleBroken(SOMEBODY_ELSE, field="body")
    record(
        session,
        action="message-words-saved",
        subject_type="organisation",
        subject_id=organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"text": text.value, "version": number + 1},
    )
    return number + 1


def restore_words(
    session: Session, *, organisation_id: int, text: Text, version_number: int, account_id: int | None, now: datetime
) -> int:
    """Let an earlier version hold again, as a new one; returns its number. Version 0 is our words.

    Raises ``NotFound``, and ``RuleBroken`` as ``save_words`` does.
    """
    known = {one.number: one for one in versions_of(session, organisation_id=organisation_id, text=text)}
    if version_number and version_number not in known:
        raise NotFound(f"version {version_number} of {text}")
    earlier = known.get(version_number)
    words = earlier.words if earlier and not earlier.is_ours else None
    return save_words(
        session,
        organisation_id=organisation_id,
        text=text,
        words=words,
        seen=max(known, default=0),
        account_id=account_id,
        now=now,
    )
