"""Runs: certificates issued or replaced by the thousand. A row says for whom and how far; the queue works it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, false, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.record.audiences import Audience, unit_of
from certificates.record.history import LONGEST_WORDS, Reason
from courses.records.completion import Completion
from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.control import cancel, pause, resume
from kernel.tasks.kinds import ENDED, Task, TaskKind, TaskState, task_state

WORK_OFF_RUNS = "work-off-certificate-runs"
CHANGED = "The numbers have changed since you looked. Look at them again, then confirm"


class RunKind(StrEnum):
    """What is done to each: a first certificate, or a new one in place of the old."""

    ISSUE = "issue"
    REISSUE = "reissue"


class RunMail(StrEnum):
    """Whether the holders of what a run issues are told by e-mail, and when: never, when each file is ready, or in one
    message next morning. Who chose a daily message gets no other.
    """

    NONE = "none"
    AT_ONCE = "at-once"
    MORNING = "morning"


class CertificateRun(Task, Base):
    """One run. Who, of what and up to which row are frozen when it starts; so are the counts that somebody confirmed.

    ``unit_path`` is what the unit was called then. Rows up to ``last_id`` are meant, those up to ``handled_id`` are
    behind it: completions for a first certificate, certificates for a new one. ``open_key`` keeps two open runs from
    having the same audience. Between two batches it is pending.
    """

    __tablename__ = "certificate_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RunKind] = mapped_column(enum_by_value(RunKind))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str | None] = mapped_column(String(620))
    takes_imported: Mapped[bool]
    reason: Mapped[Reason | None] = mapped_column(enum_by_value(Reason))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    mail: Mapped[RunMail] = mapped_column(enum_by_value(RunMail))
    wanted: Mapped[int]
    left_out: Mapped[JsonObject] = mapped_column(JSON)
    last_id: Mapped[int]
    started_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)

    state: Mapped[TaskState] = task_state(pending="running")
    handled_id: Mapped[int] = mapped_column(default=0)
    issued: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    open_key: Mapped[str | None] = mapped_column(String(700), unique=True)

    __table_args__ = (
        CheckConstraint("unit_path IS NULL OR organisation_id IS NOT NULL", name="unit_has_authority"),
        CheckConstraint("kind = 'issue' OR reason IS NOT NULL", name="reissue_has_reason"),
        Index(None, "organisation_id"),
    )

    @property
    def audience(self) -> Audience:
        """Whose completions are meant: the people who counted on the day on which it started."""
        unit_id = unit_of(self.unit_id, self.unit_path)
        return Audience(self.course_id, self.organisation_id, unit_id, on=local_day(self.started_at))

    @property
    def is_open(self) -> bool:
        """Whether it may still issue something."""
        return self.state not in ENDED


@dataclass(frozen=True)
class Batch:
    """What one step of a run did: certificates issued, and the ids of the rows that are behind it now, in order."""

    issued: int
    handled: Sequence[int]


# What was worked on longest ago comes first, so that runs take turns.
_WAITING_SINCE = func.coalesce(CertificateRun.claimed_at, CertificateRun.started_at)
RUNS = TaskKind(
    WORK_OFF_RUNS,
    CertificateRun,
    since=_WAITING_SINCE,
    order=(_WAITING_SINCE,),
    # A batch takes a second or two; after a minute its worker is dead, not slow.
    lease=timedelta(minutes=1),
    in_words="worked on",
)


def is_held(session: Session) -> ColumnElement[bool]:
    """The condition on ``Completion`` that an open run will come to it, and issue its certificate or leave it out."""
    runs = session.scalars(
        select(CertificateRun).where(CertificateRun.kind == RunKind.ISSUE, RUNS.is_open).order_by(CertificateRun.id)
    ).all()
    return or_(false(), *(_comes_to(run) for run in runs))


def _comes_to(run: CertificateRun) -> ColumnElement[bool]:
    return and_(Completion.id > run.handled_id, Completion.id <= run.last_id, run.audience.is_meant())


def open_run(session: Session, run: CertificateRun) -> CertificateRun:
    """Store a run that was just confirmed, and put it on record.

    Raises ``RuleBroken`` when a run for the very same people is open.
    """
    run.open_key = f"{run.kind}/{run.audience.key}"
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as problem:
        raise RuleBroken("A run for the same people is under way. Let it finish or cancel it first") from problem
    _note(session, run, "started", run.started_by_account_id, run.started_at)
    return run


def pause_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """Issue nothing more until somebody resumes. Raises ``RuleBroken`` unless it is under way."""
    if not pause(session, RUNS, run_id):
        raise RuleBroken("Only a run that is under way can be paused")
    _note(session, _fresh(session, run_id), "paused", account_id, now)


def resume_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """Go on where it stopped. Raises ``RuleBroken`` unless it is paused, or has failed."""
    if not resume(session, RUNS, run_id):
        raise RuleBroken("Only a run that has stopped can be resumed")
    _note(session, _fresh(session, run_id), "resumed", account_id, now)


def cancel_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """End it: what is issued stays, the rest is not issued. Raises ``RuleBroken`` when it has ended."""
    if not cancel(session, RUNS, run_id, ended_at=now, open_key=None):
        raise RuleBroken("This run has ended already")
    _note(session, _fresh(session, run_id), "cancelled", account_id, now)


def runs_of(session: Session, *, organisation_id: int | None, limit: int) -> Sequence[CertificateRun]:
    """The newest runs of one authority; of every authority together with ``None``."""
    query = select(CertificateRun).order_by(CertificateRun.id.desc()).limit(limit)
    if organisation_id is not None:
        query = query.where(CertificateRun.organisation_id == organisation_id)
    return session.scalars(query).all()


def get_run(session: Session, *, run_id: int, organisation_id: int | None) -> CertificateRun:
    """A run of this authority's, or any run with ``None``. Raises ``NotFound``."""
    found = session.get(CertificateRun, run_id)
    if found is None or organisation_id not in (None, found.organisation_id):
        raise NotFound(f"certificate run {run_id}")
    return found


def _fresh(session: Session, run_id: int) -> CertificateRun:
    return session.get_one(CertificateRun, run_id, populate_existing=True)


def _note(session: Session, run: CertificateRun, verb: str, account_id: int | None, now: datetime) -> None:
    record(
        session,
        action=f"certificate-run-{verb}",
        subject_type="certificate-run",
        subject_id=run.id,
        actor_account_id=account_id,
        now=now,
        detail={
            "kind": run.kind.value,
            "mail": run.mail.value,
            "course": run.course_id,
            "organisation": run.organisation_id,
            "wanted": run.wanted,
            "issued": run.issued or 0,
        },
    )
