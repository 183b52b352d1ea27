"""Figures by grade, by contract and by the way in which people finished."""

from datetime import timedelta

import pytest

from assignments.requirements import require_course
from courses.catalogue.versions import courses_by_id, get_course
from courses.records.completion import Completion, CompletionSource
from kernel.errors import RuleBroken
from reports.completion import completion_figures
from reports.figures.definition import By, Cut
from reports.groups import Counts
from tests.builders.programmes import a_programme, complete
from tests.builders.region import NOON, TODAY, a_course, a_unit, an_organisation, change_job, job_of
from tests.reports.taken_course import another_course, finish, people_in


@pytest.fixture
def course(session):
    return a_course(session)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


def figures_by(session, organisation, cut, course=None, on=TODAY):
    course = course or get_course(session, slug="test-course")
    return completion_figures(session, organisation=organisation, course=course, on=on, now=NOON, cut=cut)


def shown(figures):
    return [(group.name, group.counts) for group in figures.total.children]


def put_on(session, people, **terms):
    for one in people:
        change_job(session, job_of(session, one), TODAY - timedelta(days=30), **terms)


def test_grades_are_those_of_the_day(session, halton, care, course):
    people = people_in(session, care, 30, course=course, complete=12)
    put_on(session, people[:11], grade="G9")
    found = figures_by(session, halton, Cut(By.GRADE))
    assert found.total.counts == Counts(30, 12)
    assert shown(found) == [("G5", Counts(19, 1)), ("G9", Counts(11, 11))]
    before = figures_by(session, halton, Cut(By.GRADE), on=TODAY - timedelta(days=31))
    assert shown(before) == [("G5", Counts(30, 0))]


def test_contracts_too_and_what_is_not_recorded_is_a_part_of_its_own(session, halton, care, course):
    people = people_in(session, care, 40, course=course, complete=15)
    put_on(session, people[:20], contract="Permanent")
    put_on(session, people[20:], contract="")
    found = figures_by(session, halton, Cut(By.CONTRACT))
    assert shown(found) == [("No contract recorded", Counts(20, 0)), ("Permanent", Counts(20, 15))]
    assert figures_by(session, halton, Cut(By.CONTRACT, "-")).total.name == "No contract recorded"


def test_few_people_of_a_grade_stand_with_others_and_have_no_figures_of_their_own(session, halton, care, course):
    people = people_in(session, care, 50, course=course, complete=20)
    put_on(session, people[:3], grade="G12")
    put_on(session, people[12:24], grade="G9")
    found = figures_by(session, halton, Cut(By.GRADE))
    assert shown(found) == [("G5", Counts(35, 9)), ("Other grades", Counts(15, 11))]
    refusals = []
    for grade in ("G12", "G9", "G77"):
        with pytest.raises(RuleBroken) as refused:
            figures_by(session, halton, Cut(By.GRADE, grade))
        refusals.append(refused.value.message.replace(grade, "G"))
    assert set(refusals) == {"The grade “G” is not in these figures: few people have it, or nobody."}


def test_who_is_left_out_is_said_of_a_grade_too_unless_few_are(session, halton, care, course):
    people = people_in(session, care, 40)
    away = people_in(session, care, 12, away_from=TODAY)
    put_on(session, [*people[:20], *away], grade="G9")
    people_in(session, care, 13, away_from=TODAY)
    left_out = figures_by(session, halton, Cut(By.GRADE, "G9")).left_out
    assert {one.words: one.people for one in left_out.reasons}["On long leave on this date"] == 12
    assert left_out.total is None


def test_the_way_is_what_was_recorded_here_or_before(session, halton, care, course):
    people = people_in(session, care, 40, course=course, complete=15)
    for one in people[20:32]:
        finish(session, course, one, care, at=NOON - timedelta(days=90))
    for one in people[:4]:
        imported(session, course, one, care)
    for one in people[32:]:
        imported(session, course, one, care)
    found = figures_by(session, halton, Cut(By.ROUTE))
    assert found.total.counts == Counts(35, 35)
    assert shown(found) == [("Other routes", Counts(35, 35))]
    for one in people_in(session, care, 4):
        imported(session, course, one, care)
    found = figures_by(session, halton, Cut(By.ROUTE))
    assert shown(found) == [
        ("Completed before it was recorded here", Counts(12, 12)),
        ("Completed here", Counts(27, 27)),
    ]
    assert [(one.words, one.people) for one in found.left_out.reasons] == [("Not finished: in no way yet", None)]


def imported(session, course, person, unit):
    session.add(
        Completion(
            person_id=person.id,
            course_id=course.course_id,
            cycle=0,
            course_version_id=course.version_id,
            organisation_id=unit.organisation_id,
            unit_path=unit.path,
            grade="G5",
            completed_at=NOON - timedelta(days=400),
            source=CompletionSource.IMPORTED,
        )
    )
    session.flush()


def test_the_way_through_a_programme_is_the_course_that_was_chosen(session, halton, care, course):
    other = another_course(session)
    key = a_programme(session, halton, (course.course_id, other.course_id), at=NOON - timedelta(days=200))
    people = people_in(session, care, 40)
    for place, one in enumerate(people[:32]):
        complete(session, one, (course if place < 12 else other).course_id, NOON - timedelta(days=100))
    asked = {"course_id": key, "organisation_ids": [halton.id], "account_id": None}
    require_course(session, **asked, now=NOON - timedelta(days=200))
    found = figures_by(session, halton, Cut(By.ROUTE), courses_by_id(session, course_ids=[key])[key])
    assert shown(found) == [("By “Speaking up”", Counts(20, 20)), ("By “Test course”", Counts(12, 12))]
