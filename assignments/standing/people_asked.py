"""Who is asked by which plan on a day, since when and by when: set-based in SQL, the dates by ``assignments/due``."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import Known, condition, look_up
from assignments.completed import first_completions, newest_periods
from assignments.due.dates import Away, Due, Facts, MoreTime, due
from assignments.due.rules import DueRule
from assignments.exemptions.record import exempt_until
from assignments.periods.reckoning import Period
from assignments.plans import Plan
from assignments.requests.record import more_time_given
from people.jobs.absences import Absence
from people.jobs.employment import Employment
from people.jobs.reading import is_held
from people.jobs.terms import EmploymentTerms

_DAY = timedelta(days=1)
# How many people are held in memory at once.
PORTION = 4000


@dataclass(frozen=True)
class Asked:
    """That a person is asked by a plan: through which job, with the facts that the date follows from, and the date.

    ``finished_on`` is when they completed what is valid on the day. ``period`` is the newest one that they have by the
    plan, which may be over; once they have one, the date is by when the next has to begin.
    ``exempt_until`` is the last day on which they are exempt, whether they have finished or not.
    """

    person_id: int
    plan: Plan
    employment_id: int
    job_title: str
    facts: Facts
    due: Due
    finished_on: date | None
    period: Period | None = None
    exempt_until: date | None = None

    @property
    def is_left_out(self) -> bool:
        """Whether they are exempt, have not finished, and so are not asked after all."""
        return self.exempt_until is not None and self.finished_on is None


@dataclass(frozen=True)
class _Job:
    person_id: int
    employment_id: int
    is_main: bool
    title: str
    employed_on: date
    role_on: date
    # For each stage of each plan: since when without a break the job fits it; ``None`` if it does not.
    since: tuple[tuple[date | None, ...], ...]


@dataclass(frozen=True)
class _KnownOf:
    """What is known of a person and matters for the date: leave, days of completion by course, more time given."""

    away: tuple[Away, ...]
    finished: dict[int, date]
    more_time: tuple[MoreTime, ...]


def asked_of(
    session: Session,
    plans: Sequence[Plan],
    *,
    on: date,
    person_ids: Collection[int] | None = None,
    with_exempt: bool = False,
) -> Iterator[Asked]:
    """Everybody, or each of these people, whom one of the plans asks on a day. Each plan asks a person once.

    Whoever is exempt and has not finished is left out, or told apart by ``is_left_out`` where ``with_exempt``.

    The plans are those of one authority. Of several jobs that fit, the one whose holder is not away comes first, then
    the main one, then the one held longest. Everybody is gone through in portions of bounded size.
    """
    if not plans:
        return
    organisation_id = plans[0].organisation_id
    rules = [stage.rule for plan in plans for stage in plan.stages]
    known = look_up(session, rules, organisation_id=organisation_id, on=on)
    if person_ids is not None:
        found = _portion(session, plans, known, Employment.person_id.in_(person_ids))
        yield from (one for one in found if with_exempt or not one.is_left_out)
        return
    last = 0
    while (upto := _end_of_portion(session, organisation_id, last)) is not None:
        within = Employment.person_id.between(last + 1, upto)
        found = _portion(session, plans, known, within)
        yield from (one for one in found if with_exempt or not one.is_left_out)
        last = upto


def _end_of_portion(session: Session, organisation_id: int, last: int) -> int | None:
    following = (
        select(Employment.person_id)
        .where(Employment.organisation_id == organisation_id, Employment.person_id > last)
        .distinct()
        .order_by(Employment.person_id)
        .limit(PORTION)
        .subquery()
    )
    found: int | None = session.scalar(select(func.max(following.c.person_id)))
    return found


def _portion(session: Session, plans: Sequence[Plan], known: Known, within: ColumnElement[bool]) -> Iterator[Asked]:
    jobs = _jobs(session, plans, known, within)
    away = _absences(session, known.on, within)
    finished = first_completions(session, plans, on=known.on, within=within)
    periods = newest_periods(session, plans, on=known.on, within=within)
    exempt, more_time = _allowances(session, plans, known.on, within)
    for person_id, group in groupby(jobs, key=lambda one: one.person_id):
        held = sorted(group, key=lambda one: (_is_away(away[one.employment_id], known.on), not one.is_main))
        for place, plan in enumerate(plans):
            job = next((one for one in held if one.since[place] and one.since[place][0] is not None), None)
            if job is not None:
                key = (person_id, plan.course_id)
                known_of = _KnownOf(tuple(away[job.employment_id]), finished[person_id], more_time.get(key, ()))
                found = _asked(plan, job, job.since[place], known_of, known.on)
                found = _by_period(found, periods.get((plan.requirement_id, person_id)), known.on)
                until = exempt.get(key)
                yield replace(found, exempt_until=until) if until else found


def _is_away(spans: Sequence[Away], on: date) -> bool:
    return any(one.starts_on <= on and (one.ends_on is None or one.ends_on >= on) for one in spans)


def _asked(plan: Plan, job: _Job, since: Sequence[date | None], known_of: _KnownOf, on: date) -> Asked:
    finished = known_of.finished
    facts = Facts(
        asked_on=_asked_on(plan, since),
        employed_on=job.employed_on,
        role_on=job.role_on,
        completed_on=finished.get(plan.due.course_id) if plan.due.course_id is not None else None,
        away=known_of.away,
        more_time=known_of.more_time,
    )
    needed = [finished[course] for course in plan.courses - {plan.course_id, plan.due.course_id} if course in finished]
    if needed:
        facts = replace(facts, asked_on=max(facts.asked_on, *needed))
    found = due(plan.due, facts, on=on)
    return Asked(job.person_id, plan, job.employment_id, job.title, facts, found, finished.get(plan.course_id))


def _by_period(asked: Asked, period: Period | None, on: date) -> Asked:
    """The same where completions are valid for a time: finished is who is valid, and the end is the next date."""
    if period is None:
        return asked
    finished_on = period.completed_on if period.holds_on(on) else None
    if period.valid_until is None or period.opens_on is None or period.valid_until < asked.facts.asked_on:
        return replace(asked, finished_on=finished_on, period=period)
    rule = DueRule(day=period.valid_until, grace_days=asked.plan.due.grace_days)
    facts = replace(asked.facts, asked_on=max(asked.facts.asked_on, period.opens_on))
    return replace(asked, finished_on=finished_on, period=period, due=due(rule, facts, on=on))


def _asked_on(plan: Plan, since: Sequence[date | None]) -> date:
    """Since when somebody is asked without a break: back through the rules that fitted them, the newest first."""
    found = plan.asked_on
    for stage, fits_since in zip(plan.stages, since, strict=True):
        if fits_since is None:
            break
        found = max(stage.from_on, fits_since)
        if fits_since > stage.from_on:
            break  # before that they were not asked, whatever an earlier rule says of the day before
    return max(found, plan.asked_on)


def _jobs(session: Session, plans: Sequence[Plan], known: Known, within: ColumnElement[bool]) -> list[_Job]:
    held = select(EmploymentTerms.employment_id).where(is_held(known.on))
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
            Employment.id.in_(held),
            EmploymentTerms.starts_on <= known.on,
            within,
        )
        .order_by(Employment.person_id, Employment.starts_on, Employment.id, EmploymentTerms.starts_on.desc())
    )
    sizes = [len(plan.stages) for plan in plans]
    return [_job(list(group), sizes) for _, group in groupby(rows, key=lambda row: row[1])]


def _job(rows: Sequence[Any], sizes: Sequence[int]) -> _Job:
    """A job from its terms, the newest first, of which the first holds on the day."""
    unbroken = [rows[0]]
    for row in rows[1:]:
        if row.ends_on is None or row.ends_on + _DAY != unbroken[-1].starts_on:
            break
        unbroken.append(row)
    flags = iter(range(6, 6 + sum(sizes)))
    since = tuple(tuple(_run(unbroken, next(flags)) for _ in range(size)) for size in sizes)
    role = next((place for place, row in enumerate(unbroken) if row.job_title != rows[0].job_title), len(unbroken))
    first = rows[0]
    return _Job(
        first.person_id,
        first.id,
        first.is_main,
        first.job_title,
        unbroken[-1].starts_on,
        unbroken[role - 1].starts_on,
        since,
    )


def _run(rows: Sequence[Any], flag: int) -> date | None:
    """Since when a condition holds without a break, up to now."""
    found = None
    for row in rows:
        if not row[flag]:
            break
        found = row.starts_on
    return found


def _absences(session: Session, on: date, within: ColumnElement[bool]) -> defaultdict[int, list[Away]]:
    rows = session.execute(
        select(Absence.employment_id, Absence.starts_on, Absence.ends_on)
        .join(Employment, Employment.id == Absence.employment_id)
        .where(within, Absence.starts_on <= on)
        .order_by(Absence.employment_id, Absence.starts_on)
    )
    found: defaultdict[int, list[Away]] = defaultdict(list)
    for employment_id, starts_on, ends_on in rows:
        found[employment_id].append(Away(starts_on, ends_on))
    return found


def _allowances(
    session: Session, plans: Sequence[Plan], on: date, within: ColumnElement[bool]
) -> tuple[dict[tuple[int, int], date], dict[tuple[int, int], tuple[MoreTime, ...]]]:
    """By person and course, until when somebody is exempt, and what more time they were given."""
    organisation_id, people = plans[0].organisation_id, select(Employment.person_id).where(within)
    courses = {plan.course_id for plan in plans}
    return (
        exempt_until(session, organisation_id=organisation_id, course_ids=courses, on=on, people=people),
        more_time_given(session, organisation_id=organisation_id, course_ids=courses, on=on, people=people),
    )
