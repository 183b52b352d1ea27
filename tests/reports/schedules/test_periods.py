"""On which day a report is due."""

from datetime import date, timedelta

import pytest

from reports.schedules.periods import LAST_DAYS, Rhythm, last_due, next_due, rhythm_in_words

WEDNESDAY = date(2027, 3, 10)


@pytest.mark.parametrize(
    ("rhythm", "day", "last", "following"),
    [
        (Rhythm.WEEKLY, 1, date(2027, 3, 8), date(2027, 3, 15)),
        (Rhythm.WEEKLY, 3, WEDNESDAY, date(2027, 3, 17)),
        (Rhythm.WEEKLY, 4, date(2027, 3, 4), date(2027, 3, 11)),
        (Rhythm.MONTHLY, 10, WEDNESDAY, date(2027, 4, 10)),
        (Rhythm.MONTHLY, 28, date(2027, 2, 28), date(2027, 3, 28)),
        (Rhythm.QUARTERLY, 1, date(2027, 1, 1), date(2027, 4, 1)),
        (Rhythm.QUARTERLY, 28, date(2027, 1, 28), date(2027, 4, 28)),
    ],
)
def test_a_report_is_due_on_its_day(rhythm, day, last, following):
    assert last_due(rhythm, day, WEDNESDAY) == last
    assert next_due(rhythm, day, WEDNESDAY) == following


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_no_day_of_two_years_is_left_out_or_comes_twice(rhythm):
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(731)]
    for day in range(1, LAST_DAYS[rhythm] + 1, 3):
        dues = [last_due(rhythm, day, one) for one in days]
        assert all(due <= one for due, one in zip(dues, days, strict=True))
        assert dues == sorted(dues)
        assert {due in days or due < days[0] for due in dues} == {True}
        assert [next_due(rhythm, day, one) > one for one in days[:60]] == [True] * 60


def test_it_is_said_in_words():
    assert rhythm_in_words(Rhythm.WEEKLY, 1) == "every Monday"
    assert rhythm_in_words(Rhythm.QUARTERLY, 5) == "on day 5 of January, April, July and October"
