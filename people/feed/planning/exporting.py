"""The record as rows of an HR file: sent back as they are, they change nothing, and edited, what was edited."""

from collections.abc import Iterator
from datetime import date

from people.feed.planning.state import JobNow, StateNow
from people.feed.rows import FeedField, FeedRow
from people.jobs.absences import AbsenceKind

# What the record does not know, or what every export says anew.
_UNKNOWN = frozenset({FeedField.PERSON_NUMBER, FeedField.EFFECTIVE_ON})
SAID = frozenset(FeedField) - _UNKNOWN


def rows_of_record(state: StateNow, on: date) -> Iterator[FeedRow]:
    """A row for each job that is held on a day or to come, by payroll number."""
    jobs = (job for job in state.jobs.values() if job.is_held(on) or job.is_to_come(on))
    for row_number, job in enumerate(sorted(jobs, key=lambda one: one.payroll_number), start=2):
        yield row_of_job(job, on, row_number)


def row_of_job(job: JobNow, on: date, row_number: int) -> FeedRow:
    """What a file would say of a job; of several absences the one of that day, or the next."""
    leave = next((one for one in job.absences if one.ends_on is None or one.ends_on >= on), None)
    return FeedRow(
        row_number,
        job.payroll_number,
        job.full_name,
        SAID,
        called=job.called,
        email=job.email,
        work_mobile=job.work_mobile,
        born_on=job.born_on,
        unit=job.unit,
        job_title=job.job_title or None,
        grade=job.grade or None,
        kind=job.kind,
        hours_per_week=job.hours_per_week,
        contract=job.contract or None,
        site=job.site or None,
        manager_payroll_number=job.manager_payroll_number,
        is_main=job.is_main,
        starts_on=job.starts_on,
        ends_on=job.ends_on,
        away_from=leave.starts_on if leave else None,
        away_until=leave.ends_on if leave else None,
        away_kind=AbsenceKind(leave.kind) if leave else None,
    )
