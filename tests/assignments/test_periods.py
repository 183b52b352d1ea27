"""Completions that are valid for a time: who is finished on a day, by when they begin again, and what is said of it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.due.rules import DueRule
from assignments.ends import ends_of
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.plans import plans_on
from assignments.reminders.owed import owed_on
from assignments.requirement_changes import change_asking, change_due_day, get_requirement, withdraw_requirement
from assignments.requirements import Asking, Requirement, require_course
from assignments.standing.explaining import ONESELF, Explanation, Reader, Standing, explain
from assignments.standing.people_asked import Asked, asked_of
from assignments.valid_on import is_valid
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import Completion, record_completion
from kernel.database import among
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation

DAY = timedelta(days=1)
YEAR = PeriodRule(Lasts.MONTHS, 12, opens_days=60)
ENDS = date(2027, 11, 21)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def ask(
    session: Session, halton: Organisation, course: PublishOutcome, period: PeriodRule | None, grace: int = 0
) -> None:
    asking = Asking(None, DueRule(day=TODAY + 9 * DAY, grace_days=grace), period)
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking
    )


def change(
    session: Session, halton: Organisation, course: PublishOutcome, period: PeriodRule | None, now: datetime
) -> None:
    held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
    asking = Asking(held.audience_id, held.rule, period)
    assert change_asking(session, requirement_id=held.id, asking=asking, account_id=None, now=now)


def complete(session: Session, person: Person, course: PublishOutcome, cycle: int = 1, now: datetime = NOON) -> None:
    record_completion(
        session,
        person_id=person.id,
        course_id=course.course_id,
        cycle=cycle,
        course_version_id=course.version_id,
        now=now,
    )


def held_by(session: Session, halton: Organisation, person: Person, on: date) -> Asked:
    plans = plans_on(session, Requirement.organisation_id == halton.id, on=on)
    (found,) = asked_of(session, plans, on=on, person_ids=[person.id])
    return found


def said(session: Session, person: Person, course: PublishOutcome, on: date, reader: Reader = ONESELF) -> Explanation:
    return explain(session, person_id=person.id, course_id=course.course_id, on=on, reader=reader)


def test_whoever_completed_is_finished_until_the_end_and_late_after_it(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, YEAR, grace=2)
    complete(session, person, course)
    last, after = held_by(session, halton, person, ENDS), held_by(session, halton, person, ENDS + DAY)
    assert (last.finished_on, last.due.due_on) == (TODAY, ENDS)
    assert after.finished_on is None
    assert [after.due.is_late(ENDS + count * DAY) for count in (1, 2, 3)] == [False, False, True]
    complete(session, person, course, cycle=2, now=NOON + 360 * DAY)
    again = held_by(session, halton, person, ENDS + DAY)
    assert again.period is not None
    assert (again.finished_on, again.period.number) == (TODAY + 360 * DAY, 2)
    past = held_by(session, halton, person, TODAY + 100 * DAY)
    assert past.period is not None
    assert (past.finished_on, past.period.valid_until) == (TODAY, ENDS), "the first period stays what it was"


def test_it_is_said_in_words(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    person = a_person(session, a_unit(session, halton), "Bo Li")
    ask(session, halton, course, YEAR)
    complete(session, person, course)
    assert said(session, person, course, TODAY).sentence == (
        "You completed Test course on 21 November 2026. It is valid until 21 November 2027, and can be taken again "
        "from 22 September 2027. Nothing is missing."
    )
    assert said(session, person, course, ENDS).sentence == (
        "You completed Test course on 21 November 2026. It is valid until 21 November 2027, and can be taken again "
        "now. Nothing is missing."
    )
    over = said(session, person, course, ENDS + DAY)
    assert (over.state, over.sentence) == (
        Standing.LATE,
        "You have completed Test course before. It was valid until 21 November 2027, and is to be taken again. "
        "You were asked to complete Test course by 21 November 2027, and have not yet.",
    )
    assert (over.missing, over.due_on, over.valid_until) == ("Test course is not completed again", ENDS, ENDS)
    assert over.rule.endswith(
        "A completion is valid for 12 months. The course can be taken again from 60 days before that, and then counts "
        "from that day on."
    )
    assert [one.words for one in over.events][-2:] == ["Completed Test course", "Last day on which that was valid"]
    manager = said(session, person, course, TODAY, Reader(is_manager=True))
    assert (manager.sentence, manager.valid_until) == ("Bo Li has completed Test course. Nothing is missing.", None)


def test_a_shorter_rule_holds_for_later_completions_and_a_longer_one_for_all(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, YEAR)
    complete(session, person, course)
    change(session, halton, course, PeriodRule(Lasts.MONTHS, 6, opens_days=30), NOON + 30 * DAY)
    assert held_by(session, halton, person, ENDS).finished_on == TODAY
    assert held_by(session, halton, person, ENDS + DAY).finished_on is None
    change(session, halton, course, PeriodRule(Lasts.MONTHS, 24, opens_days=30), NOON + 400 * DAY)
    assert held_by(session, halton, person, ENDS + DAY).finished_on is None, "a past day stays"
    assert held_by(session, halton, person, TODAY + 401 * DAY).finished_on == TODAY


def test_a_first_rule_leaves_time_and_one_that_ends_gives_validity_back(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, None)
    complete(session, person, course)
    since = TODAY + 700 * DAY
    assert held_by(session, halton, person, since).period is None
    change(session, halton, course, YEAR, NOON + 700 * DAY)
    assert held_by(session, halton, person, since + 60 * DAY).finished_on == TODAY
    assert held_by(session, halton, person, since + 61 * DAY).finished_on is None
    change(session, halton, course, None, NOON + 800 * DAY)
    assert held_by(session, halton, person, since + 101 * DAY).finished_on == TODAY


def test_what_was_asked_before_a_break_is_a_promise_too_and_a_day_that_changes_keeps_the_period(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, YEAR)
    complete(session, person, course)
    held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
    change_due_day(session, requirement_id=held.id, due_on=TODAY + 20 * DAY, account_id=None, now=NOON + 2 * DAY)
    held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
    assert held.period == YEAR
    withdraw_requirement(session, requirement_id=held.id, account_id=None, now=NOON + 40 * DAY)
    asking = Asking(None, DueRule(), PeriodRule(Lasts.MONTHS, 2, opens_days=10))
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON + 60 * DAY,
        asking=asking,
    )
    assert held_by(session, halton, person, ENDS).finished_on == TODAY
    assert held_by(session, halton, person, ENDS + DAY).finished_on is None


def test_whoever_can_take_it_again_is_reminded_before_the_end_and_not_earlier(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, PeriodRule(Lasts.MONTHS, 12, opens_days=10))
    complete(session, person, course)
    steps = [
        one.step
        for days in range(40, 10, -1)
        for group in owed_on(session, organisation_id=halton.id, on=ENDS - days * DAY)
        for one in group
    ]
    assert steps == [], "30 days before they could not take it again"
    owed = [one for group in owed_on(session, organisation_id=halton.id, on=date(2027, 11, 15)) for one in group]
    assert [(one.person_id, one.due_on) for one in owed] == [(person.id, ENDS)]
    assert said(session, person, course, date(2027, 11, 15)).due_on == ENDS
    complete(session, person, course, cycle=2, now=NOON + 360 * DAY)
    assert [one for group in owed_on(session, organisation_id=halton.id, on=date(2027, 11, 18)) for one in group] == []


def test_leave_in_the_window_moves_the_date_and_leave_before_it_does_not(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    unit = a_unit(session, halton)
    early = a_person(session, unit, away_from=TODAY + 10 * DAY, away_until=TODAY + 200 * DAY)
    late = a_person(session, unit, away_from=ENDS - 30 * DAY, away_until=ENDS + 30 * DAY)
    ask(session, halton, course, YEAR)
    for person in (early, late):
        complete(session, person, course)
    on = ENDS + 31 * DAY
    assert held_by(session, halton, early, on).due.due_on == ENDS
    moved = held_by(session, halton, late, on).due
    assert (moved.due_on, moved.usual_on) == (ENDS + 61 * DAY, ENDS)


def test_a_learner_has_the_end_of_the_period_as_a_date(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, PeriodRule(Lasts.MONTHS, 24, opens_days=60, runs_from=RunsFrom.OLD_END))
    complete(session, person, course)
    mine = required_courses_of(session, person_id=person.id, on=TODAY)[course.course_id]
    assert mine.period is not None
    assert (mine.period.valid_until, mine.due_on) == (date(2028, 11, 21), date(2028, 11, 21))


def test_an_older_completion_has_an_end_too_when_its_certificate_comes_late(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    person = a_person(session, a_unit(session, halton))
    ask(session, halton, course, YEAR)
    complete(session, person, course)
    complete(session, person, course, cycle=2, now=NOON + 360 * DAY)
    older, newer = session.scalars(select(Completion.id).order_by(Completion.cycle)).all()
    found = ends_of(session, [older, newer], now=NOON + 361 * DAY)
    assert found == {older: ENDS, newer: date(2028, 11, 16)}
    assert ends_of(session, [older], now=NOON + 361 * DAY) == {older: ENDS}


def test_thousands_who_are_valid_by_the_completion_before_leave_the_statement_short(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    unit = a_unit(session, halton)
    ask(session, halton, course, PeriodRule(Lasts.MONTHS, 12, opens_days=60, runs_from=RunsFrom.OLD_END))
    people = [a_person(session, unit) for _ in range(3)]
    for cycle, when in ((1, NOON), (2, NOON + 320 * DAY)):
        for person in people[: 4 - cycle]:
            complete(session, person, course, cycle=cycle, now=when)
    on = TODAY + (320 + 370) * DAY  # a year after the second is over, and a year after the end of the first is not
    (plan,) = plans_on(session, Requirement.organisation_id == halton.id, on=on)
    valid = select(Completion.person_id).where(is_valid(session, plan, on=on)).distinct()
    assert sorted(session.scalars(valid)) == [person.id for person in people[:2]]
    few, many = (among(session, Completion.person_id, range(size)) for size in (1, 70_000))
    assert str(few.compile()) == str(many.compile())
    assert session.scalars(select(Completion.person_id).where(many).limit(1)).all()
