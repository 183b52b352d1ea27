"""Runs of past learning as people handle them: looking at one, applying it, undoing it, putting it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from courses.catalogue.versions import current_versions
from courses.history.plan import Outcome
from courses.history.planning import note_run
from courses.history.sentences import ChangedFigure, HistorySentence, sentences_of
from courses.history.stored import HistoryRow, HistoryRun, Stage
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState

_MAY_APPLY = (Stage.PLANNED, Stage.UNDONE)
SECOND_PERSON = "A second person must agree to this: somebody who did not bring the file"
_FRESH = {
    "state": TaskState.PENDING,
    "claimed_by": None,
    "claims": 0,
    "failures": 0,
    "retry_at": None,
    "failure_reason": None,
    "handled_id": 0,
    "done": 0,
}


@dataclass(frozen=True)
class HistoryPage:
    """One page of rows, and how many there are in all."""

    rows: Sequence[HistoryRow]
    count: int


@dataclass(frozen=True)
class AddedTo:
    """A course to which a run adds completions, and how many."""

    slug: str
    title: str
    gives_certificate: bool
    count: int


def get_run(session: Session, *, run_id: int, organisation_id: int | None) -> HistoryRun:
    """A run of this authority's, or any run with ``None``. Raises ``NotFound``."""
    run = session.get(HistoryRun, run_id)
    if run is None or organisation_id not in (None, run.organisation_id):
        raise NotFound(f"run {run_id} of past learning")
    return run


def runs_of(session: Session, *, organisation_id: int, limit: int) -> Sequence[HistoryRun]:
    """The newest runs of an authority."""
    query = select(HistoryRun).where(HistoryRun.organisation_id == organisation_id)
    return session.scalars(query.order_by(HistoryRun.id.desc()).limit(limit)).all()


def counts_of(session: Session, *, run_ids: Sequence[int]) -> Mapping[int, Mapping[Outcome, int]]:
    """How many rows of each run have which outcome."""
    found: dict[int, dict[Outcome, int]] = {run_id: {} for run_id in run_ids}
    rows = session.execute(
        select(HistoryRow.run_id, HistoryRow.outcome, func.count())
        .where(HistoryRow.run_id.in_(run_ids))
        .group_by(HistoryRow.run_id, HistoryRow.outcome)
    )
    for run_id, outcome, count in rows:
        found[run_id][outcome] = count
    return found


def sentences_for(session: Session, run: HistoryRun) -> tuple[HistorySentence, ...]:
    """The plan of a run in words."""
    counts = counts_of(session, run_ids=[run.id])[run.id]
    return sentences_of(counts, {one.title: one.count for one in courses_of(session, run_id=run.id)})


def courses_of(session: Session, *, run_id: int) -> Sequence[AddedTo]:
    """The courses to which a run adds completions, by their present titles."""
    rows = session.execute(
        select(HistoryRow.course_id, func.count())
        .where(HistoryRow.run_id == run_id, HistoryRow.outcome == Outcome.MATCHED)
        .group_by(HistoryRow.course_id)
    )
    counts: dict[int | None, int] = dict(rows.all())
    return [
        AddedTo(course.slug, version.title, version.gives_certificate, counts[course.id])
        for course, version in current_versions(session)
        if course.id in counts
    ]


def figures_of(run: HistoryRun, *, smallest_shown: int) -> tuple[ChangedFigure, ...]:
    """The figures that a run changes, as they were when it was planned: without those of few people.

    Those of days that were over then are rounded, as they are everywhere: two exact figures would give away what a few
    people did between their days.
    """
    planned_on = local_day(run.planned_at)
    every = (ChangedFigure(**{**one, "on": date.fromisoformat(one["on"])}) for one in run.figures)
    known = (one.in_steps(smallest_shown) if one.on < planned_on else one for one in every)
    return tuple(
        one
        for one in known
        if one.before != one.after and one.people >= (5 * smallest_shown if one.step > 1 else smallest_shown)
    )


