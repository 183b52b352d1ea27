"""What other steps of a programme would mean for whoever it is asked of, in numbers, before anything is changed."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.plans import Plan
from assignments.programmes.reckoning import VersionInForce
from assignments.standing.people_asked import Asked, asked_of
from courses.catalogue.programmes import Step
from people.counting import people_of


@dataclass(frozen=True)
class StepsPreview:
    """Of the people who count and are asked: how many have finished by the steps as they are, and how many of these
    would not have by the new ones alone, and keep it; how many the new ones finish at once; how many are midway then,
    and how many of these have done something that no step asks for any more."""

    asked: int = 0
    finished: int = 0
    keep: int = 0
    finish_at_once: int = 0
    midway: int = 0
    midway_lose: int = 0


def preview_steps(session: Session, plan: Plan, steps: tuple[Step, ...], *, on: date) -> StepsPreview:
    """How people would stand on the day on which these steps take the place of those of the plan."""
    people = people_of(organisation_id=plan.organisation_id, on=on)
    counted = frozenset(session.scalars(select(people.c.person_id).where(people.c.left_out.is_(None))))
    changed = replace(plan, programme=_with(plan, steps, on))
    found = StepsPreview()
    for person_id, group in groupby(asked_of(session, [plan, changed], on=on), key=lambda one: one.person_id):
        if person_id in counted:
            pair = {one.plan is changed: one for one in group}
            found = _with_one(found, pair.get(False), pair[True], steps)
    return found


def _with(plan: Plan, steps: tuple[Step, ...], on: date) -> tuple[VersionInForce, ...]:
    before = (replace(one, before=one.before or on) for one in plan.programme)
    return (*before, VersionInForce(on, None, plan.programme[-1].name, steps))


def _with_one(so_far: StepsPreview, old: Asked | None, new: Asked, steps: tuple[Step, ...]) -> StepsPreview:
    had = old is not None and old.finished_on is not None
    has = new.finished_on is not None
    asked_for = {course for step in steps for course in step}
    done = {one.course_id for one in (*(old.steps if old else ()), *new.steps) if one.done_on is not None}
    return StepsPreview(
        asked=so_far.asked + 1,
        finished=so_far.finished + had,
        keep=so_far.keep + (had and any(one.done_on is None for one in new.steps)),
        finish_at_once=so_far.finish_at_once + (has and not had),
        midway=so_far.midway + (not has and bool(done)),
        midway_lose=so_far.midway_lose + (not has and bool(done - asked_for)),
    )
