"""Why somebody stands where they stand, in a sentence, on any day; whoever has finished has finished."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.audiences.rules import AllOf, InUnit, OnGrade, Rule
from assignments.audiences.saved import add_audience
from assignments.due.rules import DueRule, Since
from assignments.requirements import Asking, require_course
from assignments.standing.explaining import ONESELF, Reader, Standing, explain, explanations
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import record_completion
from people.organisations import Organisation
from people.persons import Person
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation

DUE = TODAY + timedelta(days=9)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def ask(session: Session, halton: Organisation, course: PublishOutcome, due: DueRule, rule: Rule | None = None) -> None:
    audience_id = None
    if rule is not None:
        audience_id = add_audience(
            session, organisation_id=halton.id, name="Seniors", rule=rule, account_id=None, now=NOON
        )
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON,
        asking=Asking(audience_id, due),
    )


def complete(session: Session, person: Person, course: PublishOutcome) -> None:
    record_completion(
        session, person_id=person.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )


def test_one_who_has_time_and_one_who_is_late(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    person = a_person(session, a_unit(session, halton), "Bo Li")
    ask(session, halton, course, DueRule(day=DUE))
    before = explain(session, person_id=person.id, course_id=course.course_id, on=DUE)
    assert (before.state, before.sentence) == (
        Standing.DUE,
        "Bo Li has until 30 November 2026 to complete Test course.",
    )
    assert before.rule == "Halton Borough Council asks everybody to finish Test course by 30 November 2026."
    assert before.missing == "Test course is not completed"
    after = explain(
        session, person_id=person.id, course_id=course.course_id, on=DUE + timedelta(days=1), reader=ONESELF
    )
    assert (after.state, after.sentence) == (
        Standing.LATE,
        "You were asked to complete Test course by 30 November 2026, and have not yet.",
    )


def test_whoever_has_finished_has_finished_whatever_else_is_true(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    unit = a_unit(session, halton)
    away, gone = a_person(session, unit, away_from=TODAY), a_person(session, unit, ends_on=TODAY)
    for person in (away, gone):
        complete(session, person, course)
    ask(session, halton, course, DueRule(since=Since.EMPLOYMENT, count=1), OnGrade(("G9",)))
    for person in (away, gone):
        found = explain(session, person_id=person.id, course_id=course.course_id, on=DUE + timedelta(days=500))
        assert (found.state, found.missing) == (Standing.FINISHED, "")
        yesterday = explain(session, person_id=person.id, course_id=course.course_id, on=TODAY - timedelta(days=1))
        assert yesterday.state is Standing.NOT_ASKED


def test_a_manager_learns_that_and_not_when(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    person = a_person(session, a_unit(session, halton), "Bo Li")
    complete(session, person, course)
    ask(session, halton, course, DueRule())
    (found,) = explanations(session, person_id=person.id, on=DUE, reader=Reader(is_manager=True))
    assert found.sentence == "Bo Li has completed Test course. Nothing is missing."
    assert [one.words for one in found.events if one.words.startswith("Completed")] == []


def test_who_is_not_asked_is_told_which_condition_decides(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    unit = a_unit(session, halton)
    person = a_person(session, unit, "Bo Li", grade="G5")
    ask(session, halton, course, DueRule(), AllOf((InUnit(unit.id), OnGrade(("G7", "G8")))))
    found = explain(session, person_id=person.id, course_id=course.course_id, on=DUE)
    assert found.state is Standing.NOT_ASKED
    assert found.sentence == (
        "Bo Li is not asked to complete Test course: the rule wants somebody who is on grade G7 or G8."
    )
    assert "works in Adult Social Care or below it, and is on grade G7 or G8" in found.rule


def test_leave_says_that_it_moves_the_date(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    unit = a_unit(session, halton)
    back = a_person(session, unit, "Bo Li", away_from=TODAY + timedelta(days=1), away_until=TODAY + timedelta(days=3))
    gone = a_person(session, unit, "Jo Su", away_from=TODAY + timedelta(days=1))
    ask(session, halton, course, DueRule(day=DUE))
    moved = explain(session, person_id=back.id, course_id=course.course_id, on=DUE)
    assert moved.due_on == TODAY + timedelta(days=12)
    assert "later than 30 November 2026, because days of long leave do not count" in moved.sentence
    assert [one.words for one in moved.events][-2:] == ["Long leave began", "Last day of long leave"]
    assert explain(session, person_id=gone.id, course_id=course.course_id, on=DUE).state is Standing.AWAY


def test_nobody_is_without_an_explanation(session: Session, halton: Organisation, course: PublishOutcome) -> None:
    jobless, person = a_person(session), a_person(session, a_unit(session, halton), "Bo Li")
    nothing = explain(session, person_id=jobless.id, course_id=course.course_id, on=date(2020, 1, 1))
    assert nothing.sentence.endswith("holds no job here, so nothing is asked.")
    not_yet = explain(session, person_id=person.id, course_id=course.course_id, on=DUE)
    assert not_yet.sentence == "On 30 November 2026 Halton Borough Council does not ask for Test course."


def test_whoever_is_asked_after_the_date_of_the_rule_was_not_asked_by_that_date(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    unit = a_unit(session, halton)
    veteran = a_person(session, unit, "Bo Li", starts_on=date(2020, 4, 1))
    ask(session, halton, course, DueRule(since=Since.EMPLOYMENT, count=30))
    found = explain(session, person_id=veteran.id, course_id=course.course_id, on=TODAY)
    assert (found.state, found.due_on, found.sentence) == (
        Standing.LATE,
        date(2020, 5, 1),
        "Bo Li has been asked to complete Test course since 21 November 2026. By the rule it was due on 1 May 2020, "
        "and it is not completed yet.",
    )
    mine = explain(session, person_id=veteran.id, course_id=course.course_id, on=TODAY, reader=ONESELF)
    assert mine.sentence.startswith("You have been asked to complete Test course since 21 November 2026. By the rule")
