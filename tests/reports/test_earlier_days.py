"""Figures of days that are over: always the same, and no few people can be read between two days."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from assignments.requirements import require_course
from courses.catalogue.versions import courses_by_id, get_course
from kernel.errors import NotFound
from people.organisations import UnitKind
from people.persons import Person
from reports.completion import counted_groups
from reports.csv_export import completion_csv, file_name
from reports.earlier_days import (
    earlier_figures,
    first_day_of_record,
    groups_as_at,
    month_end_before,
    published_days,
    rounded_groups,
    why_not,
)
from reports.figures.definition import in_unit
from reports.groups import Counts, Group, Level
from tests.builders.programmes import a_programme, complete
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation, change_job, job_of
from tests.reports.taken_course import people_in

OCTOBER = date(2026, 10, 31)
LEVELS = tuple(Level)


def a_group(shape, depth=0):
    """A tree with people in its leaves: a leaf is how many people it has and how many of them are complete."""
    if isinstance(shape, tuple):
        people, complete = max(shape), min(shape)
        return Group(LEVELS[depth], "leaf", None, ("", "", ""), Counts(people, complete))
    children = tuple(a_group(part, depth + 1) for part in shape)
    total = sum((child.counts for child in children), start=Counts())
    return Group(LEVELS[depth], "parent", None, ("", "", ""), total, children)


leaves = st.tuples(st.integers(0, 130), st.integers(0, 130))
services = st.lists(leaves, min_size=1, max_size=5)
authorities = st.lists(st.one_of(leaves, services), min_size=1, max_size=4).map(a_group)


def published(group):
    """Every number that is shown."""
    shown = [one.counts for one in rounded_groups(group, on=OCTOBER).walk() if one.counts]
    return [number for counts in shown for number in (counts.people, counts.complete, counts.not_finished)]


@settings(max_examples=200, deadline=None)
@given(authorities, authorities)
def test_between_two_published_days_nothing_changes_or_ten_people_do(one, other):
    """However somebody adds them up and takes them away: the sums of whole tens are whole tens."""
    assert all(number % 10 == 0 for number in published(one) + published(other))


@settings(max_examples=200, deadline=None)
@given(authorities)
def test_a_figure_is_off_by_five_at_most_and_no_shown_group_is_small(authority):
    for exact, shown in zip(authority.walk(), rounded_groups(authority, on=OCTOBER).walk(), strict=True):
        if shown.counts:
            assert abs(shown.counts.people - exact.counts.people) <= 5
            assert abs(shown.counts.complete - exact.counts.complete) <= 5
            assert exact.counts.people >= 45
            assert 0 <= shown.counts.complete <= shown.counts.people
        assert shown.is_shown or not any(child.is_shown for child in shown.children)


class Attacker:
    """Knows the rule, sees every rounded figure, and knows that each parent is the sum of its parts: so for each number
    between which two it lies. Today's exact figures say nothing more about that day."""

    def __init__(self, shown):
        self.bounds = {}
        self.sums = []
        self._numbers = count()
        self._take(shown)
        while self._narrow():
            pass

    def _take(self, group):
        key = next(self._numbers)
        for figure in ("people", "complete"):
            number = getattr(group.counts, figure) if group.counts else None
            self.bounds[key, figure] = (0, 44) if number is None else (max(0, number - 5), number + 4)
        parts = [self._take(child) for child in group.children]
        if parts:
            self.sums.append((key, parts))
        return key

    def _narrow(self):
        before = dict(self.bounds)
        for whole, parts in self.sums:
            for figure in ("people", "complete"):
                cells = [(part, figure) for part in parts]
                self._between(
                    (whole, figure), sum(self.bounds[c][0] for c in cells), sum(self.bounds[c][1] for c in cells)
                )
                low, high = self.bounds[whole, figure]
                for cell in cells:
                    others = [self.bounds[c] for c in cells if c != cell]
                    self._between(cell, low - sum(o[1] for o in others), high - sum(o[0] for o in others))
        for key, figure in self.bounds:
            if figure == "people":
                self._between((key, "complete"), 0, self.bounds[key, "people"][1])
                self._between((key, "people"), self.bounds[key, "complete"][0], 10_000)
        return before != self.bounds

    def _between(self, cell, low, high):
        now = self.bounds[cell]
        self.bounds[cell] = (max(low, now[0]), min(high, now[1]))


@settings(max_examples=300, deadline=None)
@given(authorities)
def test_nobody_can_work_out_an_exact_figure_of_that_day(authority):
    """So nobody who has the exact figures of today beside it can take the one from the other."""
    attacker = Attacker(rounded_groups(authority, on=OCTOBER))
    certain = defaultdict(list)
    for (key, figure), (low, high) in attacker.bounds.items():
        if low == high and high > 0:
            certain[key].append(figure)
    assert not certain


