"""Days as spreadsheets write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.history.days import find_day
from people.feed.mapping.days import DateOrder

ON = date(2026, 11, 27)
DAY, MONTH, YEAR = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.YEAR_FIRST
SHAPES = {
    DAY: "{0.day:02}/{0.month:02}/{0.year}",
    MONTH: "{0.month}-{0.day}-{0.year}",
    YEAR: "{0.year}.{0.month}.{0.day}",
}


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("31/03/2024", DAY, date(2024, 3, 31)),
        ("1.4.24", DAY, date(2024, 4, 1)),
        ("03/31/2024", MONTH, date(2024, 3, 31)),
        ("2024-03-31", DAY, date(2024, 3, 31)),
        ("31 March 2024", YEAR, date(2024, 3, 31)),
        ("31-Mar-24", DAY, date(2024, 3, 31)),
        ("31/03/2024 09:30", DAY, date(2024, 3, 31)),
        ("2024-03-31T09:30:00Z", DAY, date(2024, 3, 31)),
        (date(2024, 3, 31), MONTH, date(2024, 3, 31)),
        (datetime(2024, 3, 31, 9, 30, tzinfo=UTC), DAY, date(2024, 3, 31)),
    ],
)
def test_a_day_is_read_in_the_order_that_was_said(cell: object, order: DateOrder, day: date) -> None:
    assert find_day(cell, order, on=ON) == day


@pytest.mark.parametrize(
    "cell", ["31/02/2024", "31/13/2024", "2024", "yesterday", "", "45382", 45382, None, True, "1/2/3/4", "9" * 50, "١٢"]
)
def test_what_is_no_day_is_none(cell: object) -> None:
    assert find_day(cell, DAY, on=ON) is None


def test_a_month_is_never_taken_for_a_day_because_it_would_fit() -> None:
    assert find_day("03/31/2024", DAY, on=ON) is None
    assert find_day("31/03/2024", MONTH, on=ON) is None


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), order=st.sampled_from(list(SHAPES)))
def test_every_day_comes_back_as_it_was_written(day: date, order: DateOrder) -> None:
    assert find_day(SHAPES[order].format(day), order, on=ON) == day


@given(cell=st.text(max_size=30), order=st.sampled_from(DateOrder))
def test_whatever_stands_in_a_cell_is_a_day_or_none(cell: str, order: DateOrder) -> None:
    assert find_day(cell, order, on=ON) is None or isinstance(find_day(cell, order, on=ON), date)
