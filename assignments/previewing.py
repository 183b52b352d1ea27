"""What a change would mean for people, in numbers, before anybody is asked anything else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import completed_by, look_up, people_in
from assignments.audiences.rules import EVERYBODY, Rule
from assignments.due.rules import DueRule
from assignments.people_asked import asked_of
from assignments.plans import Plan, Stage, plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import titles_of
from courses.records.attempts import people_who_began
from people.counting import people_of


@dataclass(frozen=True)
class Preview:
    """Of the people who count, how many are asked before and after, join and leave; of those who leave how many are
    midway, and of those who join how many have finished."""

    before: int
    after: int
    joins: int
    leaves: int
    leaves_midway: int
    joins_finished: int


def preview_people(
    session: Session, *, organisation_id: int, course_ids: Collection[int], old: Rule | None, new: Rule, on: date
) -> Preview:
    """What another rule would mean, ``None`` for one that asks nobody yet. Midway and finished are of any course."""
    before = _people(session, organisation_id, old, on) if old is not None else frozenset[int]()
    after = _people(session, organisation_id, new, on)
    finished: set[int] = set()
    begun: set[int] = set()
    for course_id in course_ids:
        finished |= set(session.scalars(completed_by(course_id, on)))
        begun |= set(session.scalars(people_who_began(course_id)))
    return Preview(
        before=len(before),
        after=len(after),
        joins=len(after - before),
        leaves=len(before - after),
        leaves_midway=len((before - after) & (begun - finished)),
        joins_finished=len((after - before) & finished),
    )


def late_at_once(
    session: Session, *, organisation_id: int, course_id: int, rule: Rule, due: DueRule, asked_on: date, on: date
) -> int:
    """How many of the people who count would be past their date already, if this were asked since a day."""
    plan = Plan(0, organisation_id, course_id, asked_on, due, (Stage(asked_on, rule),))
    counted = _people(session, organisation_id, EVERYBODY, on)
    found = asked_of(session, [plan], on=on)
    return sum(one.finished_on is None and one.due.is_late(on) and one.person_id in counted for one in found)


def _people(session: Session, organisation_id: int, rule: Rule, on: date) -> frozenset[int]:
    people = people_of(organisation_id=organisation_id, on=on)
    counted = select(people.c.person_id).where(people.c.left_out.is_(None))
    if rule != EVERYBODY:
        known = look_up(session, [rule], organisation_id=organisation_id, on=on)
        counted = counted.where(people.c.person_id.in_(people_in(rule, known, organisation_id=organisation_id)))
    return frozenset(session.scalars(counted))


def circle_of(
    session: Session, *, organisation_id: int, course_id: int, needs: Collection[int], on: date
) -> str | None:
    """In words, the circle in which courses would wait for each other if this one needed those; ``None`` for none."""
    plans: Sequence[Plan] = plans_on(session, Requirement.organisation_id == organisation_id, on=on)
    graph = {plan.course_id: set(plan.courses - {plan.course_id}) for plan in plans}
    graph[course_id] = set(needs)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1]
        titles = titles_of(session, course_ids=circle)
        if len(circle) <= 2:
            return f"{titles[circle[0]]} cannot wait for itself to be completed"
        named = ", ".join(titles[one] for one in dict.fromkeys(circle))
        return f"These courses would wait for each other, and nobody could begin: {named}"
    return None
