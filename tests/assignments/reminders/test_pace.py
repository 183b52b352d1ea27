"""Who is likely to be late, and who can begin again and has not: told once, and not once they have begun."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.periods.rules import Lasts, PeriodRule
from assignments.programmes.refreshers import Refresher
from assignments.reminders.owed import owed_on
from assignments.reminders.pace import Pace, is_at_risk, paces_of
from assignments.reminders.steps import Given, Standing, Step, steps_owed
from assignments.requirements import Asking, require_course
from courses.catalogue.versions import get_current_version
from courses.records.attempts import Attempt
from people.persons import Person
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation

DUE = date(2027, 3, 10)
TWO_WEEKS_BEFORE = date(2027, 2, 24)
DAY = timedelta(days=1)


def owed(on: date, *given: Given, **more: object) -> tuple[Step, ...]:
    standing = Standing(date(2026, 1, 5), DUE, DUE, **more)  # type: ignore[arg-type]
    return steps_owed(standing, given, on=on)


def test_whoever_is_at_risk_hears_two_weeks_before_and_nobody_else_does() -> None:
    assert owed(TWO_WEEKS_BEFORE, is_at_risk=True) == (Step.AT_RISK,)
    assert owed(TWO_WEEKS_BEFORE) == ()
    known = Given(Step.AT_RISK, DUE, TWO_WEEKS_BEFORE)
    assert owed(TWO_WEEKS_BEFORE + DAY, known, is_at_risk=True) == ()
    assert owed(DUE - 7 * DAY, known, is_at_risk=True) == (Step.WEEK_BEFORE,)


def test_whoever_can_begin_again_and_has_not_hears_once_two_weeks_after_they_can() -> None:
    opens = date(2026, 12, 10)
    day = date(2026, 12, 24)
    assert owed(day - DAY, again_on=opens) == ()
    assert owed(day, again_on=opens) == (Step.NOT_BEGUN_AGAIN,)
    known = Given(Step.NOT_BEGUN_AGAIN, DUE, day)
    assert owed(day + 5 * DAY, known, again_on=opens) == ()
    assert owed(date(2027, 2, 8), known, again_on=opens) == (Step.MONTH_BEFORE,)
    assert owed(day) == ()


@pytest.mark.parametrize(
    ("days", "done", "is_late"),
    [(None, 0, True), (3, 0, False), (7, 0, True), (10, 1, True), (10, 3, False), (14, 2, False), (40, 4, False)],
)
def test_the_pace_so_far_decides(days: int | None, done: int, is_late: bool) -> None:
    pace = None if days is None else Pace(TWO_WEEKS_BEFORE - days * DAY, done, 4)
    assert is_at_risk(pace, due_on=DUE, on=TWO_WEEKS_BEFORE) is is_late


@given(st.integers(0, 60), st.integers(0, 4), st.integers(0, 60))
def test_more_that_is_done_never_makes_somebody_later(days: int, done: int, left: int) -> None:
    on = TWO_WEEKS_BEFORE
    risk = [is_at_risk(Pace(on - days * DAY, count, 5), due_on=on + left * DAY, on=on) for count in (done, done + 1)]
    assert risk[0] >= risk[1] or (done == 0 and days < 7)


def test_the_ledger_owes_it_to_whoever_has_not_begun(session: Session) -> None:
    unit, course = a_unit(session, an_organisation(session)), a_course(session)
    due_on = date(2027, 3, 10)
    ids = [unit.organisation_id]
    require_course(
        session, course_id=course.course_id, organisation_ids=ids, account_id=None, now=NOON - 90 * DAY, due_on=due_on
    )
    slow, quick = a_person(session, unit, "Bo Li"), a_person(session, unit, "Siân Nguyễn")
    begin(session, quick, course.course_id, course.version_id, datetime(2027, 2, 22, 9, tzinfo=NOON.tzinfo))
    session.flush()
    portions = owed_on(session, organisation_id=unit.organisation_id, on=TWO_WEEKS_BEFORE)
    found = [one for some in portions for one in some]
    assert [(one.person_id, one.step) for one in found] == [(slow.id, Step.AT_RISK)]
    paces = paces_of(session, person_ids=[slow.id, quick.id], course_ids=[course.course_id])
    assert paces == {(quick.id, course.course_id): Pace(date(2027, 2, 22), 0, 2)}


def test_a_programme_goes_by_its_steps_done_and_left(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    courses = [another_course(session, code, f"Course {code}") for code in ("A", "B", "C")]
    key = a_programme(session, halton, *((one,) for one in courses))
    ask_for(session, halton, key, Asking(due=DueRule(day=DUE)))
    new, slow, quick, before, reading = (a_person(session, unit) for _ in range(5))
    for person, days in ((slow, {0: 90, 1: 14}), (quick, {0: 20, 1: 15})):
        for course, back in days.items():
            complete(session, person, courses[course], _at(TWO_WEEKS_BEFORE - back * DAY))
    complete(session, before, courses[0], NOON - 5 * DAY)
    version = get_current_version(session, course_id=courses[0])
    begin(session, reading, courses[0], version.id, _at(TWO_WEEKS_BEFORE - 3 * DAY))
    session.flush()
    portions = owed_on(session, organisation_id=halton.id, on=TWO_WEEKS_BEFORE)
    found = {one.person_id: one.step for some in portions for one in some}
    assert found == dict.fromkeys([new.id, slow.id, before.id], Step.AT_RISK), "what was done before shows no pace"


def test_whoever_has_begun_a_programme_or_a_refresher_again_is_left_alone(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    whole, short, law = (another_course(session, code, f"Course {code}") for code in ("W", "S", "L"))
    year = PeriodRule(Lasts.MONTHS, 12, opens_days=60)
    key = a_programme(session, halton, (whole,), (law,))
    ask_for(session, halton, key, Asking(period=year))
    ask_for(session, halton, whole, Asking(period=year, refresher=Refresher(short, 24)))
    waits, goes_on = a_person(session, unit), a_person(session, unit)
    for person in (waits, goes_on):
        for course in (whole, law):
            complete(session, person, course, NOON)
    opens = date(2027, 9, 22)
    version = get_current_version(session, course_id=short)
    begin(session, goes_on, short, version.id, _at(opens + 2 * DAY))
    version = get_current_version(session, course_id=law)
    begin(session, goes_on, law, version.id, _at(opens + 2 * DAY), cycle=2, seen=_at(opens + 3 * DAY))
    session.flush()
    portions = owed_on(session, organisation_id=halton.id, on=date(2027, 10, 6))
    found = {(one.person_id, one.course_id, one.step) for some in portions for one in some}
    assert found == {(waits.id, course, Step.NOT_BEGUN_AGAIN) for course in (key, whole)}


def _at(day: date) -> datetime:
    return datetime.combine(day, NOON.timetz())


def begin(
    session: Session,
    person: Person,
    course_id: int,
    version_id: int,
    at: datetime,
    *,
    cycle: int = 1,
    seen: datetime | None = None,
) -> None:
    session.add(
        Attempt(
            person_id=person.id,
            course_id=course_id,
            cycle=cycle,
            course_version_id=version_id,
            started_at=at,
            last_seen_at=seen or at,
            at_module="first-steps",
            at_screen=1,
        )
    )
