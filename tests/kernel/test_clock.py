"""Days in the city region."""

from datetime import UTC, date, datetime

import pytest

from kernel.clock import day_bounds


@pytest.mark.parametrize("day", [date.min, date(2026, 3, 29), date.max])
def test_every_day_that_can_be_typed_begins_and_ends(day: date) -> None:
    begins, ends = day_bounds(day)
    assert begins < ends


def test_a_day_ends_where_the_next_begins() -> None:
    assert day_bounds(date(2026, 3, 29)) == (
        datetime(2026, 3, 29, tzinfo=UTC),
        datetime(2026, 3, 29, 23, tzinfo=UTC),
    )
