"""A shorter course is enough in a new period; the first time, and after too long, it is the whole course."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.ends import ends_of
from assignments.periods.rules import Lasts, PeriodRule
from assignments.plans import find_plan
from assignments.programmes.refreshers import Refresher, checked_refresher
from assignments.requirement_changes import change_asking, get_requirement
from assignments.requirements import Asking
from assignments.standing.explaining import explain
from assignments.standing.people_asked import Asked, asked_of
from courses.records.completion import completions_for
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person
from reports.completion import counted_groups
from tests.builders.programmes import another_course, ask_for, complete
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation

DAY = timedelta(days=1)
YEARLY = PeriodRule(Lasts.MONTHS, 12, opens_days=30)
END = date(2027, 11, 21)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> int:
    return a_course(session).course_id


@pytest.fixture
def short(session: Session) -> int:
    return another_course(session, "SH", "Ten minutes")


@pytest.fixture
def person(session: Session, halton: Organisation, course: int, short: int) -> Person:
    """Somebody who completed the whole course on the day on which it was asked for."""
    ask_for(session, halton, course, Asking(period=YEARLY, refresher=Refresher(short, 18)))
    found = a_person(session, a_unit(session, halton))
    complete(session, found, course, NOON)
    return found


def asked(session: Session, halton: Organisation, course: int, person: Person, on: date) -> Asked:
    plan = find_plan(session, organisation_id=halton.id, course_id=course, on=on)
    assert plan is not None
    (found,) = asked_of(session, [plan], on=on, person_ids=[person.id])
    return found


def sentence(session: Session, person: Person, course: int, on: date) -> str:
    return explain(session, person_id=person.id, course_id=course, on=on).sentence


def required(session: Session, person: Person, on: date) -> set[int]:
    found = required_courses_of(session, person_id=person.id, on=on)
    return {
        key for key, one in found.items() if one.refresher_id is None and (one.period is None or one.period.is_open(on))
    }


def test_once_the_course_can_be_taken_again_the_refresher_is_asked_for_and_renews_it(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    before, is_open = END - 31 * DAY, END - 30 * DAY
    assert required(session, person, before) == set()
    assert required(session, person, is_open) == {short}
    assert sentence(session, person, course, is_open).endswith("The shorter course “Ten minutes” is enough this time.")
    assert required_courses_of(session, person_id=person.id, on=is_open)[short].due_on == END
    complete(session, person, short, NOON + 350 * DAY)
    held = asked(session, halton, course, person, END + DAY)
    renewed = TODAY + 350 * DAY
    assert (held.finished_on, held.period and held.period.valid_until) == (renewed, date(2028, 11, 6))
    assert required(session, person, END + DAY) == set()
    assert sentence(session, person, course, END + DAY).startswith(
        "Siân Nguyễn renewed Test course on 6 November 2027 with a shorter course."
    )
    newest, first = completions_for(session, person_id=person.id)
    ends = ends_of(session, [newest.id, first.id], now=NOON + 351 * DAY)
    assert ends == {newest.id: date(2028, 11, 6), first.id: END}, "each certificate has an end of its own"


def test_the_first_time_it_is_the_whole_course(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    new = a_person(session, a_unit(session, halton, "Another"))
    complete(session, new, short, NOON)
    held = asked(session, halton, course, new, TODAY + DAY)
    assert (held.finished_on, held.courses_now) == (None, (course,))
    assert required(session, new, TODAY + DAY) == {course}
    said = explain(session, person_id=new.id, course_id=course, on=TODAY + DAY)
    assert "enough this time" not in said.sentence
    assert "In a new period the shorter course “Ten minutes” is enough" in said.rule


def test_whoever_completed_it_too_long_ago_takes_the_whole_course(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    last, over = date(2028, 5, 21), date(2028, 5, 22)
    assert required(session, person, last) == {short}
    assert (
        "or the whole course, is not completed again"
        in explain(session, person_id=person.id, course_id=course, on=last).missing
    )
    assert required(session, person, over) == {course}
    assert sentence(session, person, course, over).endswith("is more than 18 months old, so it is the whole course.")
    complete(session, person, short, datetime.combine(over, NOON.timetz()))
    assert asked(session, halton, course, person, over + DAY).finished_on is None
    complete(session, person, course, datetime.combine(over + DAY, NOON.timetz()), cycle=2)
    assert asked(session, halton, course, person, over + DAY).finished_on == over + DAY


def test_figures_count_whoever_renewed_it_with_the_refresher(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    complete(session, person, short, NOON + 350 * DAY)
    found = counted_groups(session, organisation=halton, course_id=course, on=END + 10 * DAY).total
    assert found.counts is not None
    assert (found.counts.people, found.counts.complete) == (1, 1)


def test_what_a_refresher_renewed_stays_when_the_rule_goes(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    complete(session, person, short, NOON + 350 * DAY)
    held = get_requirement(session, course_id=course, organisation_id=halton.id)
    now = NOON + 360 * DAY
    assert change_asking(session, requirement_id=held.id, asking=Asking(period=YEARLY), account_id=None, now=now)
    assert asked(session, halton, course, person, END + DAY).finished_on == TODAY + 350 * DAY
    assert required(session, person, date(2028, 11, 1)) == {course}, "the next time it is the whole course"


@pytest.mark.parametrize(
    ("refresher", "words"),
    [
        (Refresher(1, 12), "another course"),
        (Refresher(2, 0), "from 1 to 240"),
        (Refresher(2, 241), "from 1 to 240"),
        (Refresher(2, 11), "valid for 12 months. Enter 12 or more"),
    ],
)
def test_a_refresher_that_nobody_could_use_is_refused(refresher: Refresher, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        checked_refresher(refresher, course_id=1, valid_months=12)


def test_what_renewed_a_completion_in_the_morning_has_renewed_it_when_the_rule_is_another_by_noon(
    session: Session, halton: Organisation, course: int, short: int, person: Person
) -> None:
    day = NOON + 350 * DAY
    complete(session, person, short, day)
    for hours in (1, 2):  # another shorter course for an hour, then none
        held = get_requirement(session, course_id=course, organisation_id=halton.id).id
        refresher = Refresher(another_course(session, "OT", "Other"), 18) if hours == 1 else None
        asking = Asking(period=YEARLY, refresher=refresher)
        change_asking(session, requirement_id=held, asking=asking, account_id=None, now=day + hours * DAY / 24)
    for on in (TODAY + 350 * DAY, TODAY + 500 * DAY):
        assert asked(session, halton, course, person, on).finished_on == TODAY + 350 * DAY
