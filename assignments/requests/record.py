"""Requests of learners as they are stored, and the days until which more time was given."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, or_, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.audiences.conditions import end_of
from assignments.due.dates import MoreTime
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value

# The kind of the message that tells a learner what became of a request.
REQUEST_ANSWERED = "request-answered"


class RequestKind(StrEnum):
    """What somebody asks about a course that is asked of them."""

    MORE_TIME = "more-time"
    NOT_FOR_ME = "not-for-me"
    DONE_ALREADY = "done-already"


class Outcome(StrEnum):
    """What became of a request. The last one is that it closed by itself."""

    GRANTED = "granted"
    REFUSED = "refused"
    ANSWERED = "answered"
    CLOSED = "closed"


KIND_WORDS: Mapping[RequestKind, str] = {
    RequestKind.MORE_TIME: "More time",
    RequestKind.NOT_FOR_ME: "“This is not for me”",
    RequestKind.DONE_ALREADY: "“I have done this already”",
}


class LearnerRequest(Base):
    """What one person asks, in their words, about a course that an authority asks of them, and the answer.

    ``wanted_on`` is the day until which they want to have time, ``granted_until`` the one that they were given. A
    request is open until it is decided; a person has one open request about a course at an authority at a time.
    """

    __tablename__ = "learner_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[RequestKind] = mapped_column(enum_by_value(RequestKind))
    words: Mapped[str] = mapped_column(String(600))
    wanted_on: Mapped[date | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(enum_by_value(Outcome))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_until: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(600), default="")

    __table_args__ = (
        Index(
            "uq_learner_request_open",
            "person_id",
            "organisation_id",
            "course_id",
            unique=True,
            postgresql_where=decided_at.is_(None),
            sqlite_where=decided_at.is_(None),
        ),
        Index(None, "person_id"),
        Index(None, "organisation_id", "course_id"),
    )


class TimeGiven(Base):
    """More time about a course that an authority gave somebody who had not asked for it: until ``until``.

    Taken back, it had still been given on the days before.
    """

    __tablename__ = "time_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    until: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index(None, "person_id"), Index(None, "organisation_id", "course_id"))


def is_granted() -> ColumnElement[bool]:
    """The condition on a request that more time was given."""
    return LearnerRequest.outcome == Outcome.GRANTED


def more_time_given(
    session: Session, *, organisation_id: int, course_ids: Collection[int], on: date, people: Select[int]
) -> dict[tuple[int, int], tuple[MoreTime, ...]]:
    """By person and course, the time that those of ``people`` had been given by the end of a day, asked for or not, in
    that order."""
    end = end_of(on)
    asked_for = select(
        LearnerRequest.person_id,
        LearnerRequest.course_id,
        LearnerRequest.decided_at.label("given_at"),
        LearnerRequest.granted_until.label("until"),
        LearnerRequest.id.label("id"),
    ).where(
        LearnerRequest.organisation_id == organisation_id,
        LearnerRequest.course_id.in_(course_ids),
        LearnerRequest.person_id.in_(people),
        LearnerRequest.decided_at < end,
        is_granted(),
    )
    not_asked_for = select(
        TimeGiven.person_id, TimeGiven.course_id, TimeGiven.given_at, TimeGiven.until, TimeGiven.id
    ).where(
        TimeGiven.organisation_id == organisation_id,
        TimeGiven.course_id.in_(course_ids),
        TimeGiven.person_id.in_(people),
        TimeGiven.given_at < end,
        or_(TimeGiven.taken_back_at.is_(None), TimeGiven.taken_back_at >= end),
    )
    rows: Sequence[Any] = session.execute(union_all(asked_for, not_asked_for).order_by("given_at", "id")).all()
    found: defaultdict[tuple[int, int], list[MoreTime]] = defaultdict(list)
    for person_id, course_id, given_at, until, _ in rows:
        if given_at is not None and until is not None:
            found[person_id, course_id].append(MoreTime(local_day(given_at), until))
    return {key: tuple(several) for key, several in found.items()}
