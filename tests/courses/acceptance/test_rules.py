"""The rule of an authority for earlier training, against a plain model that walks from day to day."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.requirements import require_course
from courses.acceptance.preview import preview_rule
from courses.acceptance.refusing import refused_completions
from courses.acceptance.rules import Accepts, NewRule, set_rule
from courses.acceptance.words import preview_words
from courses.catalogue.versions import get_course
from courses.records.completion import Completion, CompletionSource, completions_for
from kernel.errors import RuleBroken
from people.organisations import Organisation, Unit
from reports.completion import completion_figures
from tests.builders.region import NOON, a_course, a_person, a_unit, an_employment, an_organisation, change_job

BEGIN = date(2020, 1, 1)
DAY = timedelta(days=1)
LAST = 120
CHOICES = st.one_of(
    st.tuples(st.sampled_from([Accepts.ALL, Accepts.NONE]), st.none()),
    st.tuples(st.just(Accepts.NO_OLDER), st.integers(1, 3)),
)


@dataclass(frozen=True)
class Place:
    """Two authorities, a unit in each, and a course."""

    here: Organisation
    there: Organisation
    unit_here: Unit
    unit_there: Unit
    course_id: int
    version_id: int


@pytest.fixture
def place(session: Session) -> Place:
    here, there = an_organisation(session), an_organisation(session, "sefton", "Sefton Council")
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[here.id], account_id=None, now=NOON)
    return Place(here, there, a_unit(session, here), a_unit(session, there, "Libraries"), *_ids(course))


def _ids(course):
    return course.course_id, course.version_id


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def complete(session: Session, place: Place, person, day: date, organisation: Organisation, cycle: int) -> Completion:
    row = Completion(
        person_id=person.id,
        course_id=place.course_id,
        cycle=cycle,
        course_version_id=place.version_id,
        organisation_id=organisation.id,
        unit_path="",
        grade="",
        completed_at=at(day),
        source=CompletionSource.PLATFORM,
    )
    session.add(row)
    session.flush()
    return row


def a_rule(session: Session, place: Place, accepts: Accepts, months=None, *, on=BEGIN, for_course=False) -> None:
    wanted = NewRule(place.here.id, place.course_id if for_course else None, accepts, months, on)
    set_rule(session, wanted, by=None, now=at(on))


# The model: days are walked one by one.


def months_later(day: date, months: int) -> tuple[int, int]:
    return day.year * 12 + day.month + months, day.day


def model_joined(spans, on: int) -> int | None:
    days = {day for first, length in spans for day in range(first, first + length + 1)}
    held = [day for day in days if day <= on]
    if not held:
        return None
    day = max(held)
    while day - 1 in days:
        day -= 1
    return day


def model_rule(rules, on: int):
    """The rule of the course if it has one, else that for all; of those alike the one of the latest day."""
    for wants_own in (True, False):
        held = [one for one in rules if one[0] is wants_own and one[1] <= on]
        if held:
            found = max(enumerate(held), key=lambda one: (one[1][1], one[0]))[1][2]
            if found is not None:
                return found
    return Accepts.ALL, None


def model_counts(completed: int, is_own: bool, joined: int | None, rule) -> bool:
    if is_own or joined is None or completed >= joined or rule[0] is Accepts.ALL:
        return True
    if rule[0] is Accepts.NONE:
        return False
    first = BEGIN + joined * DAY
    return months_later(BEGIN + completed * DAY, rule[1]) >= months_later(first, 0)


SPANS = st.lists(st.tuples(st.integers(0, LAST), st.integers(0, 30)), min_size=1, max_size=3)
DONE = st.lists(st.tuples(st.integers(0, LAST), st.booleans()), min_size=1, max_size=3)
RULES = st.lists(
    st.one_of(
        st.tuples(st.just(False), st.integers(0, LAST), CHOICES),
        st.tuples(st.just(True), st.integers(0, LAST), CHOICES | st.none()),
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS, DONE, RULES, st.lists(st.integers(0, LAST + 40), min_size=1, max_size=4))
def test_what_counts_on_a_day_is_what_the_model_says(session, place, spans, done, rules, days) -> None:
    with session.begin_nested() as inner:
        person = a_person(session)
        for first, length in spans:
            last = BEGIN + (first + length) * DAY
            an_employment(session, person, place.unit_here, starts_on=BEGIN + first * DAY, ends_on=last)
        rows = [
            complete(session, place, person, BEGIN + day * DAY, place.here if is_own else place.there, cycle)
            for cycle, (day, is_own) in enumerate(done, start=1)
        ]
        for is_own, day, choice in sorted(rules, key=lambda one: one[1]):
            accepts, months = choice or (Accepts.AS_FOR_ALL, None)
            with suppress(RuleBroken):  # where it was the rule already
                a_rule(session, place, accepts, months, on=BEGIN + day * DAY, for_course=is_own)
        for on in days:
            day, joined = BEGIN + on * DAY, model_joined(spans, on)
            rule = model_rule(sorted(rules, key=lambda one: one[1]), on)
            counted = [model_counts(at_day, own, joined, rule) for at_day, own in done]
            for course_id in (place.course_id, None):
                refused = refused_completions(day, organisation_id=place.here.id, course_id=course_id)
                found = set(session.scalars(refused))
                assert [row.id not in found for row in rows] == counted
            asked = required_courses_of(session, person_id=person.id, on=day)
            if asked:
                said = asked[place.course_id].refused_by(completions_for(session, person_id=person.id))
                assert (said is not None) is not any(counted)
        inner.rollback()


def figure(session: Session, place: Place, on: date) -> tuple[int, int, int]:
    course = get_course(session, slug="test-course")
    found = completion_figures(session, organisation=place.here, course=course, on=on, now=NOON).total.counts
    assert found is not None
    return found.people, found.complete, found.in_progress


def newcomers(session: Session, place: Place) -> None:
    """Twelve people who completed the course elsewhere three years before they joined, and two months before."""
    for number in range(12):
        person = a_person(session, place.unit_here, f"Person {number}", starts_on=date(2026, 3, 1))
        day = date(2023, 2, 1) if number < 11 else date(2026, 1, 1)
        complete(session, place, person, day, place.there, 1)


def test_the_figure_of_a_day_goes_by_the_rule_of_that_day(session, place) -> None:
    newcomers(session, place)
    days = [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]
    assert [figure(session, place, day) for day in days] == [(12, 12, 0)] * 4
    a_rule(session, place, Accepts.NO_OLDER, 36, on=days[1])
    a_rule(session, place, Accepts.NONE, on=days[2])
    a_rule(session, place, Accepts.ALL, on=days[3], for_course=True)
    assert [figure(session, place, day) for day in days] == [(12, 12, 0), (12, 1, 0), (12, 0, 0), (12, 12, 0)]


def test_the_preview_says_how_many_are_asked_again_and_hides_small_numbers(session, place) -> None:
    newcomers(session, place)
    found = preview_rule(session, NewRule(place.here.id, None, Accepts.NO_OLDER, 36, date(2026, 11, 1)))
    assert (found.people, found.again_now, found.again_then) == (12, 0, 11)
    assert preview_words(found, smallest_shown=10) == (
        "Of 12 people who came from elsewhere, 11 would be asked to take it again. As things stand, nobody is."
    )
    again = preview_rule(session, NewRule(place.here.id, place.course_id, Accepts.NO_OLDER, 1, date(2026, 11, 1)))
    assert again.again_then == 12
    few = preview_rule(session, NewRule(place.here.id, None, Accepts.NO_OLDER, 37, date(2026, 11, 1)))
    assert (few.again_then, preview_words(few, smallest_shown=10)[:39]) == (
        0,
        "Of 12 people who came from elsewhere, n",
    )


def test_who_comes_back_has_joined_when_they_came_back(session, place) -> None:
    person = a_person(session, place.unit_here, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31))
    an_employment(session, person, place.unit_there, starts_on=date(2023, 1, 1), ends_on=date(2025, 12, 31))
    row = complete(session, place, person, date(2024, 5, 1), place.there, 1)
    back = an_employment(session, person, place.unit_here, starts_on=date(2026, 1, 1))
    a_rule(session, place, Accepts.NONE, on=date(2026, 1, 1))
    refused = refused_completions(date(2026, 2, 1), organisation_id=place.here.id)
    assert set(session.scalars(refused)) == {row.id}
    # A second job that follows the first without a day between goes on with the same time.
    change_job(session, back, date(2026, 6, 1), held=False)
    an_employment(session, person, place.unit_here, starts_on=date(2026, 6, 1))
    later = complete(session, place, person, date(2026, 3, 1), place.there, 2)
    refused = session.scalars(refused_completions(date(2026, 7, 1), organisation_id=place.here.id)).all()
    assert row.id in refused
    assert later.id not in refused


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ((Accepts.NO_OLDER, None), "Enter a whole number of months from 1 to 600"),
        ((Accepts.NO_OLDER, 601), "Enter a whole number of months from 1 to 600"),
        ((Accepts.AS_FOR_ALL, None), "Select what counts of earlier training"),
        ((Accepts.ALL, None), "That is the rule already on that day"),
    ],
)
def test_a_rule_that_cannot_be_or_changes_nothing_is_refused(session, place, rule, message) -> None:
    with pytest.raises(RuleBroken, match=message):
        a_rule(session, place, *rule)


def test_no_rule_holds_from_a_day_that_is_past(session, place) -> None:
    wanted = NewRule(place.here.id, None, Accepts.NONE, None, BEGIN)
    with pytest.raises(RuleBroken, match="today or later"):
        set_rule(session, wanted, by=None, now=at(BEGIN + DAY))


def test_what_was_set_is_never_changed(session, place) -> None:
    a_rule(session, place, Accepts.NONE)
    with pytest.raises(Exception, match="append-only"):
        session.connection().exec_driver_sql("UPDATE earlier_training_rule SET months = 3")
    session.rollback()
    assert session.scalar(select(Completion.id)) is None
