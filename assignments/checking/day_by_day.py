"""Who has finished where more than one course leads there, the other way: the days are gone through one by one.

``assignments/programmes`` works from completions to days; here each day in its turn says what holds and what was done.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.periods.reckoning import can_run_from_old_end, days_that_count, periods_of
from assignments.plans import Plan
from courses.acceptance.refusing import counts_at
from courses.records.completion import Completion
from kernel.clock import local_day


def finished_day_by_day(session: Session, plan: Plan, people: Collection[int], *, on: date) -> frozenset[int]:
    """Of these people those who have finished a programme, or a course that a shorter one renews, by a day."""
    rows = session.execute(
        select(Completion.person_id, Completion.course_id, Completion.completed_at).where(
            Completion.course_id.in_(plan.counted),
            Completion.person_id.in_(people),
            Completion.completed_at < end_of(on),
            counts_at(on, organisation_id=plan.organisation_id),
        )
    )
    done: defaultdict[int, defaultdict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    for person_id, course_id, completed_at in rows:
        done[person_id][local_day(completed_at)].add(course_id)
    played = _programme_played if plan.programme else _refresher_played
    spans = days_that_count(plan.periods, on) if plan.periods else ((None, date.max),)
    return frozenset(key for key, days in done.items() if _is_valid(plan, played(plan, days), spans, on))


def _is_valid(plan: Plan, days: Sequence[date], spans: Iterable[tuple[date | None, date]], on: date) -> bool:
    if any((first is None or first <= day) and day < before for day in days for first, before in spans):
        return True
    # Where a period runs from the end of the one before, no completion says by itself whether it counts.
    return len(days) > 1 and can_run_from_old_end(plan.periods) and periods_of(days, plan.periods)[-1].holds_on(on)


def _programme_played(plan: Plan, days: Mapping[date, set[int]]) -> list[date]:
    found: list[date] = []
    mine: set[int] = set()
    for day in sorted({*days, *(one.from_on for one in plan.programme[1:])}):
        mine |= days.get(day, set())
        held = [
            one
            for place, one in enumerate(plan.programme)
            if (place == 0 or one.from_on <= day) and (one.before is None or day <= one.before)
        ]
        if any(all(mine.intersection(step) for step in one.steps) for one in held):
            found.append(day)
            mine = set()
    return found


def _refresher_played(plan: Plan, days: Mapping[date, set[int]]) -> list[date]:
    found: list[date] = []
    for day in sorted(days):
        held = [one.rule for one in plan.refreshers if one.from_on <= day and (one.before is None or day <= one.before)]
        is_enough = found and any(
            one.course_id in days[day] and day <= later(found[-1], one.months, Measure.MONTHS) for one in held
        )
        if plan.course_id in days[day] or is_enough:
            found.append(day)
    return found
