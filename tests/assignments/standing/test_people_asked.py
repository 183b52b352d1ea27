"""Who is asked, since when and by when: it follows the record of people by itself, and past days stay."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.audiences.rules import AllOf, HasCompleted, OnGrade, Rule
from assignments.audiences.saved import add_audience, approve_rule, find_proposed, propose_rule
from assignments.due.rules import DueRule, Measure, Since
from assignments.plans import find_plan, plans_on
from assignments.requirement_changes import change_asking, get_requirement
from assignments.requirements import Asking, Requirement, require_course
from assignments.standing.people_asked import Asked, asked_of
from courses.records.completion import record_completion
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import (
    NOON,
    TODAY,
    a_course,
    a_follow_up,
    a_person,
    a_unit,
    an_employment,
    an_organisation,
    change_job,
    job_of,
)

LATER = NOON + timedelta(days=10)
ON = TODAY + timedelta(days=20)


def ask(session: Session, halton: Organisation, rule: Rule | None = None, due: DueRule | None = None) -> int:
    course = a_course(session).course_id
    audience_id = None
    if rule is not None:
        audience_id = add_audience(
            session, organisation_id=halton.id, name="Some", rule=rule, account_id=None, now=NOON
        )
    asking = Asking(audience_id, due or DueRule())
    require_course(session, course_id=course, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking)
    return course


def asked(session: Session, halton: Organisation, *, on: date = ON) -> dict[int, Asked]:
    plans = plans_on(session, Requirement.organisation_id == halton.id, on=on)
    return {one.person_id: one for one in asked_of(session, plans, on=on)}


def due_days(session: Session, halton: Organisation, people: Sequence[Person], on: date = ON) -> list[date | None]:
    found = asked(session, halton, on=on)
    return [found[person.id].due.due_on for person in people]


def test_an_audience_asks_its_people_and_nobody_else(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    inside, outside = a_person(session, unit, grade="G7"), a_person(session, unit, grade="G5")
    course = ask(session, halton, OnGrade(("G7",)), DueRule(day=ON))
    assert asked(session, halton).keys() == {inside.id}
    mine = required_courses_of(session, person_id=inside.id, on=ON)[course]
    assert (mine.due_on, mine.audience_name) == (ON, "Some")
    assert required_courses_of(session, person_id=outside.id, on=ON) == {}


def test_membership_follows_the_feed_and_past_days_stay(session: Session) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), grade="G5")
    ask(session, halton, OnGrade(("G7",)))
    change_job(session, job_of(session, person), TODAY + timedelta(days=5), now=LATER, run_id=1, grade="G7")
    assert asked(session, halton, on=TODAY + timedelta(days=4)) == {}
    assert asked(session, halton).keys() == {person.id}


def test_time_runs_from_the_day_on_which_somebody_joins_the_audience(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    was, comes = a_person(session, unit, grade="G7"), a_person(session, unit, grade="G5")
    ask(session, halton, OnGrade(("G7",)), DueRule(since=Since.ASKED, count=10))
    joined = TODAY + timedelta(days=5)
    change_job(session, job_of(session, comes), joined, grade="G7")
    change_job(session, job_of(session, was), joined, site="Elsewhere")
    assert due_days(session, halton, [was, comes]) == [TODAY + timedelta(days=10), joined + timedelta(days=10)]


def test_whom_a_new_version_brings_in_is_asked_from_its_approval_on(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    was, comes = a_person(session, unit, grade="G7"), a_person(session, unit, grade="G5")
    course = ask(session, halton, OnGrade(("G7",)), DueRule(since=Since.ASKED, count=10))
    plan = find_plan(session, organisation_id=halton.id, course_id=course, on=ON)
    assert plan is not None
    assert plan.audience_id is not None
    audience_id = plan.audience_id
    wider = propose_rule(session, audience_id=audience_id, rule=OnGrade(("G5", "G7")), account_id=None, now=LATER)
    assert asked(session, halton).keys() == {was.id}, "a proposal changes nobody"
    approve_rule(session, version_id=wider.id, account_id=None, now=LATER)
    assert find_proposed(session, audience_id=audience_id) is None
    days = [TODAY + timedelta(days=10), LATER.date() + timedelta(days=10)]
    assert due_days(session, halton, [was, comes]) == days
    assert asked(session, halton, on=TODAY).keys() == {was.id}, "the day before stays"


def test_a_requirement_that_is_changed_keeps_since_when_it_asks(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    was, comes = a_person(session, unit, grade="G7"), a_person(session, unit, grade="G5")
    course = ask(session, halton, OnGrade(("G7",)))
    held = get_requirement(session, course_id=course, organisation_id=halton.id)
    asking = Asking(None, DueRule(since=Since.ASKED, count=1, measure=Measure.MONTHS))
    assert change_asking(session, requirement_id=held.id, asking=asking, account_id=None, now=LATER)
    assert due_days(session, halton, [was, comes]) == [date(2026, 12, 21), date(2027, 1, 1)]
    assert asked(session, halton, on=TODAY).keys() == {was.id}


def test_dates_after_the_start_of_a_job_and_of_a_role(session: Session) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), starts_on=date(2026, 1, 31))
    change_job(session, job_of(session, person), date(2026, 6, 1), job_title="Manager")
    change_job(session, job_of(session, person), date(2026, 8, 1), grade="G9")
    course = ask(session, halton, None, DueRule(since=Since.ROLE, count=90))
    assert due_days(session, halton, [person]) == [date(2026, 8, 30)]
    held = get_requirement(session, course_id=course, organisation_id=halton.id)
    asking = Asking(None, DueRule(since=Since.EMPLOYMENT, count=13, measure=Measure.MONTHS))
    change_asking(session, requirement_id=held.id, asking=asking, account_id=None, now=LATER)
    assert due_days(session, halton, [person]) == [date(2027, 2, 28)]


def test_whoever_comes_back_to_an_authority_begins_anew(session: Session) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), starts_on=date(2020, 1, 1))
    job = job_of(session, person)
    change_job(session, job, date(2021, 1, 1), held=False)
    change_job(session, job, date(2026, 12, 1), held=True)
    ask(session, halton, None, DueRule(since=Since.EMPLOYMENT, count=30))
    assert due_days(session, halton, [person]) == [date(2026, 12, 31)]


def test_a_date_that_is_counted_from_another_course(session: Session) -> None:
    halton = an_organisation(session)
    first, second = a_person(session, a_unit(session, halton)), a_person(session, a_unit(session, halton, "Parks"))
    course = a_course(session)
    follow_up = a_follow_up(session)
    record_completion(
        session, person_id=first.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )
    rule = DueRule(since=Since.COMPLETED, count=2, measure=Measure.MONTHS, course_id=course.course_id)
    asking = Asking(None, rule)
    require_course(
        session, course_id=follow_up.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking
    )
    found = asked(session, halton)
    assert found[first.id].due.due_on == date(2027, 1, 21)
    assert (found[second.id].due.due_on, found[second.id].due.is_waiting) == (None, True)


def test_an_audience_of_those_who_completed_another_course(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    done, not_done = a_person(session, unit), a_person(session, unit)
    course, follow_up = a_course(session), a_follow_up(session)
    record_completion(
        session, person_id=done.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=LATER
    )
    audience_id = add_audience(
        session,
        organisation_id=halton.id,
        name="Done",
        rule=AllOf((HasCompleted(course.course_id),)),
        account_id=None,
        now=NOON,
    )
    asking = Asking(audience_id, DueRule(since=Since.ASKED, count=14))
    require_course(
        session, course_id=follow_up.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, asking=asking
    )
    assert asked(session, halton, on=TODAY) == {}
    found = asked(session, halton)
    assert found.keys() == {done.id} - {not_done.id}
    assert found[done.id].due.due_on == LATER.date() + timedelta(days=14)


def test_leave_moves_a_date_and_of_two_jobs_the_one_at_work_counts(session: Session) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    away = a_person(session, unit, away_from=TODAY + timedelta(days=1), away_until=TODAY + timedelta(days=7))
    gone = a_person(session, unit, away_from=TODAY + timedelta(days=1))
    both = a_person(session, unit, away_from=TODAY + timedelta(days=1))
    an_employment(session, both, a_unit(session, halton, "Parks"), is_main=False)
    due_on = TODAY + timedelta(days=10)
    course = ask(session, halton, None, DueRule(day=due_on))
    found = asked(session, halton)
    assert found[away.id].due.due_on == due_on + timedelta(days=7)
    assert (found[gone.id].due.due_on, found[gone.id].due.is_away) == (None, True)
    assert found[both.id].due.due_on == due_on
    mine = required_courses_of(session, person_id=away.id, on=ON)[course]
    assert (mine.due_on, mine.usual_on) == (due_on + timedelta(days=7), due_on)
    assert required_courses_of(session, person_id=gone.id, on=ON)[course].is_away


def change_rule(session: Session, halton: Organisation, course: int, rule: Rule, now: datetime) -> None:
    plan = find_plan(session, organisation_id=halton.id, course_id=course, on=ON)
    assert plan is not None
    assert plan.audience_id is not None
    version = propose_rule(session, audience_id=plan.audience_id, rule=rule, account_id=None, now=now)
    approve_rule(session, version_id=version.id, account_id=None, now=now)


def test_whoever_was_asked_all_along_keeps_their_date_though_an_earlier_rule_would_not_fit_them_now(
    session: Session,
) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), grade="G5")
    course = ask(session, halton, OnGrade(("G5",)), DueRule(since=Since.ASKED, count=30))
    change_rule(session, halton, course, OnGrade(("G5", "G7")), NOON + timedelta(days=3))
    change_job(session, job_of(session, person), TODAY + timedelta(days=6), grade="G7")
    assert due_days(session, halton, [person]) == [TODAY + timedelta(days=30)]


def test_a_rule_that_held_at_the_end_of_no_day_breaks_nothing(session: Session) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), grade="G5")
    course = ask(session, halton, OnGrade(("G5",)), DueRule(since=Since.ASKED, count=30))
    changed = NOON + timedelta(days=3)
    change_rule(session, halton, course, OnGrade(("G9",)), changed)
    change_rule(session, halton, course, OnGrade(("G5", "G7")), changed + timedelta(hours=1))
    assert due_days(session, halton, [person]) == [TODAY + timedelta(days=30)]


def test_nobody_was_asked_before_they_had_completed_what_an_earlier_rule_wanted(session: Session) -> None:
    halton = an_organisation(session)
    person = a_person(session, a_unit(session, halton), grade="G5")
    first = a_follow_up(session)
    course = ask(session, halton, HasCompleted(first.course_id), DueRule(since=Since.ASKED, count=30))
    done = NOON + timedelta(days=2)
    ids = {"person_id": person.id, "course_id": first.course_id, "course_version_id": first.version_id}
    record_completion(session, **ids, cycle=1, now=done)
    change_rule(session, halton, course, OnGrade(("G5",)), NOON + timedelta(days=4))
    assert due_days(session, halton, [person]) == [TODAY + timedelta(days=32)]
