"""A published figure stays as it was, and says when the record would answer otherwise."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from courses.records.completion import Completion, note_event
from courses.records.completion_events import CompletionEventKind
from kernel.errors import NotFound, RuleBroken
from people.reorganisation.applying import decide
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.steps import Merge, Rename
from reports.answers.published import PublishedFigure, find_published, get_published, publish, published_by
from reports.answers.replaying import replay
from reports.figures.definition import By, Cut, FigureDefinition, in_unit
from tests.builders.region import NOON, TODAY, a_unit, change_job, job_of
from tests.reports.taken_course import people_in

OCTOBER = date(2026, 10, 31)
QUESTION = FigureDefinition("halton", "test-course", OCTOBER)
LATER = NOON + timedelta(days=3)


@pytest.fixture
def parks(session, halton):
    return a_unit(session, halton, "Parks")


@pytest.fixture
def staff(session, care, parks, course, record_begins_long_ago):
    before = NOON - timedelta(days=100)
    found = [
        *people_in(session, care, 83, course=course, complete=41, at=before),
        *people_in(session, parks, 61, course=course, complete=22, at=before),
        *people_in(session, parks, 3, course=course, ends_on=OCTOBER - timedelta(days=200)),
    ]
    record_begins_long_ago()
    return found


def published_now(session, definition=QUESTION, **options):
    return publish(session, definition, **{"is_public": False, "account_id": None, "now": NOON, **options})


def numbers(found):
    return [(one["name"], one["people"], one["complete"]) for one in found.result["groups"]]


def test_what_is_published_is_rounded_and_found_again_however_its_number_is_typed(session, staff):
    made = published_now(session)
    assert numbers(made) == [
        ("Halton Borough Council", 140, 60),
        ("Adult Social Care", 80, 40),
        ("Parks", 60, 20),
    ]
    assert made.number.startswith("FIG-")
    assert find_published(session, made.number.lower().replace("-", " ")) == made
    assert published_by(session, organisation_id=session.scalar(select(PublishedFigure.organisation_id))) == [made]


@pytest.mark.parametrize("typed", ["", "FIG-0000-0000-0", "x" * 10_000, "\x00", "RE-7K4M-29QX-C"])
def test_a_number_that_is_none_is_not_found(session, staff, typed):
    with pytest.raises(NotFound):
        get_published(session, typed)


def test_today_is_not_published_because_it_is_not_over(session, staff):
    for day, words in ((TODAY, "Today is not over"), (TODAY + timedelta(days=1), "has not come yet")):
        with pytest.raises(RuleBroken, match=words):
            published_now(session, FigureDefinition("halton", "test-course", day))


def test_the_database_keeps_it_as_it_was(session, staff):
    published_now(session)
    for statement in (update(PublishedFigure).values(result="{}"), delete(PublishedFigure)):
        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(statement)


def test_a_row_holds_nothing_that_is_hidden(session, halton, staff):
    people_in(session, a_unit(session, halton, "Mayor’s Office"), 7)
    published_now(session)
    stored = json.loads(session.scalar(select(PublishedFigure.result)))
    assert [one["people"] for one in stored["groups"]] == [150, 80, None, 60]
    values = [one[key] for one in stored["groups"] for key in ("people", "complete") if one[key] is not None]
    assert all(value % 10 == 0 for value in [*values, *(one["people"] or 0 for one in stored["left_out"])])


def test_a_figure_stays_and_answers_the_same_after_a_reorganisation(session, halton, care, parks, staff):
    made = published_now(session)
    wanted = Wanted("One of two", TODAY, (Merge(parks.id, care.id), Rename(care.id, "Care and parks")))
    seen = preview(session, organisation=halton, wanted=wanted, now=NOON)
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=NOON)
    assert replay(session, made, now=LATER).is_equal
    assert get_published(session, made.number) == made


def test_people_who_move_or_leave_later_change_nothing(session, parks, staff):
    made = published_now(session)
    for one in staff[:30]:
        change_job(session, job_of(session, one), TODAY, unit_id=parks.id)
    assert replay(session, made, now=LATER).is_equal


def withdraw(session, people, how_many):
    found = session.scalars(
        select(Completion).where(Completion.person_id.in_([one.id for one in people])).limit(how_many)
    ).all()
    for one in found:
        note_event(
            session, one, CompletionEventKind.WITHDRAWN, reason="By mistake", account_id=None,
            now=NOON + timedelta(days=1),
        )  # fmt: skip


def test_a_correction_of_a_few_shows_nowhere_and_one_of_ten_beside_what_stays(session, staff):
    made = published_now(session)
    withdraw(session, staff[:41], 1)
    assert replay(session, made, now=LATER).is_equal
    withdraw(session, staff[1:41], 12)
    found = replay(session, made, now=LATER)
    assert [(one.group, one.figure, one.published, one.today) for one in found.differences] == [
        ("Halton Borough Council", "complete", 60, 50),
        ("Adult Social Care", "complete", 40, 30),
    ]
    assert found.since == ("Completions were withdrawn or put right.",)
    assert numbers(get_published(session, made.number))[0] == ("Halton Borough Council", 140, 60)


def test_a_correction_of_the_record_of_employment_is_named_as_the_reason(session, parks, staff):
    made = published_now(session)
    for one in staff[:20]:
        change_job(session, job_of(session, one), OCTOBER - timedelta(days=3), now=LATER, unit_id=parks.id)
    found = replay(session, made, now=LATER)
    assert ("Adult Social Care", "people", 80, 60) in [
        (one.group, one.figure, one.published, one.today) for one in found.differences
    ]
    assert "The record of employment was changed for days up to it." in found.since


def test_grades_and_units_can_be_published(session, care, staff):
    by_grade = published_now(session, FigureDefinition("halton", "test-course", OCTOBER, Cut(By.GRADE)))
    assert numbers(by_grade)[1:] == [("G5", 140, 60)]
    of_unit = published_now(session, FigureDefinition("halton", "test-course", OCTOBER, in_unit(care.id)))
    assert numbers(of_unit) == [("Adult Social Care", 80, 40)]
    assert replay(session, by_grade, now=LATER).is_equal
    assert replay(session, of_unit, now=LATER).is_equal


def test_where_nothing_answers_any_more_that_is_said_beside_it(session, care, staff):
    made = published_now(session, FigureDefinition("halton", "test-course", OCTOBER, in_unit(care.id)))
    lost = replace(made, definition=replace(made.definition, cut=in_unit(9**9)))
    found = replay(session, lost, now=LATER)
    assert not found.is_equal
    assert found.refusal == "What it is of is not in the record of that day any more."
