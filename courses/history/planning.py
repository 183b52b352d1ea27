"""Planning a file of past learning: its rows are kept with what each would do, and nothing is changed yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from courses.history.figures import changed_figures
from courses.history.known import Known
from courses.history.known_here import known_of
from courses.history.plan import HistoryPlan, Outcome, PlanItem, plan
from courses.history.rows import HistoryEntry, UnusableEntry
from courses.history.sentences import report_line_sentences
from courses.history.stored import HistoryRow, HistoryRun, Stage, entry_of
from kernel.audit import record
from kernel.clock import local_day
from kernel.columns import length_of
from kernel.tasks.kinds import TaskState
from people.feed.planning.missing import rows_lost
from people.feed.rows import ReportLine, UnusableRow

_AT_ONCE = 2_000
Rows = Iterable[HistoryEntry | UnusableRow | ReportLine]


@dataclass(frozen=True)
class HistoryFile:
    """A file as it was read: its name, the sentences that say how, and its shape."""

    name: str
    how_read: tuple[str, ...]
    headings: tuple[str, ...] = ()
    delimiter: str = ","


@dataclass(frozen=True)
class PlannedFile:
    """What a file would do, worked out and not kept yet."""

    plan: HistoryPlan
    figures: list[dict[str, Any]]


def plan_history(
    session: Session, file: HistoryFile, rows: Rows, *, organisation_id: int, by: int | None, now: datetime
) -> HistoryRun:
    """Keep a plan of what the rows would do. ``by`` is the account that asks; ``None`` for a command."""
    made = plan_rows(session, rows, organisation_id=organisation_id, now=now)
    run = begin_file(session, file, organisation_id=organisation_id, by=by, now=now)
    keep_plan(session, run, file, made, now=now)
    run.stage, run.state = Stage.PLANNED, TaskState.DONE
    session.flush()
    return run


def begin_file(
    session: Session, file: HistoryFile, *, organisation_id: int, by: int | None, now: datetime
) -> HistoryRun:
    """A file that a worker is to read and plan, unless its plan follows at once."""
    run = HistoryRun(
        organisation_id=organisation_id,
        file_name=file.name[-length_of(HistoryRun.file_name) :],
        rows=0,
        how_read=list(file.how_read),
        shape={"headings": list(file.headings), "delimiter": file.delimiter},
        figures=[],
        planned_at=now,
        planned_by_account_id=by,
        stage=Stage.PLANNING,
        state=TaskState.PENDING,
        wanted_at=now,
        wanted_by_account_id=by,
    )
    session.add(run)
    session.flush()
    return run


def plan_rows(session: Session, rows: Rows, *, organisation_id: int, now: datetime) -> PlannedFile:
    """What the rows would do for an authority. Writes nothing."""
    known = known_of(session, organisation_id=organisation_id)
    made = plan(known, rows)
    return PlannedFile(made, _figures(session, known, made, organisation_id, local_day(now)))


def keep_plan(session: Session, run: HistoryRun, file: HistoryFile, made: PlannedFile, *, now: datetime) -> None:
    """Store what a file would do, with its rows. What it is to be next, the caller says."""
    run.rows, run.figures = len(made.plan.items) + len(made.plan.unusable), made.figures
    run.how_read, run.planned_at = [*file.how_read, *report_line_sentences(made.plan.report_lines)], now
    run.shape = {"headings": list(file.headings), "delimiter": file.delimiter}
    run.is_short = rows_lost(made.plan.report_lines) > 0
    session.flush()
    _store(session, run.id, made.plan)
    note_run(session, run, "planned", by=run.planned_by_account_id, now=now)


def plan_again(session: Session, run: HistoryRun, *, now: datetime) -> None:
    """Plan what belonged to nobody once more, because another course or person is known by now."""
    known = known_of(session, organisation_id=run.organisation_id)
    rows = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.run_id == run.id, HistoryRow.outcome != Outcome.UNUSABLE)
        .order_by(HistoryRow.row_number)
    ).all()
    left = [row for row in rows if row.outcome is Outcome.UNMATCHED]
    others = {(row.person_id, row.course_id, row.completed_on) for row in rows if row.outcome is Outcome.MATCHED}
    made = plan(known, [entry_of(row) for row in left])
    items = [
        PlanItem(item.entry, Outcome.REPEATED, item.person_id, item.course_id)
        if item.outcome is Outcome.MATCHED and (item.person_id, item.course_id, item.entry.completed_on) in others
        else item
        for item in made.items
    ]
    session.execute(delete(HistoryRow).where(HistoryRow.run_id == run.id, HistoryRow.outcome == Outcome.UNMATCHED))
    session.flush()
    _store(session, run.id, HistoryPlan(tuple(items)))
    matched = [(row.person_id, row.course_id, row.completed_on) for row in rows if row.outcome is Outcome.MATCHED]
    added = [*matched, *(_key(item) for item in items if item.outcome is Outcome.MATCHED)]
    run.figures = _listed(session, known, added, run.organisation_id, local_day(now))


def note_run(session: Session, run: HistoryRun, verb: str, *, by: int | None, now: datetime) -> None:
    """Put on record what was done with a run."""
    record(
        session,
        action=f"past-learning-{verb}",
        subject_type="history-run",
        subject_id=run.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": run.organisation_id, "rows": run.rows},
    )


def _store(session: Session, run_id: int, made: HistoryPlan) -> None:
    rows = _stored_rows(run_id, made)
    while some := list(islice(rows, _AT_ONCE)):
        session.execute(insert(HistoryRow), some)


def _stored_rows(run_id: int, made: HistoryPlan) -> Iterator[dict[str, Any]]:
    for item in made.items:
        is_nobodys = item.outcome is Outcome.UNMATCHED
        yield {
            "run_id": run_id,
            "row_number": item.entry.row_number,
            "outcome": item.outcome,
            "person_id": item.person_id,
            "course_id": item.course_id,
            "completed_on": item.entry.completed_on,
            "source": item.entry.source,
            "evidence": item.entry.evidence,
            "said": _said(item.entry) if is_nobodys else {},
            "sent": list(item.entry.sent) if is_nobodys else [],
            "problems": [doubt.value for doubt in item.doubts],
            "suggested": list(item.suggested),
            "again_run_id": item.entry.again[0] if item.entry.again else None,
            "again_row_number": item.entry.again[1] if item.entry.again else None,
        }
    for row in made.unusable:
        yield {
            "run_id": run_id,
            "row_number": row.row_number,
            "outcome": Outcome.UNUSABLE,
            "person_id": None,
            "course_id": None,
            "completed_on": None,
            "source": "",
            "evidence": "",
            "said": {"number": row.payroll_number} if row.payroll_number else {},
            "sent": list(row.sent) if isinstance(row, UnusableEntry) else [],
            "problems": [asdict(problem) for problem in row.problems],
            "suggested": [],
            "again_run_id": None,
            "again_row_number": None,
        }


def _said(entry: HistoryEntry) -> dict[str, str]:
    said = {"number": entry.payroll_number, "name": entry.name, "course": entry.course}
    said |= {"born_on": entry.born_on.isoformat()} if entry.born_on else {}
    return {key: value for key, value in said.items() if value}


def _figures(session: Session, known: Known, made: HistoryPlan, organisation_id: int, on: date) -> list[dict[str, Any]]:
    return _listed(session, known, [_key(item) for item in made.of(Outcome.MATCHED)], organisation_id, on)


def _listed(
    session: Session, known: Known, added: Sequence[Any], organisation_id: int, on: date
) -> list[dict[str, Any]]:
    figures = changed_figures(session, organisation_id=organisation_id, added=added, courses=known.courses, on=on)
    return [{**asdict(one), "on": one.on.isoformat()} for one in figures]


def _key(item: PlanItem) -> tuple[int | None, int | None, date]:
    return item.person_id, item.course_id, item.entry.completed_on
