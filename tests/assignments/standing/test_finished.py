"""Sets say of everybody who has finished what going through them one by one says."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.plans import find_plan
from assignments.programmes.refreshers import Refresher
from assignments.requirement_changes import change_asking, get_requirement
from assignments.requirements import Asking, require_course
from assignments.standing.finished import who_finished
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import NOON, TODAY, a_person, a_unit, an_organisation

DAY = timedelta(days=1)
PERIODS = (
    PeriodRule(Lasts.MONTHS, 6),
    PeriodRule(Lasts.MONTHS, 5, opens_days=90, runs_from=RunsFrom.OLD_END),
    PeriodRule(Lasts.YEARLY, until=date(2026, 3, 31)),
)


def said(session: Session, plan, people, on: date) -> list[list[set[int]]]:
    found = []
    for person_ids in (None, [one.id for one in people]):
        who = who_finished(session, plan, on=on, person_ids=person_ids)
        found.append([set(session.scalars(ids)) for ids in (who.finished, who.have_done_a_step)])
    return found


@pytest.mark.parametrize("seed", range(6))
def test_of_a_course_that_a_shorter_one_renews(session: Session, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    whole, short = another_course(session, "WW", "Whole"), another_course(session, "SS", "Short")
    rules = [Asking(None, DueRule(), random.choice(PERIODS), Refresher(short, random.choice((6, 9)))) for _ in range(2)]
    require_course(session, course_id=whole, organisation_ids=[halton.id], account_id=None, now=NOON, asking=rules[0])
    people = [a_person(session, unit, starts_on=date(2020, 1, 1)) for _ in range(24)]
    for person in people:
        days = sorted(random.sample(range(1, 700), random.randint(0, 5)))
        for cycle, day in enumerate(days, start=1):
            complete(session, person, random.choice((whole, short)), NOON + day * DAY, cycle=cycle)
    if rules[1] != rules[0]:
        held = get_requirement(session, course_id=whole, organisation_id=halton.id)
        change_asking(session, requirement_id=held.id, asking=rules[1], account_id=None, now=NOON + 300 * DAY)
    finished = 0
    for days in (20, 150, 299, 301, 420, 560, 700, 800):
        on = TODAY + days * DAY
        plan = find_plan(session, organisation_id=halton.id, course_id=whole, on=on)
        sets, one_by_one = said(session, plan, people, on)
        assert sets == one_by_one, on
        finished += len(sets[0])
    assert finished


@pytest.mark.parametrize("seed", range(3))
def test_of_a_programme_in_steps(session: Session, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - no secret
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    courses = [another_course(session, code, code) for code in ("AA", "BB", "CC")]
    programme = a_programme(session, halton, (courses[0], courses[1]), (courses[2],))
    ask_for(session, halton, programme)
    people = [a_person(session, unit, starts_on=date(2020, 1, 1)) for _ in range(24)]
    for person in people:
        for course_id in random.sample(courses, random.randint(0, 3)):
            complete(session, person, course_id, NOON + random.randint(-20, 60) * DAY)
    for days in (0, 15, 30, 60):
        on = TODAY + days * DAY
        plan = find_plan(session, organisation_id=halton.id, course_id=programme, on=on)
        sets, one_by_one = said(session, plan, people, on)
        assert sets == one_by_one, on
    assert sets[0]
    assert sets[1]
