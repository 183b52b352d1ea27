"""Due dates: the same facts give the same date, and no calendar surprises anybody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.due.calendar import after_working_days, is_working_day
from assignments.due.dates import DAYS_AFTER_RETURN, Away, Facts, due, later
from assignments.due.rules import DueRule, Measure, Since, checked_due, read_due, written_due
from assignments.due.words import due_in_words
from kernel.clock import local_day
from kernel.errors import RuleBroken

FIRST, LAST = date(2024, 1, 1), date(2032, 12, 31)
DAYS = st.dates(FIRST, LAST)
SPANS = st.lists(
    st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 400))).map(
        lambda one: Away(one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
    ),
    max_size=5,
)
RULES = st.builds(
    DueRule,
    since=st.sampled_from([Since.DAY, Since.EMPLOYMENT, Since.ROLE, Since.ASKED]),
    day=DAYS,
    count=st.integers(0, 48),
    measure=st.sampled_from(Measure),
    at_least_days=st.integers(0, 60),
    grace_days=st.integers(0, 14),
)
FACTS = st.builds(Facts, asked_on=DAYS, employed_on=DAYS, role_on=DAYS, away=SPANS.map(tuple))


@given(RULES, FACTS, st.randoms(), DAYS)
def test_the_order_in_which_leave_is_told_does_not_matter(
    rule: DueRule, facts: Facts, random: object, on: date
) -> None:
    told = list(facts.away)
    random.shuffle(told)  # type: ignore[attr-defined]
    again = Facts(facts.asked_on, facts.employed_on, facts.role_on, facts.completed_on, (*told, *told[:1]))
    assert due(rule, again, on=on) == due(rule, facts, on=on)


@given(RULES, FACTS, DAYS)
def test_leave_never_brings_a_date_forward(rule: DueRule, facts: Facts, on: date) -> None:
    found = due(rule, facts, on=on)
    assert found.usual_on is not None
    assert found.is_away or (found.due_on is not None and found.due_on >= found.usual_on)


@given(RULES, FACTS, DAYS)
def test_nobody_is_late_on_a_day_of_leave_that_began_in_time(rule: DueRule, facts: Facts, on: date) -> None:
    found = due(rule, facts, on=on)
    for span in facts.away:
        is_in_time = found.usual_on is not None and facts.asked_on <= span.starts_on <= found.usual_on
        covers = span.starts_on <= on and (span.ends_on is None or on <= span.ends_on)
        assert not (is_in_time and covers and found.is_late(on))


@given(st.integers(0, 400), st.integers(0, 300), st.integers(0, 200))
def test_whoever_returns_has_days_left(whole: int, begins: int, length: int) -> None:
    asked_on = date(2026, 1, 1)
    back = asked_on + timedelta(days=begins + length + 1)
    away = Away(asked_on + timedelta(days=begins), back - timedelta(days=1))
    facts = Facts(asked_on, asked_on, asked_on, away=(away,))
    rule = DueRule(since=Since.ASKED, count=whole)
    found = due(rule, facts, on=back)
    assert found.due_on is not None
    assert found.usual_on is not None
    if begins <= whole:
        assert (found.due_on - back).days + 1 >= min(whole, DAYS_AFTER_RETURN)
        assert found.due_on >= found.usual_on + timedelta(days=length + 1)
    else:
        assert found.due_on == found.usual_on


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(start: date, months: int, expected: date) -> None:
    assert later(start, months, Measure.MONTHS) == expected


@given(DAYS, st.integers(0, 48))
def test_months_later_is_in_the_month_that_is_meant(start: date, months: int) -> None:
    found = later(start, months, Measure.MONTHS)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day <= start.day


# As published by the government for England and Wales; a package that knows others is not ours.
ENGLAND = {
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
    2029: ["01-01", "03-30", "04-02", "05-07", "05-28", "08-27", "12-25", "12-26"],
}


@pytest.mark.parametrize("year", ENGLAND)
def test_offices_are_closed_on_the_bank_holidays_of_england(year: int) -> None:
    every = (date(year, 1, 1) + timedelta(days=place) for place in range(366))
    weekdays = [day for day in every if day.year == year and day.weekday() < 5]
    assert [f"{day:%m-%d}" for day in weekdays if not is_working_day(day)] == ENGLAND[year]


def test_easter_is_stepped_over_in_working_days() -> None:
    assert after_working_days(date(2027, 3, 25), 1) == date(2027, 3, 30)
    assert after_working_days(date(2027, 3, 26), 0) == date(2027, 3, 30)
    assert after_working_days(date(2026, 12, 24), 2) == date(2026, 12, 30)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    there = after_working_days(start, first)
    assert is_working_day(there)
    if first and second:
        assert after_working_days(there, second) == after_working_days(start, first + second)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 3, 27, 23, 59, tzinfo=UTC), date(2027, 3, 27)),
        (datetime(2027, 6, 30, 23, 30, tzinfo=UTC), date(2027, 7, 1)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_asked_on_the_nights_when_the_clocks_change_is_asked_on_that_day(moment: datetime, expected: date) -> None:
    facts = Facts(local_day(moment), FIRST, FIRST)
    assert due(DueRule(since=Since.ASKED, count=1), facts, on=LAST).due_on == expected + timedelta(days=1)


def test_waiting_for_another_course_has_no_date_until_it_is_completed() -> None:
    rule = DueRule(since=Since.COMPLETED, count=6, measure=Measure.MONTHS, course_id=1)
    facts = Facts(FIRST, FIRST, FIRST)
    assert due(rule, facts, on=LAST).is_waiting
    completed = Facts(FIRST, FIRST, FIRST, date(2026, 8, 31))
    assert due(rule, completed, on=LAST).due_on == date(2027, 2, 28)


def test_grace_makes_nobody_late_before_it_is_over() -> None:
    found = due(DueRule(day=date(2027, 3, 31), grace_days=7), Facts(FIRST, FIRST, FIRST), on=LAST)
    assert (found.due_on, found.is_late(date(2027, 4, 7)), found.is_late(date(2027, 4, 8))) == (
        date(2027, 3, 31),
        False,
        True,
    )


@given(RULES)
def test_a_rule_is_read_as_it_was_written(rule: DueRule) -> None:
    once = read_due(written_due(rule))
    assert written_due(once) == written_due(rule)


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"since": "moon"},
        {"since": "asked", "count": "3"},
        {"since": "asked", "count": -1},
        {"since": "day", "day": "31.3."},
    ],
)
def test_what_is_no_rule_is_refused_in_words(kept: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        read_due(kept)


def test_a_date_after_another_course_names_the_course() -> None:
    with pytest.raises(RuleBroken, match="Choose the course"):
        checked_due(DueRule(since=Since.COMPLETED))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (DueRule(), "without a date"),
        (DueRule(day=date(2027, 3, 31)), "by 31 March 2027"),
        (DueRule(since=Since.EMPLOYMENT, count=90), "within 90 days of the start of their job"),
        (DueRule(since=Since.ROLE, count=1, measure=Measure.MONTHS), "within 1 month of the start of their role"),
        (
            DueRule(day=date(2027, 3, 31), at_least_days=28, grace_days=7),
            "by 31 March 2027, with at least 28 days from being asked, with 7 days of grace",
        ),
    ],
)
def test_a_rule_is_said_as_a_person_would(rule: DueRule, words: str) -> None:
    assert due_in_words(rule) == words
