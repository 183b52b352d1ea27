"""What admins and HR leads do to the jobs of a person by hand: correct one, end one, take back what was done by hand.

Everything is a change in the ledger of ``people/jobs``, so that a day in the past goes on showing what held then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.correcting import check_manager, moved_days, said_with
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import NewChange, Source, record_changes, undo_changes
from people.organisations import Organisation, Unit
from people.visibility import PeopleScope

_DAY = timedelta(days=1)
_TERMS = tuple(one.name for one in fields(Terms))


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
    grade: str = ""
    kind: EmploymentKind = EmploymentKind.EMPLOYEE
    contract: str = ""
    manager_id: int | None = None
    manager_payroll_number: str = ""
    is_main: bool = True

    @property
    def terms(self) -> dict[str, object]:
        """What it was, as the ledger keeps it."""
        return {key: getattr(self, key) for key in _TERMS}


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
    manager = aliased(Employment)
    rows = session.execute(
        select(Employment, Organisation.name, EmploymentTerms, Unit.path, manager.payroll_number)
        .join(Organisation, Organisation.id == Employment.organisation_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .join(Unit, Unit.id == EmploymentTerms.unit_id)
        .outerjoin(manager, manager.id == EmploymentTerms.manager_id)
        .where(*_jobs_of(person_id, scope))
        .order_by(EmploymentTerms.starts_on.desc(), Employment.id)
    )
    found: dict[int, JobRecord] = {}
    for job, organisation, terms, path, manager_number in rows:
        span = JobSpan(
            terms.job_title,
            terms.unit_id,
            path,
            terms.site,
            terms.hours_per_week,
            terms.starts_on,
            terms.ends_on,
            terms.grade,
            terms.kind,
            terms.contract,
            terms.manager_id,
            manager_number or "",
            terms.is_main,
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


@dataclass(frozen=True)
class Correction:
    """What a job is from ``since`` on, and the days between which it is held without a gap, as somebody typed them."""

    values: Mapping[str, object]
    since: date | None
    first_day: date
    last_day: date | None
    reason: str


def correct_job(session: Session, *, job: JobRecord, correction: Correction, by: int, now: datetime) -> tuple[str, ...]:
    """Say what a job is from a day on, and from when until when it is held; returns what is different by it.

    Raises ``RuleBroken`` where nothing would change, for days that cannot be, and for a ring of managers.
    """
    span, reason = _span_on(job, correction.since), composed(correction.reason)
    changed = {key: value for key, value in correction.values.items() if not _is_same(getattr(span, key), value)}
    changes = [NewChange(job.employment_id, day, values, reason=reason) for day, values in _moved(job, correction)]
    if changed:
        since = correction.since
        if since is None:
            raise RuleBroken("Enter the day from which it holds", field="since")
        manager_id = changed.get("manager_id")
        if isinstance(manager_id, int):
            check_manager(session, employment_id=job.employment_id, manager_id=manager_id, on=since)
        changes.append(NewChange(job.employment_id, since, changed, reason=reason))
        if changed.get("is_main"):
            changes += [
                NewChange(*one, {"is_main": False}, reason=reason) for one in _other_main_jobs(session, job, since)
            ]
    if not changes:
        raise RuleBroken("Nothing of this differs from what the record says for that day", field="job_title")
    record_changes(session, changes, source=Source(ChangeOrigin.HAND, by=by), now=now)
    what = (*changed, *(["days"] if len(changes) > bool(changed) else []))
    since_said = correction.since.isoformat() if correction.since and changed else ""
    _note(session, "job-corrected", job, by, now, terms=" ".join(what), since=since_said, reason=reason)
    return what


def _other_main_jobs(session: Session, job: JobRecord, since: date) -> list[tuple[int, date]]:
    """The other jobs of the person with the authority that are main ones from a day on, and from when: one can be."""
    owner = select(Employment.person_id).where(Employment.id == job.employment_id).scalar_subquery()
    rows = session.execute(
        select(Employment.id, func.min(EmploymentTerms.starts_on))
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id == owner, Employment.organisation_id == job.organisation_id)
        .where(Employment.id != job.employment_id, EmploymentTerms.is_main)
        .where(or_(EmploymentTerms.ends_on.is_(None), EmploymentTerms.ends_on >= since))
        .group_by(Employment.id)
        .order_by(Employment.id)
    ).all()
    return [(employment_id, max(since, starts_on)) for employment_id, starts_on in rows]


def spell_of(job: JobRecord) -> tuple[date, date | None]:
    """The days between which a job is held, or was held last, without a gap, both included."""
    first = job.spans[0].starts_on
    for span in job.spans[1:]:
        if span.ends_on != first - _DAY:
            break
        first = span.starts_on
    return first, job.spans[0].ends_on


def _span_on(job: JobRecord, since: date | None) -> JobSpan:
    span = next((one for one in job.spans if since is None or _holds(one, since)), None)
    if span is None:
        raise RuleBroken("The job is not held on that day", field="since")
    return span


def _moved(job: JobRecord, correction: Correction) -> list[tuple[date, Mapping[str, object]]]:
    first, last = spell_of(job)
    at_first = next(one for one in job.spans if one.starts_on == first)
    before = next((one.ends_on for one in job.spans if one.starts_on < first), None)
    wanted = (correction.first_day, correction.last_day)
    return moved_days((first, last), wanted, terms=at_first.terms, held_until=before)


def _is_same(before: object, after: object) -> bool:
    if isinstance(before, float) and isinstance(after, Decimal):
        return Decimal(str(before)) == after
    return before == after


def take_back(session: Session, *, change: HandChange, job: JobRecord, by: int, now: datetime) -> None:
    """Let the record say again what it said before, of other jobs too; what was recorded since stays."""
    undo_changes(session, change_ids=said_with(session, change_id=change.id), by=by, now=now)
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
