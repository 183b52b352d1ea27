"""What admins and HR leads do to the jobs of a person by hand: correct one, end one, take back what was done by hand.

Everything is a change in the ledger of ``people/jobs``, so that a day in the past goes on showing what held then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.jobs.writing import NewChange, Source, record_changes, undo_changes
from people.organisations import Organisation, Unit
from people.visibility import PeopleScope

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class JobSpan:
    """What a job was from a day to a day, both included; ``ends_on`` is empty while no end is known."""

    job_title: str
    unit_id: int
    unit_path: str
    site: str
    hours_per_week: float | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class JobRecord:
    """A job with its history, the newest span first."""

    employment_id: int
    organisation_id: int
    organisation_name: str
    payroll_number: str
    spans: tuple[JobSpan, ...]

    def is_held(self, on: date) -> bool:
        """Whether the job is held on a day or later."""
        return any(span.ends_on is None or span.ends_on >= on for span in self.spans)


@dataclass(frozen=True)
class HandChange:
    """Something that was changed by hand and can be taken back."""

    id: int
    employment_id: int
    effective_on: date
    values: Mapping[str, Any]
    reason: str


def job_records(session: Session, *, person_id: int, scope: PeopleScope) -> tuple[JobRecord, ...]:
    """The jobs of a person that somebody may see, each with its history; the one that goes on longest first."""
    rows = session.execute(
        select(Employment, Organisation.name, EmploymentTerms, Unit.path)
        .join(Organisation, Organisation.id == Employment.organisation_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .join(Unit, Unit.id == EmploymentTerms.unit_id)
        .where(*_jobs_of(person_id, scope))
        .order_by(EmploymentTerms.starts_on.desc(), Employment.id)
    )
    found: dict[int, JobRecord] = {}
    for job, organisation, terms, path in rows:
        span = JobSpan(
            terms.job_title,
            terms.unit_id,
            path,
            terms.site,
            terms.hours_per_week,
            terms.starts_on,
            terms.ends_on,
        )
        before = found.get(job.id)
        spans = (*(before.spans if before else ()), span)
        found[job.id] = JobRecord(job.id, job.organisation_id, organisation, job.payroll_number, spans)
    return tuple(sorted(found.values(), key=lambda one: one.spans[0].ends_on or date.max, reverse=True))


def get_job(session: Session, *, person_id: int, employment_id: int, scope: PeopleScope) -> JobRecord:
    """One of them. Raises ``NotFound``, also for a job that somebody may not see."""
    found = job_records(session, person_id=person_id, scope=scope)
    job = next((one for one in found if one.employment_id == employment_id), None)
    if job is None:
        raise NotFound(f"job {employment_id} of person {person_id}")
    return job


def hand_changes(session: Session, *, person_id: int, scope: PeopleScope) -> tuple[HandChange, ...]:
    """What was changed by hand in the jobs of a person and not taken back, the newest first.

    Another job that was added, with a reason, can be taken back while nothing else is said of it and its holder has
    one beside it; else it is ended instead.
    """
    rows = session.scalars(
        select(EmploymentChange)
        .join(Employment, Employment.id == EmploymentChange.employment_id)
        .where(
            *_jobs_of(person_id, scope),
            EmploymentChange.origin == ChangeOrigin.HAND,
            EmploymentChange.undone_at.is_(None),
        )
        .order_by(EmploymentChange.recorded_at.desc(), EmploymentChange.id.desc())
    )
    changes = rows.all()
    added = {one.employment_id for one in changes if one.values.get("held")}
    alone = _said_once(session, added) if added else frozenset()
    return tuple(
        HandChange(one.id, one.employment_id, one.effective_on, one.values, one.reason)
        for one in changes
        if not one.values.get("held") or (one.reason and one.employment_id in alone)
    )


def _said_once(session: Session, employment_ids: Collection[int]) -> frozenset[int]:
    """Those of these jobs of which one thing alone is said, and whose holder has another job."""
    other, of_other = aliased(Employment), aliased(EmploymentTerms)
    has_another = exists().where(
        other.person_id == Employment.person_id, other.id != Employment.id, of_other.employment_id == other.id
    )
    found = session.scalars(
        select(EmploymentChange.employment_id)
        .join(Employment, Employment.id == EmploymentChange.employment_id)
        .where(EmploymentChange.employment_id.in_(employment_ids), EmploymentChange.undone_at.is_(None), has_another)
        .group_by(EmploymentChange.employment_id)
        .having(func.count() == 1)
    )
    return frozenset(found)


def end_job(session: Session, *, job: JobRecord, last_day: date, reason: str, by: int, now: datetime) -> None:
    """End a job after its last day. Raises ``RuleBroken`` for a day before it began, or one it is not held on."""
    first = min(span.starts_on for span in job.spans)
    if last_day < first:
        raise RuleBroken("The last day must not be before the first day of the job", field="last_day")
    if last_day == date.max or not any(_holds(span, last_day + _DAY) for span in job.spans):
        raise RuleBroken("The job has ended by then already", field="last_day")
    change = NewChange(job.employment_id, last_day + _DAY, {"held": False}, reason=composed(reason))
    record_changes(session, [change], source=Source(ChangeOrigin.HAND, by=by), now=now)
    _note(session, "job-ended", job, by, now, ends_on=last_day.isoformat(), reason=composed(reason))


def correct_job(
    session: Session, *, job: JobRecord, values: Mapping[str, object], since: date, reason: str, by: int, now: datetime
) -> None:
    """Say what a job is from a day on. Raises ``RuleBroken`` where nothing would change, or nobody holds it then."""
    span = next((one for one in job.spans if _holds(one, since)), None)
    if span is None:
        raise RuleBroken("The job is not held on that day", field="since")
    changed = {key: value for key, value in values.items() if getattr(span, key) != value}
    if not changed:
        raise RuleBroken("Nothing of this differs from what the record says for that day", field="job_title")
    change = NewChange(job.employment_id, since, changed, reason=composed(reason))
    record_changes(session, [change], source=Source(ChangeOrigin.HAND, by=by), now=now)
    _note(session, "job-corrected", job, by, now, since=since.isoformat(), reason=composed(reason))


def take_back(session: Session, *, change: HandChange, job: JobRecord, by: int, now: datetime) -> None:
    """Let the record say again what it said before; what was recorded since stays."""
    undo_changes(session, change_ids=[change.id], by=by, now=now)
    _note(session, "job-change-taken-back", job, by, now)


def _holds(span: JobSpan, on: date) -> bool:
    return span.starts_on <= on and (span.ends_on is None or span.ends_on >= on)


def _jobs_of(person_id: int, scope: PeopleScope) -> tuple[ColumnElement[bool], ...]:
    mine = Employment.person_id == person_id
    if scope.organisation_ids is None:
        return (mine,)
    return mine, Employment.organisation_id.in_(scope.organisation_ids)


def _note(session: Session, action: str, job: JobRecord, by: int, now: datetime, **detail: str) -> None:
    person_id = session.scalar(select(Employment.person_id).where(Employment.id == job.employment_id))
    record(
        session,
        action=action,
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
        detail={"job": job.payroll_number, **{key: value for key, value in detail.items() if value}},
    )
