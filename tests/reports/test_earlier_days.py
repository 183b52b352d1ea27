"""Figures of days that are over: always the same, and no few people can be read between two days."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.earlier_days import (
    groups_as_at,
    month_end_before,
    published_days,
    rounded_groups,
    why_not,
)
from reports.groups import Counts, Group, Level
from tests.builders.region import TODAY

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