def rows_page(session: Session, run: HistoryRun, outcome: Outcome, *, page: int, size: int) -> HistoryPage:
    """One page of a run's rows with one outcome, counted from 1, in the order of the file."""
    which = (HistoryRow.run_id == run.id, HistoryRow.outcome == outcome)
    rows = session.scalars(
        select(HistoryRow)
        .where(*which)
        .order_by(HistoryRow.row_number, HistoryRow.id)
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return HistoryPage(rows, session.scalar(select(func.count()).select_from(HistoryRow).where(*which)) or 0)


def needs_second_person(run: HistoryRun) -> bool:
    """Whether a file is not applied by whoever brought it, because a part of it seems to be missing."""
    return run.is_short and run.stage in _MAY_APPLY


def start_applying(session: Session, *, run_id: int, account_id: int | None, now: datetime) -> None:
    """Have a plan applied, or one that was undone applied again.

    Raises ``RuleBroken`` when neither it is, and where a second person has to agree: see ``needs_second_person``.
    """
    run = session.get_one(HistoryRun, run_id)
    if needs_second_person(run) and (account_id is None or account_id == run.planned_by_account_id):
        raise RuleBroken(SECOND_PERSON)
    wanted = (
        select(func.count())
        .select_from(HistoryRow)
        .where(HistoryRow.run_id == run_id, HistoryRow.outcome == Outcome.MATCHED)
    )
    _start(session, run_id, _MAY_APPLY, Stage.APPLYING, session.scalar(wanted) or 0, account_id, now)


def start_undoing(session: Session, *, run_id: int, account_id: int | None, now: datetime) -> None:
    """Have everything taken back that a run added. Raises ``RuleBroken`` unless it is applied."""
    wanted = (
        select(func.count())
        .select_from(HistoryRow)
        .where(HistoryRow.run_id == run_id, HistoryRow.completion_id.is_not(None), HistoryRow.undone_at.is_(None))
    )
    _start(session, run_id, (Stage.APPLIED,), Stage.UNDOING, session.scalar(wanted) or 0, account_id, now)


def discard_run(session: Session, *, run_id: int, account_id: int | None, now: datetime) -> None:
    """Put away a file that nobody applied, with its rows; a worker that reads it loses it.

    Raises ``RuleBroken`` when it was applied once.
    """
    moved = session.scalars(
        update(HistoryRun)
        .where(HistoryRun.id == run_id, HistoryRun.stage.in_((Stage.PLANNED, Stage.PLANNING, Stage.UNREADABLE)))
        .values(stage=Stage.DISCARDED, state=TaskState.CANCELLED, claimed_by=None, failure_reason=None)
        .returning(HistoryRun.id)
    ).all()
    if not moved:
        raise RuleBroken("Only a plan that was not applied yet can be put away")
    session.execute(delete(HistoryRow).where(HistoryRow.run_id == run_id))
    note_run(session, _fresh(session, run_id), "discarded", by=account_id, now=now)


def _start(
    session: Session,
    run_id: int,
    before: Sequence[Stage],
    after: Stage,
    wanted: int,
    account_id: int | None,
    now: datetime,
) -> None:
    moved = session.scalars(
        update(HistoryRun)
        .where(HistoryRun.id == run_id, HistoryRun.stage.in_(before))
        .values(**_FRESH, stage=after, wanted=wanted, wanted_at=now, wanted_by_account_id=account_id)
        .returning(HistoryRun.id)
    ).all()
    if not moved:
        words = "be applied" if after is Stage.APPLYING else "be undone"
        raise RuleBroken(f"This file cannot {words} now: look at how far it is, and try again")
    verb = "applied" if after is Stage.APPLYING else "undone"
    note_run(session, _fresh(session, run_id), verb, by=account_id, now=now)


def _fresh(session: Session, run_id: int) -> HistoryRun:
    return session.get_one(HistoryRun, run_id, populate_existing=True)
