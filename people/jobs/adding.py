"""Another job for somebody who is in the record, added by hand: with the same authority or another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.typed import composed
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import NewChange, NewJob, Source, add_jobs, record_changes
from people.organisations import Organisation


@dataclass(frozen=True)
class AnotherJob:
    """A job as somebody typed it, and why it is added."""

    unit_id: int
    payroll_number: str
    job_title: str
    kind: EmploymentKind
    starts_on: date
    reason: str


def add_job(
    session: Session, *, person_id: int, organisation: Organisation, job: AnotherJob, by: int, now: datetime
) -> int:
    """Add a job from a day on; returns its id. It is the main one if its holder holds no other that day.

    A job of the same person that was added and taken back comes back. Raises ``RuleBroken`` for a payroll number that
    is taken.
    """
    number = composed(job.payroll_number)
    if not number:
        raise RuleBroken("Enter a payroll number", field="payroll")
    main = not _holds_any(session, person_id, job.starts_on)
    terms = Terms(job.unit_id, composed(job.job_title), kind=job.kind, is_main=main)
    source, reason = Source(ChangeOrigin.HAND, by=by), composed(job.reason)
    known = _find(session, organisation, number)
    if known is not None:
        _check_is_free(session, known, person_id, organisation)
        key, values = known.id, {"held": True, **vars(terms)}
        record_changes(session, [NewChange(key, job.starts_on, values, reason=reason)], source=source, now=now)
    else:
        new = NewJob(person_id, organisation.id, number, job.starts_on, terms)
        key = _store(session, new, organisation, source, reason, now)
    detail = {"job": number, "since": job.starts_on.isoformat(), "reason": reason}
    _note(session, person_id, organisation, detail, by, now)
    return key


def _store(
    session: Session, job: NewJob, organisation: Organisation, source: Source, reason: str, now: datetime
) -> int:
    try:
        with session.begin_nested():
            (key,) = add_jobs(session, [job], source=source, now=now)
            of_it = EmploymentChange.employment_id == key
            session.execute(update(EmploymentChange).where(of_it).values(reason=reason))
    except IntegrityError:  # somebody else took the number at the same moment
        raise RuleBroken(_taken(organisation, job.payroll_number), field="payroll") from None
    return key


def _find(session: Session, organisation: Organisation, number: str) -> Employment | None:
    return session.scalar(
        select(Employment).where(Employment.organisation_id == organisation.id, Employment.payroll_number == number)
    )


def _check_is_free(session: Session, known: Employment, person_id: int, organisation: Organisation) -> None:
    was_held = select(EmploymentTerms.id).where(EmploymentTerms.employment_id == known.id).limit(1)
    if known.person_id != person_id or session.scalar(was_held) is not None:
        raise RuleBroken(_taken(organisation, known.payroll_number), field="payroll")


def _taken(organisation: Organisation, number: str) -> str:
    return f"{organisation.name} has a job with the payroll number {number} already"


def _holds_any(session: Session, person_id: int, on: date) -> bool:
    held = (
        select(Employment.id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(Employment.person_id == person_id, is_held(on))
    )
    return session.scalar(held.limit(1)) is not None


def _note(
    session: Session, person_id: int, organisation: Organisation, detail: Mapping[str, str], by: int, now: datetime
) -> None:
    record(
        session,
        action="job-added",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
        detail={"organisation": organisation.id, **{key: value for key, value in detail.items() if value}},
    )
