"""Exempting somebody: from a day to a day, by somebody else, and whoever has finished has finished."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.due.rules import DueRule
from assignments.exemptions.giving import NewExemption, end_exemption, give_exemption
from assignments.exemptions.listing import exemptions_page
from assignments.exemptions.record import ExemptionReason
from assignments.plans import find_plan, plans_on
from assignments.requirement_changes import get_requirement, withdraw_requirement
from assignments.requirements import Asking, Requirement, require_course
from assignments.standing.explaining import ONESELF, Standing, explain
from assignments.standing.people_asked import asked_of
from courses.catalogue.versions import PublishOutcome, get_course
from courses.records.completion import record_completion
from kernel.audit import AuditEntry
from kernel.errors import RuleBroken
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role
from reports.completion import completion_figures
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation

LAST = TODAY + timedelta(days=30)
DAY = timedelta(days=1)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def unit(session: Session, halton: Organisation) -> Unit:
    return a_unit(session, halton)


@pytest.fixture
def course(session: Session, halton: Organisation) -> PublishOutcome:
    found = a_course(session)
    require_course(
        session,
        course_id=found.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON - timedelta(days=40),
        asking=Asking(due=DueRule(day=TODAY - DAY)),
    )
    return found


@pytest.fixture
def person(session: Session, unit: Unit) -> Person:
    return a_person(session, unit, "Bo Li")


def wanted(person: Person, halton: Organisation, course: PublishOutcome, **other: object) -> NewExemption:
    values = {
        "person_id": person.id,
        "organisation_id": halton.id,
        "course_id": course.course_id,
        "reason": ExemptionReason.EQUAL_TRAINING,
        "evidence": "Certificate seen",
        "starts_on": TODAY,
        "ends_on": LAST,
    }
    return NewExemption(**{**values, **other})  # type: ignore[arg-type]


def exempt(session: Session, person: Person, halton: Organisation, course: PublishOutcome, **other: object) -> int:
    return give_exemption(session, wanted(person, halton, course, **other), by=None, now=NOON)


def state(session: Session, person: Person, course: PublishOutcome, on: date) -> Standing:
    return explain(session, person_id=person.id, course_id=course.course_id, on=on).state


def test_who_is_exempt_is_not_asked_between_the_two_days(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome
) -> None:
    exempt(session, person, halton, course)
    states = [state(session, person, course, on) for on in (TODAY - DAY, TODAY, LAST, LAST + DAY)]
    assert states == [Standing.DUE, Standing.EXEMPT, Standing.EXEMPT, Standing.LATE]
    found = explain(session, person_id=person.id, course_id=course.course_id, on=TODAY, reader=ONESELF)
    assert found.sentence == "You are exempt from Test course until 21 December 2026, so it is not asked."
    assert (found.due_on, found.missing) == (None, "")
    plans = plans_on(session, Requirement.organisation_id == halton.id, on=TODAY)
    assert not list(asked_of(session, plans, on=TODAY))
    (told_apart,) = asked_of(session, plans, on=TODAY, with_exempt=True)
    assert told_apart.exempt_until == LAST
    assert required_courses_of(session, person_id=person.id, on=TODAY) == {}
    assert required_courses_of(session, person_id=person.id, on=LAST + DAY) != {}


def test_whoever_finishes_all_the_same_has_finished(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome
) -> None:
    exempt(session, person, halton, course)
    ids = {"course_id": course.course_id, "course_version_id": course.version_id}
    record_completion(session, person_id=person.id, cycle=1, **ids, now=NOON)
    assert state(session, person, course, TODAY) is Standing.FINISHED
    plans = plans_on(session, Requirement.organisation_id == halton.id, on=TODAY)
    assert [one.finished_on for one in asked_of(session, plans, on=TODAY)] == [TODAY]


def test_figures_and_lists_leave_them_out_and_say_so(
    session: Session, unit: Unit, halton: Organisation, course: PublishOutcome
) -> None:
    people = [a_person(session, unit, f"Person {place:02}") for place in range(30)]
    for person in people[:12]:
        exempt(session, person, halton, course)
    record_completion(
        session,
        person_id=people[0].id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    figures = completion_figures(
        session, organisation=halton, course=get_course(session, slug="test-course"), on=TODAY, now=NOON
    )
    assert figures.total.counts is not None
    assert (figures.total.counts.people, figures.total.counts.complete) == (19, 1)
    reasons = {one.words: one.people for one in figures.left_out.reasons}
    assert reasons == {"Exempt: not asked to take this course on this date, and not finished": 11}
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    of = ListOfPeople(halton.id, (), course.course_id, plan, TODAY)
    found = {state: people_page(session, of, Wanted(state), page=1, size=50).found for state in (None, *LearningState)}
    assert found == {
        None: 19,
        LearningState.FINISHED: 1,
        LearningState.STARTED: 0,
        LearningState.NOT_STARTED: 18,
        LearningState.NOT_FINISHED: 18,
        LearningState.PAST_DATE: 18,
        LearningState.EXEMPT: 11,
    }
    shown = people_page(session, of, Wanted(LearningState.EXEMPT), page=1, size=50).people
    assert {one.state for one in shown} == {LearningState.EXEMPT}
    assert not any(one.is_late or one.due_on for one in shown)


def test_it_ends_early_from_today_on_and_past_days_stay(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome
) -> None:
    key = exempt(session, person, halton, course)
    later = NOON + timedelta(days=5)
    end_exemption(session, exemption_id=key, reason="Stays after all", by=None, now=later)
    days = (TODAY + 4 * DAY, TODAY + 5 * DAY)
    assert [state(session, person, course, on) for on in days] == [Standing.EXEMPT, Standing.LATE]
    with pytest.raises(RuleBroken, match="has ended already"):
        end_exemption(session, exemption_id=key, reason="Again", by=None, now=later)
    (line,) = exemptions_page(
        session, organisation_id=halton.id, is_over=True, on=TODAY + 5 * DAY, page=1, size=5
    ).lines
    assert (line.ends_on, line.end_reason) == (TODAY + 4 * DAY, "Stays after all")
    acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["exemption-given", "exemption-ended"]
    renewed = wanted(person, halton, course, starts_on=TODAY + 5 * DAY)
    give_exemption(session, renewed, by=None, now=later)
    assert state(session, person, course, TODAY + 5 * DAY) is Standing.EXEMPT


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"ends_on": TODAY - DAY}, "ends_on"),
        ({"ends_on": TODAY.replace(year=2027) + DAY}, "ends_on"),
        ({"ends_on": date.max}, "ends_on"),
        ({"starts_on": date.max, "ends_on": date.max}, "starts_on"),
        ({"starts_on": date.min}, "starts_on"),
        ({"starts_on": TODAY - DAY}, "changes_past"),
        ({"evidence": " \x00 "}, "evidence"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome, other: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        exempt(session, person, halton, course, **other)
    assert refusal.value.field == field


def test_a_past_day_changes_only_where_somebody_says_so(
    session: Session, person: Person, halton: Organisation, course: PublishOutcome
) -> None:
    exempt(session, person, halton, course, starts_on=TODAY - 9 * DAY, changes_past=True)
    assert state(session, person, course, TODAY - 9 * DAY) is Standing.EXEMPT


def test_nobody_exempts_themselves_twice_or_for_nothing(
    session: Session, person: Person, unit: Unit, halton: Organisation, course: PublishOutcome
) -> None:
    own = an_account(session, person, Role.HR_LEAD, unit=unit)
    with pytest.raises(RuleBroken, match="cannot exempt yourself"):
        give_exemption(session, wanted(person, halton, course), by=own.id, now=NOON)
    key = exempt(session, person, halton, course)
    with pytest.raises(RuleBroken, match="cannot exempt yourself"):
        end_exemption(session, exemption_id=key, reason="I like it", by=own.id, now=NOON)
    with pytest.raises(RuleBroken, match="exempt until 21 December 2026 already"):
        exempt(session, person, halton, course, starts_on=LAST, ends_on=LAST + 9 * DAY)
    with pytest.raises(RuleBroken, match="hold no job here"):
        exempt(session, a_person(session), halton, course)
    held = get_requirement(session, course_id=course.course_id, organisation_id=halton.id)
    withdraw_requirement(session, requirement_id=held.id, account_id=None, now=NOON)
    with pytest.raises(RuleBroken, match="no longer asked"):
        exempt(session, a_person(session, unit), halton, course)
