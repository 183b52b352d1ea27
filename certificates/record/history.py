"""What happened to a certificate after it was issued: rows that are only ever added, and say whether it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import RuleBroken

LONGEST_WORDS = 300


class EventKind(StrEnum):
    """What can happen to a certificate."""

    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    RESTORED = "restored"


class Reason(StrEnum):
    """Why. ``REASONS`` says which reason fits which event."""

    NAME_CORRECTED = "name-corrected"
    TEMPLATE_FAULT = "template-fault"
    ISSUED_IN_ERROR = "issued-in-error"
    WRONG_PERSON = "wrong-person"
    COURSE_WITHDRAWN = "course-withdrawn"
    REVOKED_IN_ERROR = "revoked-in-error"
    MATTER_SETTLED = "matter-settled"
    OTHER = "other"


# These say that the person did not complete the course, so the completion counts no longer. The others say something
# about the document or the course alone; a certificate with a wrong name is issued anew.
WITHDRAWS_COMPLETION = frozenset({Reason.ISSUED_IN_ERROR, Reason.WRONG_PERSON})

# In the words that the holder reads.
REASONS: Mapping[EventKind, Mapping[Reason, str]] = {
    EventKind.SUPERSEDED: {
        Reason.NAME_CORRECTED: "The name was corrected",
        Reason.TEMPLATE_FAULT: "The document had a fault",
        Reason.OTHER: "Another reason",
    },
    EventKind.REVOKED: {
        Reason.ISSUED_IN_ERROR: "It was issued by mistake: the course was not complete",
        Reason.WRONG_PERSON: "It was issued to the wrong person",
        Reason.COURSE_WITHDRAWN: "The course was withdrawn",
        Reason.OTHER: "Another reason",
    },
    EventKind.RESTORED: {
        Reason.REVOKED_IN_ERROR: "It was revoked by mistake",
        Reason.MATTER_SETTLED: "What led to it has been settled",
        Reason.OTHER: "Another reason",
    },
}

# What the holder of a revoked certificate can do.
WHAT_NOW: Mapping[Reason, str] = {
    Reason.ISSUED_IN_ERROR: "If you think that you had completed the course, ask for it to be looked at again.",
    Reason.WRONG_PERSON: "Nothing else in your record changes. If it was yours, ask for it to be looked at again.",
    Reason.COURSE_WITHDRAWN: "It says nothing about you. Your HR team can tell you which course takes its place.",
    Reason.OTHER: "If you do not agree, ask for it to be looked at again.",
}


class CertificateEvent(Base):
    """One thing that happened to a certificate. ``words`` are read by its holder and may be empty.

    ``actor_account_id`` is empty when the platform itself acted.
    """

    __tablename__ = "certificate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[EventKind] = mapped_column(enum_by_value(EventKind))
    reason: Mapped[Reason] = mapped_column(enum_by_value(Reason))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "certificate_id"),)

    @property
    def reason_words(self) -> str:
        """The reason as the holder reads it, without a full stop."""
        return REASONS[self.kind][self.reason]


keep_append_only(cast(Table, CertificateEvent.__table__))


@dataclass(frozen=True)
class Explanation:
    """Why certificates are changed: one of the reasons, and words that the holders read."""

    reason: Reason
    words: str = ""


def checked_reason(kind: EventKind, reason: Reason, words: str) -> str:
    """The words, tidied. Raises ``RuleBroken`` when the reason does not fit or another reason is not explained."""
    tidy = " ".join(words.split())
    if reason not in REASONS[kind]:
        raise RuleBroken("Select a reason", "reason")
    if reason is Reason.OTHER and not tidy:
        raise RuleBroken("Say what the reason is. The holder reads it", "words")
    if len(tidy) > LONGEST_WORDS:
        raise RuleBroken(f"What you say must be {LONGEST_WORDS} characters or fewer", "words")
    return tidy
