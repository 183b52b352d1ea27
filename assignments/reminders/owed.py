"""Which reminders an authority owes on a day: set-based, a portion of people at a time."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from sqlalchemy.orm import Session

from assignments.plans import plans_on
from assignments.reminders.pace import Pace, is_at_risk, pace_of, paces_of
from assignments.reminders.record import given_to
from assignments.reminders.steps import Standing, Step, steps_owed
from assignments.requirements import Requirement
from assignments.standing.people_asked import Asked, asked_of

PORTION = 1000


@dataclass(frozen=True)
class Owed:
    """A reminder that is owed: ``due_on`` is the person's own date, ``employment_id`` the job through which they are
    asked."""

    person_id: int
    organisation_id: int
    course_id: int
    employment_id: int
    step: Step
    due_on: date


def standing_of(asked: Asked, on: date, pace: Pace | None = None) -> Standing:
    """What the steps follow from; without a pace, of somebody who has not begun.

    Whoever is on leave today is away, also where it is known when they return.

    Whose completion is running out has not finished again, once they can.
    """
    facts, due = asked.facts, asked.due
    is_away = due.is_away or any(
        one.starts_on <= on and (one.ends_on is None or one.ends_on >= on) for one in facts.away
    )
    is_running_out = asked.period is not None and asked.period.is_open(on)
    is_finished = asked.finished_on is not None and not is_running_out
    return Standing(
        facts.asked_on,
        due.due_on,
        due.last_on,
        is_finished,
        is_away,
        # A period that runs out has a step of its own.
        is_at_risk=asked.period is None and due.due_on is not None and is_at_risk(pace, due_on=due.due_on, on=on),
        again_on=_again_on(asked, pace) if is_running_out else None,
    )


def _again_on(asked: Asked, pace: Pace | None) -> date | None:
    """From when somebody can take it again; ``None`` where they have begun since."""
    period = asked.period
    if period is None or (pace is not None and pace.started_on > period.completed_on):
        return None
    return period.opens_on


def owed_on(session: Session, *, organisation_id: int, on: date) -> Iterator[list[Owed]]:
    """What an authority owes its people on a day and has not noted yet, by portions of people.

    Three statements for each portion, whoever is in it, beside those that say who is asked.
    """
    plans = plans_on(session, Requirement.organisation_id == organisation_id, on=on)
    asked = asked_of(session, plans, on=on)
    # Most owe nothing whatever was noted before, and are gone before the ledger is looked at.
    some = (one for one in asked if one.exempt_until is None and steps_owed(standing_of(one, on), (), on=on))
    people = (list(group) for _, group in groupby(some, key=lambda one: one.person_id))
    while portion := list(islice(people, PORTION)):
        yield _without_given(session, organisation_id, portion, on)


def _without_given(session: Session, organisation_id: int, portion: Collection[list[Asked]], on: date) -> list[Owed]:
    people = [group[0].person_id for group in portion]
    given = given_to(session, organisation_id=organisation_id, person_ids=people)
    plans = {one.plan.requirement_id: one.plan for group in portion for one in group}
    courses = frozenset[int]().union(*(plan.counted for plan in plans.values()))
    paces = paces_of(session, person_ids=people, course_ids=courses)
    return [
        Owed(one.person_id, organisation_id, one.plan.course_id, one.employment_id, step, one.due.due_on)
        for group in portion
        for one in group
        for key in [(one.person_id, one.plan.course_id)]
        for step in steps_owed(standing_of(one, on, pace_of(one, paces)), given.get(key, ()), on=on)
        if one.due.due_on is not None
    ]
