"""Until when completions are valid, for what is written down of it: a certificate says it from the start."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assignments.completed import periods_by_person
from assignments.periods.reckoning import Period
from assignments.plans import as_plans
from assignments.requirements import Requirement
from assignments.standing.people_asked import asked_of
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day
from people.jobs.employment import Employment


def ends_of(session: Session, completion_ids: Collection[int], *, now: datetime) -> dict[int, date]:
    """By completion, the last day on which it is valid by what is asked of its person where they worked then.

    Without those that are valid for ever, and those by which no period began. One statement where no authority has a
    rule for the courses. A refresher is valid as long as the whole course that it stands for.
    """
    rows = session.execute(
        select(Completion, Requirement)
        .join(
            Requirement,
            (Requirement.organisation_id == Completion.organisation_id)
            & or_(
                Requirement.course_id == Completion.course_id, Requirement.refresher_course_id == Completion.course_id
            ),
        )
        .where(
            Completion.id.in_(completion_ids),
            Requirement.withdrawn_at.is_(None),
            Requirement.period_rule.is_not(None),
            is_standing(),
        )
    ).all()
    by_plan: defaultdict[int, defaultdict[int, list[Completion]]] = defaultdict(lambda: defaultdict(list))
    for completion, requirement in rows:
        by_plan[requirement.id][completion.person_id].append(completion)
    held = {requirement.id: requirement for _, requirement in rows}
    on = local_day(now)
    found: dict[int, date] = {}
    for plan in as_plans(session, list(held.values()), on=on) if held else ():
        of_plan = by_plan[plan.requirement_id]
        asked = [one.person_id for one in asked_of(session, [plan], on=on, person_ids=of_plan.keys())]
        within = Employment.person_id.in_(asked)
        for (_, person_id), periods in periods_by_person(session, [plan], on=on, within=within).items():
            found |= _ends(of_plan[person_id], periods)
    return found


def _ends(completions: Iterable[Completion], periods: Iterable[Period]) -> dict[int, date]:
    """Each by the period that began with it, also where a newer one has followed."""
    by_day = {one.completed_on: one.valid_until for one in periods if one.valid_until is not None}
    days = {one.id: local_day(one.completed_at) for one in completions}
    return {key: by_day[day] for key, day in days.items() if day in by_day}
