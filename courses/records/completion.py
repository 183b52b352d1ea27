"""Completions: the fact that a person finished a course, kept for ever as it was at that moment.

One that turns out to be none is withdrawn by a row beside it. Whoever reads completions asks ``is_standing``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    bindparam,
    case,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column

from courses.catalogue.versions import CourseVersion
from courses.records.attempts import CurrentAttempt
from courses.records.completion_events import CompletionEvent, CompletionEventKind, withdrawn_completions
from kernel.append_only import keep_append_only
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime, enum_by_value, table_of
from kernel.errors import RuleBroken
from kernel.events import Event
from kernel.insert_once import insert_once
from people.jobs.employment import Employment
from people.jobs.reading import order_of_jobs
from people.jobs.terms import EmploymentTerms
from people.organisations import Unit


class CompletionSource(StrEnum):
    """Where the fact comes from."""

    PLATFORM = "platform"
    IMPORTED = "imported"


class Completion(Base):
    """A person finished a course. Unit, grade and version are copies: reorganisations do not rewrite history.

    ``cycle`` counts up from 1 for what was completed here. What a file brings of the past counts down from 0, so that
    it never takes the cycle in which its person is at it, or was.
    """

    __tablename__ = "completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    cycle: Mapped[int]
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit_path: Mapped[str] = mapped_column(String(620))
    grade: Mapped[str] = mapped_column(String(40))
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[CompletionSource] = mapped_column(enum_by_value(CompletionSource))
    # Read along with each completion, because nearly every page that shows one says something about its certificate.
    gives_certificate: Mapped[bool] = column_property(
        select(CourseVersion.gives_certificate)
        .where(CourseVersion.id == course_version_id)
        .correlate_except(CourseVersion)
        .scalar_subquery()
    )

    @property
    def is_imported(self) -> bool:
        """Whether a file brought it."""
        return self.source is CompletionSource.IMPORTED

    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle"),
        Index(None, "course_id", "person_id"),
        # Figures of a day read nothing else of completions.
        Index(None, "course_id", "completed_at", "person_id", "id"),
    )


keep_append_only(table_of(Completion), but="person_id")


@dataclass(frozen=True)
class CourseCompleted(Event):
    """A course was completed for the first time in its cycle."""

    completion_id: int
    completed_at: datetime


def is_standing(
    completion: type[Completion] = Completion, *, at: SQLColumnExpression[datetime] | None = None
) -> ColumnElement[bool]:
    """The condition that a completion counts: it is not withdrawn, or was not by a moment that a column holds.

    The one definition for figures, lists, zips, runs and what learners see.
    """
    return completion.id.not_in(withdrawn_completions(at))


# What a completion copies of the job that speaks for the person on the day, and how many withdrawn ones stand in the
# way of its cycle: the constraint on the cycle lets each of them have a successor, and only one.
_WITHDRAWN = (
    select(func.count(literal_column("*")))
    .select_from(Completion)
    .where(
        Completion.person_id == bindparam("person_id"),
        Completion.course_id == bindparam("course_id"),
        Completion.cycle >= bindparam("cycle"),
        ~is_standing(),
    )
    .scalar_subquery()
)
_JOB = (
    select(Employment.organisation_id, EmploymentTerms.grade, Unit.path, _WITHDRAWN.label("withdrawn"))
    .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
    .join(Unit, Unit.id == EmploymentTerms.unit_id)
    .where(Employment.person_id == bindparam("person_id"))
    .order_by(*order_of_jobs(bindparam("on", type_=Date)))
    .limit(1)
)


def record_completion(
    session: Session, *, person_id: int, course_id: int, cycle: int, course_version_id: int, now: datetime
) -> tuple[CourseCompleted, ...]:
    """Store the completion once; a second call, also at the same moment, returns no event.

    One that was withdrawn does not stand in the way: the next is stored in the cycle after it.
    Raises ``RuleBroken`` when the person holds no job anywhere, because a completion belongs to an authority's record.
    """
    values = {"person_id": person_id, "course_id": course_id, "cycle": cycle, "on": local_day(now)}
    job = session.connection().execute(_JOB, values).one_or_none()
    if job is None:
        raise RuleBroken("Your record shows no job with one of the seven authorities. Ask your HR team to add it")
    completion = {
        "person_id": person_id,
        "course_id": course_id,
        "cycle": cycle + job.withdrawn,
        "course_version_id": course_version_id,
        "organisation_id": job.organisation_id,
        "unit_path": job.path,
        "grade": job.grade,
        "completed_at": now,
        "source": CompletionSource.PLATFORM,
    }
    stored = insert_once(session, Completion, [completion], unique=("person_id", "course_id", "cycle"))
    return tuple(CourseCompleted(completion_id, now) for completion_id in stored)


def find_completion(session: Session, *, person_id: int, course_id: int) -> Completion | None:
    """The completion of a course that speaks for a person: the newest made here, else the newest of the past."""
    return next(iter(completions_of_course(session, person_id=person_id, course_id=course_id)), None)


# What was completed here before what a file brought; of both the newest first. Built once: home pages and course pages
# run these, and building costs more than running.
_EVER = (
    select(Completion)
    .where(Completion.person_id == bindparam("person_id"))
    .order_by(case((Completion.cycle > 0, 0), else_=1), Completion.completed_at.desc(), Completion.id.desc())
)
_EVER_AND_STANDING = _EVER.add_columns(is_standing())
_OWN = _EVER.where(is_standing())
_OWN_OF_COURSE = _OWN.where(Completion.course_id == bindparam("course_id"))


def completions_of_course(session: Session, *, person_id: int, course_id: int) -> Sequence[Completion]:
    """Every completion of a course that stands, first the one that speaks for its person."""
    return session.scalars(_OWN_OF_COURSE, {"person_id": person_id, "course_id": course_id}).all()


def next_cycle(session: Session, attempt: CurrentAttempt) -> int | None:
    """The cycle in which a course is taken again; ``None`` while an attempt has led to no completion that stands."""
    of_it = select(func.max(Completion.cycle)).where(
        Completion.person_id == attempt.person_id, Completion.course_id == attempt.course_id
    )
    standing = session.scalar(of_it.where(is_standing()))
    if standing is None or not leads_to(attempt, standing):
        return None
    return max(attempt.cycle, session.scalar(of_it) or 0) + 1


def first_cycle(session: Session, *, person_id: int, course_id: int) -> int:
    """The cycle of a first attempt: after every completion that there is, which past learning may have brought."""
    newest = session.scalar(
        select(func.max(Completion.cycle)).where(Completion.person_id == person_id, Completion.course_id == course_id)
    )
    return max(newest or 0, 0) + 1


def leads_to(attempt: CurrentAttempt, cycle: int) -> bool:
    """Whether the completion of a cycle came of an attempt, or of a later one. Withdrawn ones push cycles up."""
    return cycle >= attempt.cycle


def completions_for(session: Session, *, person_id: int) -> Sequence[Completion]:
    """Everything a person has completed and that stands: of each course first what speaks for them."""
    return session.scalars(_OWN, {"person_id": person_id}).all()


@dataclass(frozen=True)
class Withdrawal:
    """That a completion no longer counts: when it had happened, since when it does not count, and why.

    What was completed here falls with its certificate; what a file brought may also go with that file.
    """

    completed_at: datetime
    withdrawn_at: datetime
    reason: str
    is_imported: bool = False


_WITHDRAWALS = (
    select(
        Completion.course_id,
        Completion.completed_at,
        CompletionEvent.happened_at,
        CompletionEvent.reason,
        Completion.source == CompletionSource.IMPORTED,
    )
    .join(CompletionEvent, CompletionEvent.completion_id == Completion.id)
    .where(Completion.person_id == bindparam("person_id"), ~is_standing())
    .order_by(CompletionEvent.id)
)


def withdrawals_of(session: Session, *, person_id: int) -> dict[int, Withdrawal]:
    """By course, what was withdrawn last of a person's completions and is withdrawn still."""
    rows = session.execute(_WITHDRAWALS, {"person_id": person_id})
    return {course_id: Withdrawal(at, since, why, bool(imported)) for course_id, at, since, why, imported in rows}


