"""Until when completions are valid, for what is written down of it: a certificate says it from the start."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.plans import as_plans
from assignments.requirements import Requirement
from assignments.standing.people_asked import asked_of
from courses.records.completion import Completion, is_standing
from kernel.clock import local_day


def ends_of(session: Session, completion_ids: Collection[int], *, now: datetime) -> dict[int, date]:
    """By completion, the last day on which it is valid by what is asked of its person where they worked then.

    Without those that are valid for ever, and those by which no period began. One statement where no authority has a
    rule for the courses.
    """
    rows = session.execute(
        select(Completion, Requirement)
        .join(
            Requirement,
            (Requirement.organisation_id == Completion.organisation_id)
            & (Requirement.course_id == Completion.course_id),
        )
        .where(
            Completion.id.in_(completion_ids),
            Requirement.withdrawn_at.is_(None),
            Requirement.period_rule.is_not(None),
            is_standing(),
        )
    ).all()
    by_plan: defaultdict[int, dict[tuple[int, date], int]] = defaultdict(dict)
    for completion, requirement in rows:
        by_plan[requirement.id][completion.person_id, local_day(completion.completed_at)] = completion.id
    held = {requirement.id: requirement for _, requirement in rows}
    on = local_day(now)
    found: dict[int, date] = {}
    for plan in as_plans(session, list(held.values()), on=on) if held else ():
        of_plan = by_plan[plan.requirement_id]
        for one in asked_of(session, [plan], on=on, person_ids={person_id for person_id, _ in of_plan}):
            period = one.period
            if period and period.valid_until and (one.person_id, period.completed_on) in of_plan:
                found[of_plan[one.person_id, period.completed_on]] = period.valid_until
    return found
