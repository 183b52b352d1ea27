"""What a pace says, and what it does not say: arithmetic over whole weeks and whole tens."""

from datetime import date
from fractions import Fraction

import pytest

from reports.target.pace import Progress, missing_to, pace_in_words, part_of_month, weekly_pace, window

TODAY, SPRING = date(2026, 11, 30), date(2027, 3, 31)


def said(people: int, complete: int, lately: int, *, percent: int = 90, by_on: date = SPRING) -> str:
    return pace_in_words(Progress(people, complete, lately), percent=percent, by_on=by_on, today=TODAY)


def test_it_says_where_the_pace_leads_and_what_would_be_enough() -> None:
    assert said(2914, 1865, 144) == (
        "At the pace of the last 4 weeks, about 35 a week, you reach 90% in early May 2027. "
        "To be in time, 44 a week need to finish."
    )


def test_so_many_a_week_are_enough_and_one_fewer_is_not() -> None:
    weeks = Fraction((SPRING - TODAY).days, 7)
    missing = missing_to(2914, 1865, 90)
    assert 44 * weeks >= missing > 43 * weeks


def test_what_is_reached_is_said_to_be() -> None:
    assert said(1000, 900, 40) == "That is reached."
    assert said(1000, 899, 40) != "That is reached."


def test_a_day_that_is_over_says_how_many_were_missing() -> None:
    assert said(1000, 600, 40, by_on=date(2026, 11, 29)) == "That day is over, and 300 more would have had to finish."


def test_on_the_last_days_all_who_are_missing_have_to_finish() -> None:
    assert said(1000, 600, 40, by_on=TODAY).endswith("To be in time, 300 more need to finish by then.")


def test_without_a_pace_nothing_leads_there() -> None:
    assert said(1000, 600, 4).startswith("Fewer than 5 people finished in the last 4 weeks, so no pace leads there.")


def test_a_pace_that_is_far_too_slow_names_no_day() -> None:
    assert "you do not reach 90% within five years" in said(20000, 1000, 10)


def test_of_fewer_than_a_hundred_people_no_pace_is_said() -> None:
    assert said(99, 50, 30) == "To be in time, 3 a week need to finish."
    assert weekly_pace(Progress(99, 50, 30)) is None


@pytest.mark.parametrize(("lately", "pace"), [(0, 0), (4, 0), (5, Fraction(5, 2)), (14, Fraction(5, 2)), (15, 5)])
def test_a_few_people_more_or_fewer_do_not_show_in_it(lately: int, pace: Fraction) -> None:
    assert weekly_pace(Progress(500, 100, lately)) == pace


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 29)),
        (date(2026, 12, 6), date(2026, 11, 1), date(2026, 11, 29)),
        (date(2026, 12, 7), date(2026, 11, 8), date(2026, 12, 6)),
    ],
)
def test_it_is_of_whole_weeks_that_are_over_and_the_same_all_week(today: date, first: date, last: date) -> None:
    assert window(today) == (first, last)
    assert (last - first).days == 28


@pytest.mark.parametrize(("day", "words"), [(10, "early April 2027"), (11, "mid-April 2027"), (21, "late April 2027")])
def test_a_day_to_come_is_said_as_well_as_a_pace_can_know_it(day: int, words: str) -> None:
    assert part_of_month(date(2027, 4, day)) == words