def completed_and_withdrawn(
    session: Session, *, person_id: int
) -> tuple[Sequence[Completion], Mapping[int, Withdrawal]]:
    """Both ``completions_for`` and ``withdrawals_of``, in one statement where nothing was ever withdrawn."""
    ever = session.execute(_EVER_AND_STANDING, {"person_id": person_id}).all()
    standing = [completion for completion, stands in ever if stands]
    return standing, withdrawals_of(session, person_id=person_id) if len(standing) < len(ever) else {}


def find_withdrawal(session: Session, *, person_id: int, course_id: int) -> Withdrawal | None:
    """What was withdrawn last of a person's completions of a course, and is withdrawn still."""
    return withdrawals_of(session, person_id=person_id).get(course_id)


def note_event(
    session: Session,
    completion: Completion,
    kind: CompletionEventKind,
    *,
    reason: str,
    account_id: int | None,
    now: datetime,
) -> bool:
    """Add a correction beside a completion; whether it changed anything."""
    is_withdrawn = session.scalar(select(Completion.id).where(Completion.id == completion.id, ~is_standing()))
    if (is_withdrawn is not None) is (kind is CompletionEventKind.WITHDRAWN):
        return False
    session.add(
        CompletionEvent(
            completion_id=completion.id, kind=kind, reason=reason, actor_account_id=account_id, happened_at=now
        )
    )
    session.flush()
    return True