@pytest.mark.parametrize("complete", range(45, 55))
def test_ten_numbers_look_alike_so_a_change_of_fewer_than_ten_is_never_sure(complete):
    (shown,) = rounded_groups(a_group([(complete, 120)]), on=OCTOBER).children
    assert shown.counts.complete == 50


def test_a_share_takes_a_hundred_people_and_a_group_fifty():
    shown = rounded_groups(a_group([(44, 20), (45, 20), (94, 47), (95, 47)]), on=OCTOBER)
    assert [(one.counts.people, one.counts.complete_percent) if one.counts else None for one in shown.children] == [
        None, (50, None), (90, None), (100, 50),
    ]  # fmt: skip


def test_a_higher_threshold_makes_longer_steps():
    shown = rounded_groups(a_group([(99, 20), (104, 49), (210, 100)]), on=OCTOBER, step=20)
    assert [one.counts.people if one.counts else None for one in shown.children] == [100, 100, 220]
    with pytest.raises(ValueError, match="at least 10"):
        rounded_groups(a_group([(99, 20)]), on=OCTOBER, step=9)


def test_the_last_days_of_months_since_the_record_began_can_be_asked_for():
    assert published_days(first=date(2026, 8, 31), today=TODAY) == (OCTOBER, date(2026, 9, 30), date(2026, 8, 31))
    assert published_days(first=date(2026, 11, 2), today=TODAY) == ()
    assert published_days(first=date(2026, 10, 1), today=date(2026, 11, 1)) == (OCTOBER,)


@pytest.fixture
def halton(session):
    return an_organisation(session)


def of_october(session, organisation, **options):
    course = get_course(session, slug="test-course")
    return earlier_figures(session, organisation=organisation, course=course, on=OCTOBER, now=NOON, **options)


def test_people_stand_where_they_worked_that_day(session, halton):
    course = a_course(session)
    care, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    movers = people_in(session, care, 62, course=course, complete=30)
    people_in(session, parks, 58)
    for one in movers[:20]:
        change_job(session, job_of(session, one), TODAY, unit_id=parks.id)
    shown = {one.name: one.counts.people for one in of_october(session, halton).total.children}
    assert shown == {"Adult Social Care": 60, "Parks": 60}
    exact = counted_groups(session, organisation=halton, course_id=course.course_id, on=TODAY).total
    assert {one.name: one.counts.people for one in exact.children} == {"Adult Social Care": 42, "Parks": 78}


def test_a_programme_has_figures_of_days_that_are_over(session, halton):
    course, care = a_course(session), a_unit(session, halton)
    key = a_programme(session, halton, (course.course_id,), name="First weeks", at=NOON - timedelta(days=200))
    for one in people_in(session, care, 62)[:30]:
        complete(session, one, course.course_id, NOON - timedelta(days=100))
    asked = {"course_id": key, "organisation_ids": [halton.id], "account_id": None}
    require_course(session, **asked, now=NOON - timedelta(days=200))
    programme = courses_by_id(session, course_ids=[key])[key]
    found = earlier_figures(session, organisation=halton, course=programme, on=OCTOBER, now=NOON)
    assert (found.course_title, found.total.counts.people, found.total.counts.complete) == ("First weeks", 60, 30)


def test_the_record_begins_with_the_first_person_who_was_entered(session, halton):
    assert first_day_of_record(session, organisation_id=halton.id) is None
    a_person(session, a_unit(session, halton))
    assert first_day_of_record(session, organisation_id=halton.id) == TODAY


def test_a_unit_of_another_authority_is_not_there(session, halton):
    other = a_unit(session, an_organisation(session, "sefton", "Sefton"))
    a_course(session)
    with pytest.raises(NotFound):
        of_october(session, halton, cut=in_unit(other.id))


def test_files_say_in_every_line_which_day_it_was(session, halton):
    a_course(session)
    care = a_unit(session, halton)
    people_in(session, a_unit(session, halton, "Home", parent=care, kind=UnitKind.SERVICE), 12)
    people_in(session, care, 60)
    figures = of_october(session, halton)
    heading, *lines = "".join(completion_csv(figures)).splitlines()
    assert heading.endswith("people,complete,not finished,complete percent,as at,note")
    assert lines[0].endswith("70,0,70,,2026-10-31,To the nearest 10")
    assert lines[-1].endswith("not shown,not shown,not shown,not shown,2026-10-31,Fewer than 50 people")
    assert file_name(figures, "csv") == "halton-test-course-version-1-2026-10-31.csv"


