"""Who is asked by which plan on a day, since when and by when: set-based in SQL, the dates by ``assignments/due``."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import Known, look_up
from assignments.audiences.rules import courses_needed
from assignments.completed import days_by_person, first_completions
from assignments.due.dates import Away, Due, Facts, MoreTime, due
from assignments.due.rules import DueRule
from assignments.exemptions.record import exempt_until
from assignments.periods.reckoning import Period, periods_of
from assignments.plans import Plan
from assignments.programmes.reckoning import Days, StepDone, steps_now
from assignments.programmes.refreshers import Refresher, is_too_old
from assignments.requests.record import more_time_given
from assignments.standing.jobs_that_fit import Job, jobs_that_fit
from people.jobs.absences import Absence
from people.jobs.employment import Employment

_DAY = timedelta(days=1)
# How many people are held in memory at once.
PORTION = 4000


@dataclass(frozen=True)
class Renewal:
    """That a shorter course may be enough this time, and whether the last completion is too old for it."""

    rule: Refresher
    is_too_old: bool


@dataclass(frozen=True)
class Asked:
    """That a person is asked by a plan: through which job, with the facts that the date follows from, and the date.

    ``finished_on`` is when they completed what is valid on the day. ``period`` is the newest one that they have by the
    plan, which may be over; once they have one, the date is by when the next has to begin.
    ``exempt_until`` is the last day on which they are exempt, whether they have finished or not. ``steps`` are those of
    a programme: how they stand with them this time where ``is_again``, because it can be done again. ``refresher`` is
    there where a course can be taken again and a shorter one may be enough, ``is_renewed`` where a shorter one was.
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
    is_again: bool = False
    steps: tuple[StepDone, ...] = ()
    refresher: Renewal | None = None
    is_renewed: bool = False

    @property
    def next_step(self) -> StepDone | None:
        """The step of a programme that is to be done now; ``None`` where there is none."""
        is_done = self.finished_on is not None and not self.is_again
        return None if is_done else next((one for one in self.steps if one.done_on is None), None)

    @property
    def courses_now(self) -> tuple[int, ...]:
        """The courses of which one is to be taken now: those of the next step, the refresher, or the course itself."""
        if self.plan.programme:
            return self.next_step.courses if self.next_step else ()
        return (
            (self.refresher.rule.course_id,)
            if self.refresher and not self.refresher.is_too_old
            else (self.plan.course_id,)
        )

    @property
    def is_left_out(self) -> bool:
        """Whether they are exempt, have not finished, and so are not asked after all."""
        return self.exempt_until is not None and self.finished_on is None


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
    jobs = jobs_that_fit(session, plans, known, within)
    away = _absences(session, known.on, within)
    finished = first_completions(session, plans, on=known.on, within=within)
    several = {place for place, plan in enumerate(plans) if plan.periods or not plan.is_simple}
    days = days_by_person(session, [plans[place] for place in sorted(several)], on=known.on, within=within)
    exempt, more_time = _allowances(session, plans, known.on, within)
    for person_id, group in groupby(jobs, key=lambda one: one.person_id):
        held = sorted(group, key=lambda one: (_is_away(away[one.employment_id], known.on), not one.is_main))
        for place, plan in enumerate(plans):
            job = next((one for one in held if one.since[place] and one.since[place][0] is not None), None)
            if job is not None:
                key = (person_id, plan.course_id)
                known_of = _KnownOf(tuple(away[job.employment_id]), finished[person_id], more_time.get(key, ()))
                found = _asked(plan, job, job.since[place], known_of, known.on)
                if place in several:
                    found = _by_completions(found, days[person_id], known.on)
                until = exempt.get(key)
                yield replace(found, exempt_until=until) if until else found


def _is_away(spans: Sequence[Away], on: date) -> bool:
    return any(one.starts_on <= on and (one.ends_on is None or one.ends_on >= on) for one in spans)


def _asked(plan: Plan, job: Job, since: Sequence[date | None], known_of: _KnownOf, on: date) -> Asked:
    finished = known_of.finished
    facts = Facts(
        asked_on=_asked_on(plan, since, finished),
        employed_on=job.employed_on,
        role_on=job.role_on,
        completed_on=finished.get(plan.due.course_id) if plan.due.course_id is not None else None,
        away=known_of.away,
        more_time=known_of.more_time,
    )
    found = due(plan.due, facts, on=on)
    return Asked(job.person_id, plan, job.employment_id, job.title, facts, found, finished.get(plan.course_id))


def _by_completions(asked: Asked, days: Days, on: date) -> Asked:
    """The same by every completion: of each step of a programme, of a refresher, and for how long each is valid."""
    plan = asked.plan
    completed = plan.completed_on(days)
    period = periods_of(completed, plan.periods)[-1] if completed and plan.periods else None
    found = _by_period(replace(asked, finished_on=completed[0] if completed else None), period, on)
    is_again = period is not None and period.is_open(on)
    if plan.programme:
        return replace(found, is_again=is_again, steps=steps_now(plan.programme, days, is_again=is_again))
    if plan.refreshers and found.finished_on is not None:
        found = replace(found, is_renewed=found.finished_on not in days.get(plan.course_id, ()))
    if plan.refresher and completed and is_again:
        return replace(
            found, is_again=is_again, refresher=Renewal(plan.refresher, is_too_old(plan.refresher, completed[-1], on))
        )
    return found


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


def _asked_on(plan: Plan, since: Sequence[date | None], finished: Mapping[int, date]) -> date:
    """Since when somebody is asked without a break: back through the rules that fitted them, the newest first.

    Where a rule wants another course completed, they are not asked by it before they had.
    """
    found, until = plan.asked_on, date.max
    for stage, fits_since in zip(plan.stages, since, strict=True):
        if stage.from_on >= until:
            continue  # another took its place on the same day: it held at the end of no day
        if fits_since is None:
            break
        begun = max([fits_since, *(finished[one] for one in courses_needed(stage.rule) if one in finished)])
        if begun >= until:
            break
        found, until = max(stage.from_on, begun), stage.from_on
        if begun > stage.from_on:
            break  # before that they were not asked, whatever an earlier rule says of the day before
    return max(found, plan.asked_on)


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
