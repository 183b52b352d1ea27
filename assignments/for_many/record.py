"""What is done for many people at once, as it is stored: one row for the decision, and one for each person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.exemptions.record import ExemptionReason
from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.tasks.kinds import ENDED, Task, TaskKind, TaskState, task_state

WORK_OFF_ACTS = "work-off-acts-for-many"


class ActKind(StrEnum):
    """What is done; the value is the word of an address."""

    NUDGE = "nudge"
    MORE_TIME = "more-time"
    EXEMPT = "exempt"


class PersonOutcome(StrEnum):
    """What became of one person: to come, done, left out, taken back; or it stayed, where nothing can be taken back."""

    WAITING = "waiting"
    DONE = "done"
    LEFT_OUT = "left-out"
    TAKEN_BACK = "taken-back"
    STAYED = "stayed"


class Why(StrEnum):
    """Why somebody is left out, or why what was done stayed."""

    FINISHED = "finished"
    NOT_ASKED = "not-asked"
    EXEMPT = "exempt"
    AWAY = "away"
    UNREACHABLE = "unreachable"
    NUDGED_LATELY = "nudged-lately"
    NO_DATE = "no-date"
    HAS_LONGER = "has-longer"
    TOO_FAR = "too-far"
    ONESELF = "oneself"
    SENT = "sent"
    ENDED = "ended"


# After a number of people: "6 people …".
WHY_WORDS: Mapping[Why, tuple[str, str]] = {
    Why.FINISHED: ("has finished", "have finished"),
    Why.NOT_ASKED: ("is not asked today", "are not asked today"),
    Why.EXEMPT: ("is exempt on one of these days already", "are exempt on one of these days already"),
    Why.AWAY: ("is on leave, and is not written to", "are on leave, and are not written to"),
    Why.UNREACHABLE: (
        "is reached neither by email nor by a text: their manager has a list to print",
        "are reached neither by email nor by a text: their managers have a list to print",
    ),
    Why.NUDGED_LATELY: ("was nudged in the last 7 days", "were nudged in the last 7 days"),
    Why.NO_DATE: ("has no date, so there is no time to give", "have no date, so there is no time to give"),
    Why.HAS_LONGER: ("has time until that day or longer already", "have time until that day or longer already"),
    Why.TOO_FAR: ("would get more than a year beyond their date", "would get more than a year beyond their date"),
    Why.ONESELF: ("is you: somebody else in HR decides about that", "are you"),
    Why.SENT: ("had been written to already", "had been written to already"),
    Why.ENDED: ("was asked again before", "were asked again before"),
}


class ActForMany(Task, Base):
    """One decision about many people: which course, on what terms, and how far it is.

    ``whom`` is the list in words, as it was chosen. ``ends_on`` is the last day of more time or of an exemption. Once
    ``taking_back_at`` is there, the same row is worked off backwards.
    """

    __tablename__ = "act_for_many"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ActKind] = mapped_column(enum_by_value(ActKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    whom: Mapped[str] = mapped_column(String(800))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    reason: Mapped[ExemptionReason | None] = mapped_column(enum_by_value(ExemptionReason))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    wanted: Mapped[int]
    started_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[TaskState] = task_state()
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taking_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id"),)

    @property
    def is_going_on(self) -> bool:
        """Whether more is to come."""
        return self.state not in ENDED


class PersonOfAct(Base):
    """What became of one person. ``subject_id`` is the nudge, the time given or the exemption that it made."""

    __tablename__ = "act_for_many_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act_for_many.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[PersonOutcome] = mapped_column(enum_by_value(PersonOutcome))
    why: Mapped[Why | None] = mapped_column(enum_by_value(Why))
    subject_id: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("act_id", "person_id"),
        Index(None, "act_id", "outcome"),
        Index(None, "person_id"),
    )


_WAITING_SINCE = func.coalesce(ActForMany.claimed_at, ActForMany.taking_back_at, ActForMany.started_at)
ACTS = TaskKind(
    WORK_OFF_ACTS,
    ActForMany,
    since=_WAITING_SINCE,
    order=(_WAITING_SINCE,),
    # A batch takes a second or two; after a minute its worker is dead, not slow.
    lease=timedelta(minutes=1),
    in_words="worked on",
)


def get_act(session: Session, *, act_id: int, organisation_id: int) -> ActForMany:
    """One of an authority's. Raises ``NotFound``."""
    found = session.get(ActForMany, act_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"act for many {act_id}")
    return found