MARCH, MAY_12, APRIL_END = date(2026, 3, 31), date(2026, 5, 12), date(2026, 4, 30)


def of_two_days(of_day, before):
    """What is shown of a day within a month."""
    return groups_as_at(rounded_groups(of_day, on=MAY_12), rounded_groups(before, on=APRIL_END), step=10)


def numbered(group, numbers=None):
    """The same tree with a key for each group, as units have."""
    numbers = count() if numbers is None else numbers
    key = str(next(numbers))
    return replace(group, key=key, children=tuple(numbered(child, numbers) for child in group.children))


def test_a_large_group_is_of_the_day_and_a_small_one_of_the_end_of_the_month_before():
    before = numbered(a_group([(620, 300), (480, 100)]))
    of_day = numbered(a_group([(640, 340), (530, 200)]))
    shown = of_two_days(of_day, before)
    assert [(one.counts.people, one.counts.complete, one.counts.on) for one in shown.walk()] == [
        (1170, 540, MAY_12),
        (640, 340, MAY_12),
        (480, 100, APRIL_END),
    ]


@settings(max_examples=200, deadline=None)
@given(authorities.map(numbered), st.lists(authorities.map(numbered), min_size=2, max_size=2))
def test_walking_from_day_to_day_shows_nothing_of_a_group_that_is_not_large(before, days):
    """Of two days of one month: whatever its people do, a group is shown as at the end of the month before, or is so
    large that on nearly every day some of it do something."""
    one, other = ({group.key: group for group in of_two_days(day, before).walk()} for day in days)
    large = {group.key for group in before.walk() if group.counts.people >= 495}
    for key in one.keys() & other.keys() - large:
        then, now = one[key].counts, other[key].counts
        if then and now:
            assert (then, then.on) == (now, APRIL_END)


@settings(max_examples=200, deadline=None)
@given(authorities.map(numbered), authorities.map(numbered))
def test_figures_of_any_day_are_whole_tens_and_nothing_is_shown_below_what_is_hidden(before, of_day):
    for group in of_two_days(of_day, before).walk():
        if group.counts:
            assert group.counts.people % 10 == group.counts.complete % 10 == 0
            assert group.counts.people >= 50
        assert group.is_shown or not any(child.is_shown for child in group.children)


def test_what_began_within_the_month_has_no_figures_of_it():
    before, of_day = (numbered(a_group(shape)) for shape in ([(620, 300)], [(620, 300), (90, 40)]))
    units = tuple(replace(one, unit_id=place) for place, one in enumerate(of_day.children, start=1))
    shown = of_two_days(replace(of_day, children=units), before)
    assert [(one.unit_id, one.is_shown) for one in shown.children] == [(1, True), (2, False)]


def test_that_few_people_are_directly_in_a_unit_or_of_a_grade_is_not_said():
    before = of_day = numbered(a_group([(620, 300), (40, 20)]))
    assert [one.counts.people for one in of_two_days(of_day, before).children] == [620]


@pytest.mark.parametrize(
    ("day", "month_end"),
    [(MAY_12, APRIL_END), (MARCH, MARCH), (date(2026, 3, 1), date(2026, 2, 28)), (date.max, date.max)],
)
def test_the_month_end_before_a_day_is_the_day_itself_where_it_ends_one(day, month_end):
    assert month_end_before(day) == month_end


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (TODAY, ""),
        (OCTOBER, ""),
        (date(2026, 10, 20), "The first day of which there are figures is the last of that month."),
        (date(2026, 10, 4), "The record of Halton begins on 5 October 2026."),
        (date.min, "The record of Halton begins on 5 October 2026."),
        (date.max, "31 December 9999 has not come yet."),
    ],
)
def test_a_day_without_figures_is_refused_in_words(on, words):
    said = why_not(on, first=date(2026, 10, 5), today=TODAY, name="Halton")
    assert (words in said) if words else not said


def test_any_day_is_answered_by_the_units_of_that_day(session, halton):
    course = a_course(session)
    care = a_unit(session, halton)
    people_in(session, care, 60, course=course, complete=30, at=NOON - timedelta(days=60))
    session.execute(update(Person).values(created_at=NOON - timedelta(days=400)))
    found = earlier_figures(
        session, organisation=halton, course=get_course(session, slug="test-course"), on=date(2026, 11, 5), now=NOON
    )
    assert [(one.counts.people, one.counts.complete, one.counts.on) for one in found.total.walk()] == [
        (60, 30, OCTOBER),
        (60, 30, OCTOBER),
    ]
    assert all(reason.people is None for reason in found.left_out.reasons)
