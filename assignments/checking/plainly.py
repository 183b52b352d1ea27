"""The other way: what a job is by its ledger, and whether a rule holds of it, without a condition of the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import Known
from assignments.audiences.rules import (
    HasCompleted,
    InAuthorities,
    InUnit,
    IsNamed,
    Leaf,
    Manages,
    OfKind,
    OnContract,
    OnGrade,
    Rule,
    Started,
    TitleHas,
    WithHours,
    holds,
    leaves_of,
)
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.jobs.history import StatedChange, TermsSpan, history_of
from people.jobs.terms import EmploymentTerms
from people.jobs.values import Terms


@dataclass(frozen=True)
class PlainJob:
    """A job on a day by its ledger, and what a rule may ask beside it."""

    employment_id: int
    person_id: int
    organisation_id: int
    payroll_number: str
    first_day: date
    terms: Terms
    manages: bool
    completed: frozenset[int]


def spans_by_ledger(session: Session, employment_ids: Collection[int]) -> dict[int, tuple[TermsSpan, ...]]:
    """By job, its terms as its changes have them."""
    said: defaultdict[int, list[StatedChange]] = defaultdict(list)
    rows = session.execute(
        select(
            EmploymentChange.employment_id,
            EmploymentChange.effective_on,
            EmploymentChange.stated_at,
            EmploymentChange.values,
        ).where(EmploymentChange.employment_id.in_(employment_ids), EmploymentChange.undone_at.is_(None))
    )
    for key, effective_on, stated_at, values in rows:
        said[key].append(StatedChange(effective_on, stated_at, values))
    return {key: history_of(changes)[0] for key, changes in said.items()}


def jobs_whose_terms_differ(
    session: Session, jobs: Sequence[Employment], spans: Mapping[int, tuple[TermsSpan, ...]]
) -> list[Employment]:
    """Those of which the stored terms are not what their ledger says. Jobs without a ledger are left out."""
    stored: defaultdict[int, list[tuple[date, date | None, Terms]]] = defaultdict(list)
    ids = [one.id for one in jobs]
    for row in session.scalars(select(EmploymentTerms).where(EmploymentTerms.employment_id.in_(ids))):
        hours = None if row.hours_per_week is None else Decimal(str(row.hours_per_week)).quantize(Decimal("0.01"))
        terms = Terms(
            row.unit_id,
            row.job_title,
            row.grade,
            row.kind,
            hours,
            row.contract,
            row.site,
            row.manager_id,
            row.is_main,
        )
        stored[row.employment_id].append((row.starts_on, row.ends_on, terms))
    return [
        one
        for one in jobs
        if one.id in spans
        and sorted(stored[one.id], key=lambda span: span[0])
        != [(span.starts_on, span.ends_on, span.terms) for span in spans[one.id]]
    ]


def fits(rule: Rule, job: PlainJob, known: Known) -> bool:
    """Whether a rule holds of a job on the day of ``known``."""
    return holds(rule, {leaf: _leaf(leaf, job, known) for leaf in leaves_of(rule)})


def _leaf(leaf: Leaf, job: PlainJob, known: Known) -> bool:
    terms = job.terms
    match leaf:
        case InAuthorities(ids):
            return job.organisation_id in ids
        case InUnit(unit_id, is_with_below):
            return terms.unit_id in (known.units_below[unit_id] if is_with_below else (unit_id,))
        case TitleHas(words):
            return any(terms.job_title in known.titles[word] for word in words)
        case OnGrade(values):
            return terms.grade in values
        case OnContract(values):
            return terms.contract in values
        case OfKind(kinds):
            return terms.kind in kinds
        case WithHours(at_least, below):
            hours = terms.hours_per_week
            if hours is None:
                return False
            return (at_least is None or hours >= at_least) and (below is None or hours < below)
        case Manages():
            return job.manages
        case Started(since, before):
            return (since is None or job.first_day >= since) and (before is None or job.first_day < before)
        case HasCompleted(course_id):
            return course_id in job.completed
        case IsNamed(numbers):
            return job.payroll_number in numbers
