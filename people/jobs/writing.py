"""The one way to change what stands in the record: a line in the ledger, from which the terms are made anew.

Everything works on thousands of jobs in a few statements. Two who write about the same job take turns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.database import table_of
from people.jobs.absences import AbsenceKind
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.history import StatedChange, history_of
from people.jobs.rebuilding import AT_ONCE, History, hold_jobs, rebuild, store_histories
from people.jobs.values import Terms, kept_values

_DAY = timedelta(days=1)
# What is only brought into this form, or made up, says nothing new about the past.
_NEVER_CORRECT = (ChangeOrigin.MIGRATION, ChangeOrigin.DEMO)
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Away:
    """Long leave, both days included; without an end until somebody says so."""

    starts_on: date
    ends_on: date | None = None
    kind: AbsenceKind = AbsenceKind.LONG_LEAVE


@dataclass(frozen=True)
class NewJob:
    """A job that was not in the record, with all that is known of it; both days are included."""

    person_id: int
    organisation_id: int
    payroll_number: str
    starts_on: date
    terms: Terms
    ends_on: date | None = None
    away: tuple[Away, ...] = ()

    def said(self) -> tuple[tuple[date, dict[str, object]], ...]:
        """The changes that this job begins with: the day of each, and its values."""
        said: list[tuple[date, dict[str, object]]] = [(self.starts_on, {"held": True, **vars(self.terms)})]
        for leave in self.away:
            said.append((leave.starts_on, {"away": leave.kind}))
            said += [(day, {"away": None}) for day in _after(leave.ends_on)]
        said += [(day, {"held": False}) for day in _after(self.ends_on)]
        return tuple(said)


def _after(day: date | None) -> Iterator[date]:
    if day is not None and day != date.max:  # no day comes after it: that is no end
        yield day + _DAY


@dataclass(frozen=True)
class NewChange:
    """From ``effective_on`` on a job has these values: only the fields that change, and ``held`` and ``away``.

    ``held: False`` ends the job from that day on, so its last day is the one before. ``stated_at`` is when the source
    said so; without it, when it is recorded.
    """

    employment_id: int
    effective_on: date
    values: Mapping[str, object]
    stated_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Source:
    """Who says what is written: where it comes from, in which run of it, and whose account did it."""

    origin: ChangeOrigin
    run_id: int | None = None
    by: int | None = None


@dataclass(frozen=True)
class ChangesOutcome:
    """How much was written, and how much of it says something about days that were past already."""

    change_count: int
    correction_count: int


@dataclass(frozen=True)
class _Recording:
    """What all rows of one writing share."""

    source: Source
    now: datetime
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, change: NewChange) -> StatedChange:
        stated = StatedChange(change.effective_on, change.stated_at or self.now, kept_values(change.values))
        is_past = change.effective_on < local_day(self.now)
        self.rows.append(
            {
                "employment_id": change.employment_id,
                "effective_on": stated.effective_on,
                "stated_at": stated.stated_at,
                "values": stated.values,
                "origin": self.source.origin,
                "run_id": self.source.run_id,
                "is_correction": is_past and self.source.origin not in _NEVER_CORRECT,
                "reason": change.reason,
                "recorded_at": self.now,
                "actor_account_id": self.source.by,
            }
        )
        return stated


def add_jobs(session: Session, jobs: Sequence[NewJob], *, source: Source, now: datetime) -> tuple[int, ...]:
    """Store new jobs; returns their ids in the order of ``jobs``.

    Raises ``IntegrityError`` where a payroll number is taken, so the caller looks first and says whose it is.
    """
    session.flush()
    ids: list[int] = []
    for some in _parts(jobs):
        ids += _store(session, some, source, now)
    return tuple(ids)


def _store(session: Session, jobs: Sequence[NewJob], source: Source, now: datetime) -> Sequence[int]:
    table = table_of(Employment)
    rows = [
        {
            "person_id": job.person_id,
            "organisation_id": job.organisation_id,
            "payroll_number": job.payroll_number,
            "starts_on": job.starts_on,
        }
        for job in jobs
    ]
    session.execute(insert(table), rows)
    ids = _ids_of(session, jobs)
    recording = _Recording(source, now)
    histories: dict[int, History] = {}
    for key, job in zip(ids, jobs, strict=True):
        stated = [recording.add(NewChange(key, day, values)) for day, values in job.said()]
        histories[key] = history_of(stated)
    session.execute(insert(table_of(EmploymentChange)), recording.rows)
    store_histories(session, histories)
    return ids


def _ids_of(session: Session, jobs: Sequence[NewJob]) -> Sequence[int]:
    """Read back by their numbers: SQLite gives new ids back in order only with one statement for each row."""
    columns = (Employment.organisation_id, Employment.payroll_number, Employment.id)
    numbers = [job.payroll_number for job in jobs]
    stored = session.execute(select(*columns).where(Employment.payroll_number.in_(numbers)))
    ids = {(organisation_id, number): key for organisation_id, number, key in stored}
    return [ids[job.organisation_id, job.payroll_number] for job in jobs]


def record_changes(session: Session, changes: Sequence[NewChange], *, source: Source, now: datetime) -> ChangesOutcome:
    """Write changes down and make the terms of their jobs anew. A change of an earlier day is a correction.

    Raises ``ValueError`` for a field or a value that a job cannot have.
    """
    recording = _Recording(source, now)
    for change in changes:
        recording.add(change)
    session.flush()
    ids = sorted({change.employment_id for change in changes})
    for some in _parts(ids):
        hold_jobs(session, some)
    for rows in _parts(recording.rows):
        session.execute(insert(table_of(EmploymentChange)), rows)
    for some in _parts(ids):
        rebuild(session, some)
    return ChangesOutcome(len(recording.rows), sum(row["is_correction"] for row in recording.rows))


def undo_run(session: Session, *, source: Source, now: datetime) -> int:
    """Take back what a run wrote, and keep what was written since; returns how many changes that were.

    A job that this run added is held no more, and stays in the record.
    """
    whose = (EmploymentChange.origin == source.origin) & (EmploymentChange.run_id == source.run_id)
    return _undo(session, whose, source.by, now)


def undo_changes(session: Session, *, change_ids: Sequence[int], by: int | None, now: datetime) -> int:
    """Take back some changes; returns how many were not taken back before."""
    return sum(_undo(session, EmploymentChange.id.in_(some), by, now) for some in _parts(change_ids))


def _undo(session: Session, which: ColumnElement[bool], by: int | None, now: datetime) -> int:
    session.flush()
    wanted = which & EmploymentChange.undone_at.is_(None)
    ids = session.scalars(
        select(EmploymentChange.employment_id).where(wanted).distinct().order_by(EmploymentChange.employment_id)
    ).all()
    for some in _parts(ids):
        hold_jobs(session, some)
    undone = 0
    for some in _parts(ids):
        taken = (
            update(table_of(EmploymentChange))
            .where(wanted, EmploymentChange.employment_id.in_(some))
            .values(undone_at=now, undone_by_account_id=by)
        )
        undone += session.execute(taken).rowcount  # type: ignore[attr-defined]
        rebuild(session, some)
    return undone


def _parts(everything: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    return (everything[start : start + AT_ONCE] for start in range(0, len(everything), AT_ONCE))
