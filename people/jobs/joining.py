"""When somebody joined an employer: the first day of the time, without a break, in which they work there."""

from typing import Any

from sqlalchemy import ScalarSelect, SQLColumnExpression, exists, func, select
from sqlalchemy.orm import aliased

from kernel.days_in_sql import day_before
from people.jobs.employment import Employment
from people.jobs.reading import Day
from people.jobs.terms import EmploymentTerms

Id = SQLColumnExpression[Any]


def joined_on(*, person_id: Id, organisation_id: Id, on: Day) -> ScalarSelect[Any]:
    """The first day of the time in which a person works for an organisation on a day; empty before they ever did.

    One job that follows another the next day, whatever its number, goes on with the same time. Who left and came back
    joined when they came back. For somebody who has left by that day it is when they joined last.
    """
    job, other = aliased(Employment), aliased(Employment)
    terms, before = aliased(EmploymentTerms), aliased(EmploymentTerms)
    goes_on = exists(
        select(before.id)
        .join(other, other.id == before.employment_id)
        .where(
            other.person_id == job.person_id,
            other.organisation_id == job.organisation_id,
            before.starts_on < terms.starts_on,
            before.ends_on.is_(None) | (before.ends_on >= day_before(terms.starts_on)),
        )
    )
    return (
        select(func.max(terms.starts_on))
        .join(job, job.id == terms.employment_id)
        .where(job.person_id == person_id, job.organisation_id == organisation_id, terms.starts_on <= on, ~goes_on)
        .scalar_subquery()
    )
