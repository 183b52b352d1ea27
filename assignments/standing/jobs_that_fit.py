"""Which jobs fit the rules of plans on a day, and since when without a break."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, count, groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import Known, condition
from assignments.plans import Plan
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """A job that somebody holds, with since when it fits each stage of each plan."""

    person_id: int
    employment_id: int
    is_main: bool
    title: str
    employed_on: date
    role_on: date
    # For each stage of each plan: since when without a break the job fitted it, up to the day of the question or to the
    # last day of the stage; ``None`` if it did not on that day.
    since: tuple[tuple[date | None, ...], ...]


def jobs_that_fit(session: Session, plans: Sequence[Plan], known: Known, within: ColumnElement[bool]) -> list[Job]:
    """The jobs held on the day at the authority of the plans, by person."""
    # Asked of each job, and not once of all: for one person SQLite would read the terms of everybody first.
    held = select(EmploymentTerms.id).where(EmploymentTerms.employment_id == Employment.id, is_held(known.on))
    fits = [condition(stage.rule, known) for plan in plans for stage in plan.stages]
    rows = session.execute(
        select(
            Employment.person_id,
            Employment.id,
            EmploymentTerms.starts_on,
            EmploymentTerms.ends_on,
            EmploymentTerms.job_title,
            EmploymentTerms.is_main,
            *(one.label(f"fits_{place}") for place, one in enumerate(fits)),
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(
            Employment.organisation_id == plans[0].organisation_id,
            held.correlate(Employment).exists(),
            EmploymentTerms.starts_on <= known.on,
            within,
        )
        .order_by(Employment.person_id, Employment.starts_on, Employment.id, EmploymentTerms.starts_on.desc())
    )
    ends = [_ends(plan) for plan in plans]
    return [_job(list(group), ends) for _, group in groupby(rows, key=lambda row: row[1])]


def _ends(plan: Plan) -> tuple[date, ...]:
    """Before which day each stage ended, the newest first: with the one that came after it."""
    return (date.max, *accumulate((stage.from_on for stage in plan.stages[:-1]), min))


def _job(rows: Sequence[Any], ends: Sequence[Sequence[date]]) -> Job:
    """A job from its terms, the newest first, of which the first holds on the day."""
    unbroken = [rows[0]]
    for row in rows[1:]:
        if row.ends_on is None or row.ends_on + _DAY != unbroken[-1].starts_on:
            break
        unbroken.append(row)
    flags = count(6)
    since = tuple(tuple(_run(unbroken, next(flags), before) for before in of_plan) for of_plan in ends)
    role = next((place for place, row in enumerate(unbroken) if row.job_title != rows[0].job_title), len(unbroken))
    first = rows[0]
    return Job(
        first.person_id,
        first.id,
        first.is_main,
        first.job_title,
        unbroken[-1].starts_on,
        unbroken[role - 1].starts_on,
        since,
    )


def _run(rows: Sequence[Any], flag: int, before: date) -> date | None:
    """Since when a condition holds without a break, up to the last day before another."""
    found = None
    for row in rows:
        if row.starts_on >= before:
            continue
        if not row[flag]:
            break
        found = row.starts_on
    return found
