"""What a change would mean for people, in numbers, before anybody is asked anything else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError, TopologicalSorter

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import completed_by, look_up, people_in
from assignments.audiences.rules import EVERYBODY, Rule
from assignments.periods.reckoning import RuleInForce
from assignments.plans import Plan, Stage, plans_on, programmes_in_force
from assignments.programmes.refreshers import RefresherInForce
from assignments.requirements import Asking, Requirement
from assignments.standing.people_asked import asked_of
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
    programmes = programmes_in_force(session, course_ids, on)
    for course_id in course_ids:
        steps = programmes[course_id][-1].steps if course_id in programmes else ((course_id,),)
        done = [set[int]().union(*(session.scalars(completed_by(one, on)) for one in step)) for step in steps]
        finished |= set.intersection(*done)
        begun |= {person for step in steps for one in step for person in session.scalars(people_who_began(one))}
    return Preview(
        before=len(before),
        after=len(after),
        joins=len(after - before),
        leaves=len(before - after),
        leaves_midway=len((before - after) & (begun - finished)),
        joins_finished=len((after - before) & finished),
    )


@dataclass(frozen=True)
class AtOnce:
    """Of the people who count and would be asked, how many would be past their date on the first day; how many have a
    completion that is valid for a time, and in whose time they could take the course again; and for how many that time
    is over."""

    late: int
    valid: int
    open: int
    over: int


def at_once(
    session: Session,
    *,
    organisation_id: int,
    course_id: int,
    rule: Rule,
    asking: Asking,
    held: Plan | None,
    on: date,
) -> AtOnce:
    """How people would stand on the day on which they are asked in this way."""
    asked_on = held.asked_on if held else on
    periods = _periods(asking, held, on)
    plan = Plan(
        requirement_id=0,
        organisation_id=organisation_id,
        course_id=course_id,
        asked_on=asked_on,
        due=asking.due,
        stages=(Stage(asked_on, rule),),
        periods=periods,
        programme=programmes_in_force(session, [course_id], on).get(course_id, ()),
        refreshers=_refreshers(asking, held, on),
    )
    counted = _people(session, organisation_id, EVERYBODY, on)
    late = valid = is_open = over = 0
    for one in asked_of(session, [plan], on=on):
        if one.person_id not in counted:
            continue
        late += one.finished_on is None and one.due.is_late(on)
        if one.period is not None and one.period.valid_until is not None:
            valid += one.finished_on is not None
            is_open += one.finished_on is not None and one.period.is_open(on)
            over += one.finished_on is None
    return AtOnce(late, valid, is_open, over)


def _periods(asking: Asking, held: Plan | None, on: date) -> tuple[RuleInForce, ...]:
    """The rules that would have held by then, the one that is wanted as the last."""
    if asking.period is None:
        return ()
    new = RuleInForce(on, None, asking.period)
    if held is None:
        return (new,)
    before = held.periods or (RuleInForce(held.asked_on, None, None),)
    return (*(replace(one, before=one.before or on) for one in before if one.from_on < on), new)


def _refreshers(asking: Asking, held: Plan | None, on: date) -> tuple[RefresherInForce, ...]:
    before = [replace(one, before=one.before or on) for one in held.refreshers if one.from_on < on] if held else []
    return (*before, *([RefresherInForce(on, None, asking.refresher)] if asking.refresher else []))


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
