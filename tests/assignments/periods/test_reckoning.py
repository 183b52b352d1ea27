"""Periods: the same facts give the same ones, no change of a rule takes validity away, and no calendar surprises."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.due.words import day_in_words
from assignments.periods.reckoning import DAYS_OF_NOTICE, Period, RuleInForce, days_that_count, periods_of
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom, checked_period, read_period, written_period
from assignments.periods.words import period_in_words, period_rule_in_words
from kernel.errors import RuleBroken

DAY = timedelta(days=1)
DAYS = st.dates(date(2023, 1, 1), date(2029, 12, 31))
MONTHS = st.builds(
    PeriodRule,
    lasts=st.just(Lasts.MONTHS),
    months=st.integers(4, 40),
    opens_days=st.integers(0, 100),
    runs_from=st.sampled_from(RunsFrom),
)
TO_DAYS = st.builds(
    PeriodRule, lasts=st.sampled_from([Lasts.YEARLY, Lasts.DAY]), until=DAYS, opens_days=st.integers(0, 100)
)
RULES = st.one_of(st.none(), MONTHS, TO_DAYS)


@st.composite
def histories(draw: st.DrawFn) -> list[RuleInForce]:
    """Rules one after the other; between two of them there may be days on which nobody was asked."""
    begins = sorted(draw(st.lists(DAYS, min_size=1, max_size=4, unique=True)))
    found = []
    for place, day in enumerate(begins):
        following = begins[place + 1] if place + 1 < len(begins) else None
        gap = draw(st.integers(0, 40)) if following and draw(st.booleans()) else 0
        before = max(day + DAY, following - gap * DAY) if following else None
        found.append(RuleInForce(day, before, draw(RULES)))
    return found


def as_known(rules: list[RuleInForce], on: date) -> list[RuleInForce]:
    """What was known of them on a day."""
    return [
        RuleInForce(one.from_on, one.before if one.before and one.before <= on else None, one.rule)
        for one in rules
        if one.from_on <= on
    ]


def last_of(completed: list[date], rules: list[RuleInForce], on: date) -> Period | None:
    found = periods_of([day for day in completed if day <= on], as_known(rules, on))
    return found[-1] if found else None


def since_ever(rule: PeriodRule) -> list[RuleInForce]:
    return [RuleInForce(date(2020, 1, 1), None, rule)]


def ends(rule: PeriodRule, *completed: date) -> list[date | None]:
    return [one.valid_until for one in periods_of(completed, since_ever(rule))]


@pytest.mark.parametrize(
    ("completed", "months", "until"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_months_end_with_the_same_day_or_the_last_of_the_month(completed: date, months: int, until: date) -> None:
    assert ends(PeriodRule(Lasts.MONTHS, months, opens_days=10), completed) == [until]


def test_taken_again_in_time_the_new_period_runs_from_the_old_end_or_from_the_completion() -> None:
    first, early = date(2024, 2, 29), date(2025, 2, 1)
    old_end = PeriodRule(Lasts.MONTHS, 12, opens_days=60, runs_from=RunsFrom.OLD_END)
    assert ends(old_end, first, early, date(2026, 2, 1), date(2027, 2, 1)) == [
        date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29),
    ]  # fmt: skip
    again = periods_of([first, early], since_ever(old_end))[1]
    assert (again.number, again.valid_from) == (2, date(2025, 3, 1))
    completion = PeriodRule(Lasts.MONTHS, 12, opens_days=60)
    assert ends(completion, first, early) == [date(2025, 2, 28), date(2026, 2, 1)]


def test_whoever_is_late_or_long_before_the_window_begins_a_period_that_day() -> None:
    rule = PeriodRule(Lasts.MONTHS, 12, opens_days=30, runs_from=RunsFrom.OLD_END)
    late, midway = date(2025, 6, 1), date(2024, 7, 1)
    assert ends(rule, date(2024, 1, 1), late) == [date(2025, 1, 1), date(2026, 6, 1)]
    assert ends(rule, date(2024, 1, 1), midway) == [date(2025, 1, 1), date(2025, 7, 1)]


def test_a_day_of_each_year_and_one_day_for_all() -> None:
    yearly = PeriodRule(Lasts.YEARLY, until=date(2024, 2, 29), opens_days=30)
    assert ends(yearly, date(2026, 6, 1)) == [date(2027, 2, 28)]
    assert ends(yearly, date(2027, 1, 29), date(2027, 2, 5)) == [date(2028, 2, 29)], "in the window it is for the next"
    once = PeriodRule(Lasts.DAY, until=date(2027, 9, 1), opens_days=30)
    assert ends(once, date(2026, 6, 1)) == [date(2027, 9, 1)]
    assert ends(once, date(2026, 6, 1), date(2027, 8, 2)) == [date(2027, 9, 1), None]
    assert ends(once, date(2028, 1, 1)) == [None]


@given(st.lists(DAYS, max_size=7), histories(), st.randoms(), DAYS)
def test_the_order_of_completions_does_not_matter(
    completed: list[date], rules: list[RuleInForce], random: Random, on: date
) -> None:
    told = list(completed)
    random.shuffle(told)
    assert last_of(completed, rules, on) == last_of(told, rules, on)


@given(st.lists(DAYS, max_size=7), histories())
def test_each_period_ends_later_than_the_one_before_and_none_edits_another(
    completed: list[date], rules: list[RuleInForce]
) -> None:
    found = periods_of(completed, rules)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    ends_in_order = [one.valid_until or date.max for one in found]
    assert ends_in_order == sorted(set(ends_in_order))
    for count in range(len(found)):
        until_then = [day for day in completed if day <= found[count].completed_on]
        assert periods_of(until_then, rules) == found[: count + 1], "what comes later changes nothing before"
    for one in found:
        assert one.valid_from >= one.completed_on
        assert one.opens_on is None or one.completed_on <= one.opens_on <= (one.valid_until or date.max)


@given(st.lists(DAYS, max_size=5), histories(), RULES, st.integers(1, 400), st.integers(0, 600))
def test_no_change_of_a_rule_makes_what_is_valid_invalid(
    completed: list[date], rules: list[RuleInForce], new: PeriodRule | None, days: int, more: int
) -> None:
    changed = max(one.from_on for one in rules) + days * DAY
    after = [*rules[:-1], RuleInForce(rules[-1].from_on, changed, rules[-1].rule), RuleInForce(changed, None, new)]
    on = changed + more * DAY
    done = [day for day in completed if day < changed]
    before, since = last_of(done, rules, on), last_of(done, after, on)
    if before is None:
        assert since is None
        return
    assert since is not None
    if before.valid_until is not None:
        assert since.valid_until is None or since.valid_until >= before.valid_until
    elif since.valid_until is not None:
        assert since.valid_until >= changed + DAYS_OF_NOTICE * DAY


@given(st.lists(DAYS, max_size=5), MONTHS, DAYS)
def test_under_one_rule_validity_is_what_a_plain_count_of_days_says(
    completed: list[date], rule: PeriodRule, on: date
) -> None:
    def months_after(day: date, count: int) -> date:
        found = date(day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1, 1)
        while found.day < day.day and (found + DAY).day != 1:
            found += DAY
        return found

    rule = PeriodRule(rule.lasts, rule.months, None, rule.opens_days)
    plain = any(day <= on <= months_after(day, rule.months) for day in completed)
    found = last_of(completed, since_ever(rule), on)
    assert plain == (found is not None and found.holds_on(on))


@given(st.lists(DAYS, min_size=1, max_size=4), histories(), DAYS)
def test_the_days_that_count_say_for_each_completion_alone_what_its_period_says(
    completed: list[date], rules: list[RuleInForce], on: date
) -> None:
    known = as_known(rules, on)
    if not known:
        return
    spans = days_that_count(known, on)
    for day in completed:
        alone = last_of([day], rules, on)
        inside = any((begins is None or begins <= day) and day < before for begins, before in spans)
        assert inside == (alone is not None and alone.holds_on(on))


@given(st.one_of(MONTHS, TO_DAYS))
def test_a_rule_is_kept_as_it_is(rule: PeriodRule) -> None:
    assert read_period(written_period(rule)) == PeriodRule(
        rule.lasts, rule.months, rule.until, rule.opens_days, rule.runs_from
    )
    assert "{" not in period_rule_in_words(rule)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (PeriodRule(Lasts.MONTHS, 0), "valid_months"),
        (PeriodRule(Lasts.MONTHS, 2**63), "valid_months"),
        (PeriodRule(Lasts.MONTHS, 1, opens_days=28), "opens_days"),
        (PeriodRule(Lasts.YEARLY), "valid_until"),
        (PeriodRule(Lasts.YEARLY, until=date(2027, 3, 31), opens_days=181), "opens_days"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(rule: PeriodRule, field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        checked_period(rule)
    assert refusal.value.field == field


def test_what_cannot_be_read_is_refused() -> None:
    for kept in ({}, {"lasts": "for-ever", "opens_days": 3}, {"lasts": "months", "months": "2", "opens_days": 3}):
        with pytest.raises(RuleBroken):
            read_period(kept)


def test_how_somebody_stands_in_words() -> None:
    (period,) = periods_of([date(2026, 3, 9)], since_ever(PeriodRule(Lasts.MONTHS, 24, opens_days=60)))
    until, opens = "9 March 2028", day_in_words(date(2028, 3, 9) - 60 * DAY)
    assert (
        period_in_words(period, date(2027, 1, 1)) == f"It is valid until {until}, and can be taken again from {opens}."
    )
    assert period_in_words(period, date(2028, 3, 9)) == f"It is valid until {until}, and can be taken again now."
    assert period_in_words(period, date(2028, 3, 10)) == f"It was valid until {until}, and is to be taken again."
