"""When a source is looked at: once on each chosen day, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import LOCAL, local_day
from people.feed.sources.schedule import Schedule, as_bits, from_bits

SCHEDULES = st.builds(Schedule, st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 24 * 60 - 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def a_schedule(*weekdays: int, at: int = 6 * 60 + 30) -> Schedule:
    return Schedule(frozenset(weekdays), at)


@given(SCHEDULES, MOMENTS)
def test_nothing_lies_between_the_last_look_and_the_next(schedule: Schedule, now: datetime) -> None:
    last, coming = schedule.last(now), schedule.next(now)
    assert last is not None
    assert coming is not None
    assert last <= now < coming
    assert schedule.last(coming - timedelta(seconds=1)) == last
    assert schedule.last(coming) == coming
    assert schedule.next(last) == coming


@given(SCHEDULES, st.dates(date(2020, 1, 1), date(2034, 1, 1)))
def test_a_week_has_one_look_for_each_chosen_day(schedule: Schedule, first: date) -> None:
    moments = [schedule.on(first + timedelta(days=place)) for place in range(7)]
    found = [one for one in moments if one is not None]
    assert len(found) == len(schedule.weekdays)
    assert found == sorted(set(found))
    assert {local_day(one).weekday() for one in found} == schedule.weekdays


def test_it_is_the_time_on_the_wall_in_summer_and_in_winter() -> None:
    daily = a_schedule(*range(7))
    assert daily.on(date(2026, 7, 1)) == datetime(2026, 7, 1, 5, 30, tzinfo=UTC)
    assert daily.on(date(2026, 12, 1)) == datetime(2026, 12, 1, 6, 30, tzinfo=UTC)


def test_a_time_that_the_clocks_leave_out_or_repeat_comes_once() -> None:
    daily = a_schedule(*range(7), at=90)
    left_out, twice = daily.on(date(2026, 3, 29)), daily.on(date(2026, 10, 25))
    assert left_out is not None
    assert twice is not None
    assert (left_out.astimezone(LOCAL).hour, left_out.astimezone(LOCAL).minute) == (2, 30)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert daily.next(twice) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_without_a_day_it_is_never_due() -> None:
    never, now = a_schedule(), datetime(2026, 11, 29, tzinfo=UTC)
    assert (never.last(now), never.next(now), never.words) == (None, None, "Only when somebody asks")


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        (range(7), "Every day at 06:30"),
        (range(5), "Monday to Friday at 06:30"),
        ((1,), "Tuesday at 06:30"),
        ((0, 2, 6), "Monday, Wednesday and Sunday at 06:30"),
    ],
)
def test_it_is_said_as_people_say_it(weekdays: range, words: str) -> None:
    assert a_schedule(*weekdays).words == words


@given(st.frozensets(st.integers(0, 6)))
def test_days_are_stored_and_come_back(days: frozenset[int]) -> None:
    assert from_bits(as_bits(days)) == days
