"""Figures, lists of people and explanations say the same of completions that are valid for a time."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.plans import find_plan
from assignments.requirement_changes import change_asking, get_requirement
from assignments.requirements import Asking, require_course
from assignments.standing.explaining import Standing, explain
from courses.catalogue.versions import PublishOutcome
from courses.records.attempts import Attempt
from people.organisations import Organisation
from reports.completion import counted_groups
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation
from tests.reports.taken_course import begin, finish

DAY = timedelta(days=1)
STATES = (LearningState.FINISHED, LearningState.STARTED, LearningState.NOT_STARTED)
CHANGES: tuple[PeriodRule | None, ...] = (
    None,
    PeriodRule(Lasts.MONTHS, 6, opens_days=60, runs_from=RunsFrom.OLD_END),
    PeriodRule(Lasts.MONTHS, 3, opens_days=20),
    PeriodRule(Lasts.YEARLY, until=date(2026, 3, 31), opens_days=90),
    PeriodRule(Lasts.DAY, until=TODAY + 200 * DAY, opens_days=30),
)


def in_figures(session: Session, halton: Organisation, course: PublishOutcome, on: date) -> tuple[int, int, int]:
    whole = counted_groups(session, organisation=halton, course_id=course.course_id, on=on).total
    assert whole.counts is not None
    return whole.counts.complete, whole.counts.in_progress, whole.counts.not_started


def listed(
    session: Session, halton: Organisation, course: PublishOutcome, on: date
) -> dict[LearningState, dict[int, date | None]]:
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=on)
    of = ListOfPeople(halton.id, (), course.course_id, plan, on)
    return {
        state: {
            one.person_id: one.finished_on
            for one in people_page(session, of, Wanted(state=state), page=1, size=100).people
            if one.state is state
        }
        for state in STATES
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_three_agree_on_any_day_whatever_became_of_the_rule(session: Session, seed: int) -> None:
    random = Random(seed)  # noqa: S311  no secret
    halton, course = an_organisation(session), a_course(session)
    unit = a_unit(session, halton)
    people = [a_person(session, unit, starts_on=date(2020, 1, 1)) for _ in range(14)]
    rules = random.choices(CHANGES, k=3)
    asking = Asking(None, DueRule(day=TODAY + 20 * DAY), rules[0])
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking
    )
    for place, rule in enumerate(rules[1:], start=1):
        held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
        change_asking(
            session,
            requirement_id=held.id,
            asking=Asking(None, DueRule(), rule),
            account_id=None,
            now=NOON + place * 150 * DAY,
        )
    for person in people:
        days = sorted(random.sample(range(-200, 600), random.randint(0, 3)))
        for cycle, day in enumerate(days, start=1):
            finish(session, course, person, unit, NOON + day * DAY, cycle)
    begin(session, course, people[0], NOON - 300 * DAY, cycle=9)
    session.commit()
    # A list speaks of today, and so does not look at the moment of a completion: it is asked at the end of all.
    for on in (TODAY + days * DAY for days in (0, 100, 149, 150, 200, 330, 600, 700)):
        figures = in_figures(session, halton, course, on)
        explained = {
            person.id: explain(session, person_id=person.id, course_id=course.course_id, on=on).state
            for person in people
        }
        finished = {key for key, state in explained.items() if state is Standing.FINISHED}
        assert figures[0] == len(finished), on
        if on >= TODAY + 600 * DAY:
            found = listed(session, halton, course, on)
            assert found[LearningState.FINISHED].keys() == finished
            assert figures == tuple(len(found[state]) for state in STATES)


def test_whoever_began_again_has_started_and_whoever_did_not_has_not(session: Session) -> None:
    halton, course = an_organisation(session), a_course(session)
    unit = a_unit(session, halton)
    over, again, valid, began = (a_person(session, unit, starts_on=date(2020, 1, 1)) for _ in range(4))
    asking = Asking(None, DueRule(), PeriodRule(Lasts.MONTHS, 12, opens_days=60))
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking
    )
    for person in (over, again, valid):
        finish(session, course, person, unit)
    begin(session, course, again, NOON + 370 * DAY, cycle=2)
    again_at = NOON + 371 * DAY
    finish(session, course, valid, unit, again_at, cycle=2)
    begin(session, course, began, NOON)
    session.execute(update(Attempt).where(Attempt.cycle == 2).values(last_seen_at=again_at))
    session.commit()
    on = TODAY + 380 * DAY
    found = listed(session, halton, course, on)
    assert {state: set(people) for state, people in found.items()} == {
        LearningState.FINISHED: {valid.id},
        LearningState.STARTED: {again.id, began.id},
        LearningState.NOT_STARTED: {over.id},
    }
    assert found[LearningState.FINISHED] == {valid.id: again_at.date()}
    assert in_figures(session, halton, course, on) == (1, 2, 1)
    assert in_figures(session, halton, course, TODAY + 365 * DAY) == (3, 1, 0)
