"""Runs: certificates issued or replaced by the thousand. A row says for whom and how far; the queue works it off."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.audiences import BETWEEN_UNITS, Audience
from certificates.history import LONGEST_WORDS, Reason
from courses.completion import Completion
from kernel import outbox
from kernel.audit import record
from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.errors import NotFound, RuleBroken

WORK_OFF_RUNS = "work-off-certificate-runs"
MOST_FAILURES = 3
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


class RunState(StrEnum):
    """Where a run stands. Paused ones go on when somebody says so; the last two never do."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


OPEN = (RunState.RUNNING, RunState.PAUSED)


class CertificateRun(Base):
    """One run. Who, of what and up to which row are frozen when it starts; so are the counts that somebody confirmed.

    Rows up to ``last_id`` are meant, those up to ``handled_id`` are behind it: completions for a first certificate,
    certificates for a new one. ``open_key`` keeps two open runs from having the same audience.
    """

    __tablename__ = "certificate_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RunKind] = mapped_column(enum_by_value(RunKind))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
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

    state: Mapped[RunState] = mapped_column(enum_by_value(RunState), default=RunState.RUNNING)
    handled_id: Mapped[int] = mapped_column(default=0)
    issued: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    failure_reason: Mapped[str | None] = mapped_column(String(500))
    open_key: Mapped[str | None] = mapped_column(String(700), unique=True)

    __table_args__ = (
        CheckConstraint("unit_path IS NULL OR organisation_id IS NOT NULL", name="unit_has_authority"),
        CheckConstraint("kind = 'issue' OR reason IS NOT NULL", name="reissue_has_reason"),
        Index(None, "organisation_id"),
    )

    @property
    def audience(self) -> Audience:
        """Whose completions are meant."""
        return Audience(self.course_id, self.organisation_id, self.unit_path)

    @property
    def is_open(self) -> bool:
        """Whether it may still issue something."""
        return self.state in OPEN


def is_held() -> ColumnElement[bool]:
    """The condition on ``Completion`` that an open run will come to it, and issue its certificate or leave it out."""
    run = CertificateRun
    below = func.substr(Completion.unit_path, 1, func.length(run.unit_path) + len(BETWEEN_UNITS))
    return (
        select(run.id)
        .where(
            run.kind == RunKind.ISSUE,
            run.state.in_(OPEN),
            run.handled_id < Completion.id,
            run.last_id >= Completion.id,
            run.course_id == Completion.course_id,
            run.organisation_id.is_(None) | (run.organisation_id == Completion.organisation_id),
            run.unit_path.is_(None)
            | (run.unit_path == Completion.unit_path)
            | (below == run.unit_path + BETWEEN_UNITS),
        )
        .correlate(Completion)
        .exists()
    )


def open_run(session: Session, run: CertificateRun) -> CertificateRun:
    """Store a run that was just confirmed, owe its work, and put it on record.

    Raises ``RuleBroken`` when a run for the very same people is open.
    """
    run.open_key = f"{run.kind}/{run.audience.key}"
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as problem:
        raise RuleBroken("A run for the same people is under way. Let it finish or cancel it first") from problem
    outbox.promise(session, job=WORK_OFF_RUNS, subject=str(run.id), now=run.started_at)
    _note(session, run, "started", run.started_by_account_id, run.started_at)
    return run


def pause_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """Issue nothing more until somebody resumes. Raises ``NotFound``, and ``RuleBroken`` unless it is running."""
    run = _locked(session, run_id)
    if run.state is not RunState.RUNNING:
        raise RuleBroken("Only a run that is under way can be paused")
    run.state = RunState.PAUSED
    _note(session, run, "paused", account_id, now)
    session.flush()


def resume_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """Go on where it stopped. Raises ``NotFound``, and ``RuleBroken`` unless it is paused."""
    run = _locked(session, run_id)
    if run.state is not RunState.PAUSED:
        raise RuleBroken("Only a paused run can be resumed")
    run.state, run.failures, run.failure_reason = RunState.RUNNING, 0, None
    outbox.promise_anew(session, job=WORK_OFF_RUNS, subject=str(run.id), now=now)
    _note(session, run, "resumed", account_id, now)
    session.flush()


def cancel_run(session: Session, *, run_id: int, account_id: int, now: datetime) -> None:
    """End it: what is issued stays, the rest is not issued. Raises ``NotFound``, and ``RuleBroken`` when it ended."""
    run = _locked(session, run_id)
    if not run.is_open:
        raise RuleBroken("This run has ended already")
    end_run(session, run, RunState.CANCELLED, now=now)
    _note(session, run, "cancelled", account_id, now)
    session.flush()


def end_run(session: Session, run: CertificateRun, state: RunState, *, now: datetime) -> None:
    """Write down that nothing more comes of it."""
    run.state, run.ended_at, run.open_key = state, now, None
    outbox.keep(session, job=WORK_OFF_RUNS, subjects=[str(run.id)], now=now)


def end_batch(
    session: Session, run: CertificateRun, *, issued: int, handled: Sequence[int], limit: int, now: datetime
) -> bool:
    """Write down what a batch of at most ``limit`` rows did; whether it was the last, which ends the run.

    ``handled`` are the ids of the rows that are behind it now, in order.
    """
    run.issued += issued
    run.failures, run.failure_reason = 0, None
    is_over = len(handled) < limit
    run.handled_id = run.last_id if is_over else handled[-1]
    if is_over:
        end_run(session, run, RunState.DONE, now=now)
    session.flush()
    return is_over


def find_runnable(session: Session, *, run_id: int) -> CertificateRun | None:
    """A running run that no other worker has in hand, held until this transaction ends; else ``None``."""
    return session.scalar(
        select(CertificateRun)
        .where(CertificateRun.id == run_id, CertificateRun.state == RunState.RUNNING)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def running_ids(session: Session) -> Sequence[int]:
    """The runs that are under way, oldest first."""
    return session.scalars(
        select(CertificateRun.id).where(CertificateRun.state == RunState.RUNNING).order_by(CertificateRun.id)
    ).all()


def note_failure(session: Session, *, run_id: int, reason: str, now: datetime) -> None:
    """Write down why a batch failed; the third time in a row the run is paused until somebody has looked."""
    run = _locked(session, run_id)
    if run.state is not RunState.RUNNING:
        return
    run.failures += 1
    run.failure_reason = reason[:500]
    if run.failures >= MOST_FAILURES:
        run.state = RunState.PAUSED
        _note(session, run, "paused", None, now)
    session.flush()


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


def _locked(session: Session, run_id: int) -> CertificateRun:
    run = session.scalar(
        select(CertificateRun)
        .where(CertificateRun.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if run is None:
        raise NotFound(f"certificate run {run_id}")
    return run


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
