"""Which reminder is owed on a day, against a plain model; and the hours at which reminders go."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assignments.due.calendar import is_working_day
from assignments.reminders.hours import is_open, next_open
from assignments.reminders.steps import FRESH_DAYS, OWN_STEPS, Given, Standing, Step, day_of, steps_owed
from kernel.clock import LOCAL

DUE = date(2027, 3, 10)
LONG_AGO = date(2026, 1, 5)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def asked(due_on: date | None = DUE, **more: object) -> Standing:
    return Standing(**{"asked_on": LONG_AGO, "due_on": due_on, "last_on": due_on, **more})


def played(standing: Standing, days: list[date]) -> list[Given]:
    """What is noted when it is looked at on these days, one after the other."""
    noted: list[Given] = []
    for day in days:
        noted += [Given(step, standing.due_on or day, day) for step in steps_owed(standing, noted, on=day)]
    return noted


def around(due_on: date) -> list[date]:
    return [due_on + timedelta(days=offset) for offset in range(-40, 60)]


def test_each_step_comes_on_its_day() -> None:
    found = [(one.step.value, one.on) for one in played(asked(), around(DUE))]
    assert found == [
        ("30-before", date(2027, 2, 8)),
        ("7-before", date(2027, 3, 3)),
        ("1-before", date(2027, 3, 9)),
        ("on-the-day", date(2027, 3, 10)),
        ("late-1", date(2027, 3, 17)),
        ("late-2", date(2027, 3, 24)),
        ("late-3", date(2027, 3, 31)),
        ("late-4", date(2027, 4, 7)),
        ("manager", date(2027, 4, 7)),
    ]


def test_a_date_on_easter_monday_is_reminded_of_before_good_friday() -> None:
    monday = date(2027, 3, 29)
    assert day_of(Step.ON_THE_DAY, due_on=monday, last_on=monday) == date(2027, 3, 25)
    assert day_of(Step.LATE_1, due_on=monday, last_on=monday - timedelta(days=7)) == date(2027, 3, 30)


def test_after_an_outage_only_the_newest_step_is_made_up_for() -> None:
    found = played(asked(), [day for day in around(DUE) if not date(2027, 3, 1) <= day <= date(2027, 3, 11)])
    assert [one.step for one in found][:3] == [Step.MONTH_BEFORE, Step.ON_THE_DAY, Step.LATE_1]


def test_nobody_hears_of_what_lies_before_they_were_asked_or_long_ago() -> None:
    assert steps_owed(asked(asked_on=date(2027, 3, 5)), (), on=date(2027, 3, 5)) == ()
    assert steps_owed(asked(), (), on=DUE + timedelta(days=300)) == ()


def test_a_date_that_moves_by_a_day_repeats_nothing_and_one_that_moves_far_begins_again() -> None:
    before = [Given(Step.WEEK_BEFORE, DUE, date(2027, 3, 3))]
    assert steps_owed(asked(date(2027, 3, 11)), before, on=date(2027, 3, 4)) == ()
    assert steps_owed(asked(date(2027, 4, 21)), before, on=date(2027, 4, 14)) == (Step.WEEK_BEFORE,)


@given(DAYS, st.integers(0, 90), st.sets(st.integers(-40, 59)), st.integers(-50, 50))
def test_the_steps_are_those_of_a_plain_model(due_on: date, grace: int, seen: set[int], asked_after: int) -> None:
    standing = asked(due_on, last_on=due_on + timedelta(days=grace), asked_on=due_on + timedelta(days=asked_after))
    days = [due_on + timedelta(days=offset) for offset in sorted(seen)]
    noted = played(standing, days)
    assert len({one.step for one in noted}) == len(noted)
    model: list[tuple[Step, date]] = []
    for day in days:
        for chosen in (OWN_STEPS, (Step.MANAGER,)):
            reached = {s: day_of(s, due_on=due_on, last_on=standing.last_on or due_on) for s in chosen}
            newest = [s for s in chosen if reached[s] <= day][-1:]
            model += [
                (s, day)
                for s in newest
                if reached[s] >= standing.asked_on
                and (day - reached[s]).days <= FRESH_DAYS
                and s not in [known for known, _ in model]
            ]
    assert [(one.step, one.on) for one in noted] == model


@given(DAYS, DAYS, st.sampled_from([{"is_finished": True}, {"is_away": True}, {"due_on": None}]))
def test_nobody_who_has_finished_or_is_away_or_has_no_date_is_owed_anything(
    due_on: date, on: date, why: dict[str, object]
) -> None:
    assert steps_owed(asked(**{"due_on": due_on, **why}), (), on=on) == ()


@given(st.integers(0, 5 * 365 * 24 * 60))
def test_reminders_go_by_day_on_working_days_also_when_the_clocks_change(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = next_open(now)
    assert found >= now
    assert is_open(found)
    assert is_working_day(found.astimezone(LOCAL).date())
    assert found == now or (found.astimezone(LOCAL).hour, found.astimezone(LOCAL).minute) == (7, 0)
    assert found == next_open(found)
