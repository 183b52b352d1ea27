"""Takes over the jobs that code of the release before adds while an upgrade lasts: it knows the old columns alone."""

from datetime import datetime

from sqlalchemy import Boolean, Date, Integer, Row, String, column, exists, select, table
from sqlalchemy.orm import Session

from kernel.database import enum_by_value
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment, bare_number
from people.jobs.terms import EmploymentKind
from people.jobs.values import Terms
from people.jobs.writing import Away, NewChange, NewJob, Source, record_changes

_OLD = table(
    "employment",
    column("id", Integer),
    column("unit_id", Integer),
    column("job_title", String),
    column("grade", String),
    column("kind", enum_by_value(EmploymentKind)),
    column("is_main", Boolean),
    column("ends_on", Date),
    column("away_from", Date),
    column("away_until", Date),
).alias("old")


def adopt_jobs(session: Session, *, now: datetime, most: int) -> int:
    """Write down what the old columns say of jobs of which the ledger knows nothing; returns how many these were."""
    has_history = exists().where(EmploymentChange.employment_id == Employment.id)
    rows = session.execute(
        select(Employment, _OLD)
        .join(_OLD, _OLD.c.id == Employment.id)
        .where(~has_history, _OLD.c.unit_id.is_not(None))
        .order_by(Employment.id)
        .limit(most)
    ).all()
    changes = [
        NewChange(row.Employment.id, day, values) for row in rows for day, values in _as_new(row.Employment, row).said()
    ]
    if changes:
        record_changes(session, changes, source=Source(ChangeOrigin.MIGRATION), now=now)
    return len(rows)


def number_jobs(session: Session, *, most: int) -> None:
    """Write down the bare numbers of jobs that have none: of those from before there were any, and of those adopted."""
    waiting = select(Employment).where(Employment.bare_number.is_(None)).order_by(Employment.id).limit(most)
    for job in session.scalars(waiting.with_for_update(skip_locked=True)):
        job.bare_number = bare_number(job.payroll_number)


def _as_new(job: Employment, row: Row[tuple[object, ...]]) -> NewJob:
    return NewJob(
        person_id=job.person_id,
        organisation_id=job.organisation_id,
        payroll_number=job.payroll_number,
        starts_on=job.starts_on,
        ends_on=row.ends_on,
        terms=Terms(row.unit_id, row.job_title, row.grade, row.kind, is_main=row.is_main),
        away=(Away(row.away_from, row.away_until),) if row.away_from else (),
    )
