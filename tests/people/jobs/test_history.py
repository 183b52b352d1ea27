"""The history of a job follows from what was said of it, in whatever order it arrived."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.jobs.absences import AbsenceKind
from people.jobs.history import AbsenceSpan, StatedChange, TermsSpan, history_of
from people.jobs.terms import EmploymentKind
from people.jobs.values import Terms, kept_values

FIRST, DAY = date(2025, 1, 1), timedelta(days=1)
DAYS = 24
MORNING = datetime(2025, 1, 1, 8, tzinfo=UTC)


def said(day: int, hour: int = 0, **values: object) -> StatedChange:
    """What is said of a job from a day on, counted from the first."""
    return StatedChange(FIRST + day * DAY, MORNING + timedelta(hours=hour), kept_values(values))


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "held": st.booleans(),
        "away": st.sampled_from([None, "long-leave", "secondment"]),
        "unit_id": st.integers(1, 3),
        "job_title": st.sampled_from(["Carer", "Lead carer"]),
        "kind": st.sampled_from(["employee", "agency"]),
        "hours_per_week": st.sampled_from([None, "37.00", "18.5"]),
        "manager_id": st.sampled_from([None, 7]),
        "is_main": st.booleans(),
    },
).filter(bool)
CHANGES = st.builds(
    lambda day, hour, values: said(day, hour, **values), st.integers(0, DAYS - 1), st.integers(0, 3), FIELDS
)


def on_each_day(changes: list[StatedChange]) -> list[tuple[Terms | None, AbsenceKind | None]]:
    """What the history says of each day; a day that two spans cover fails."""
    terms, absences = history_of(changes)
    found: list[tuple[Terms | None, AbsenceKind | None]] = []
    for day in (FIRST + place * DAY for place in range(DAYS)):
        held = [one.terms for one in terms if one.starts_on <= day and (one.ends_on or day) >= day]
        away = [one.kind for one in absences if one.starts_on <= day and (one.ends_on or day) >= day]
        assert len(held) <= 1
        assert len(away) <= 1
        found.append((held[0] if held else None, away[0] if away else None))
    return found


def plainly(changes: list[StatedChange], place: int) -> dict[str, object]:
    """The fields of a day, each looked up by itself: what was said of the newest day, and of that day last."""
    until = [one for one in changes if one.effective_on <= FIRST + place * DAY]
    fields: dict[str, object] = {}
    for name in {name for one in until for name in one.values}:
        of = [one for one in until if name in one.values]
        fields[name] = max(of, key=lambda one: (one.effective_on, one.stated_at)).values[name]
    return fields


@given(st.lists(CHANGES, max_size=12), st.randoms())
def test_the_same_changes_in_any_order_give_the_same_history(changes, random):
    other = changes.copy()
    random.shuffle(other)
    assert history_of(other) == history_of(changes)


@given(st.lists(CHANGES, max_size=12, unique_by=lambda one: (one.effective_on, one.stated_at)))
def test_the_history_says_of_each_day_what_was_said_of_it_last(changes):
    for place, (terms, away) in enumerate(on_each_day(changes)):
        fields = plainly(changes, place)
        is_held = bool(fields.get("held")) and "unit_id" in fields
        assert (terms is not None) is is_held
        assert away == (fields.get("away") if is_held else None)
        if terms is not None:
            assert terms.unit_id == fields["unit_id"]
            assert terms.kind == fields.get("kind", EmploymentKind.EMPLOYEE)


@given(st.lists(CHANGES, max_size=8), st.lists(CHANGES, max_size=8), st.integers(0, DAYS))
def test_days_that_are_past_stay_as_they_were_unless_something_is_said_about_them(before, later, today):
    not_corrections = [one for one in later if one.effective_on >= FIRST + today * DAY]
    assert on_each_day(before)[:today] == on_each_day([*before, *not_corrections])[:today]


@given(st.lists(CHANGES, max_size=12))
def test_two_spans_that_meet_differ_and_so_no_span_can_be_said_shorter(changes):
    for spans in history_of(changes):
        for one, other in pairwise(spans):
            assert one.ends_on < other.starts_on
            said_of = "terms" if isinstance(one, TermsSpan) else "kind"
            assert one.ends_on + DAY < other.starts_on or getattr(one, said_of) != getattr(other, said_of)


def test_a_job_that_ends_and_begins_again_has_a_gap_and_keeps_what_was_known():
    terms, _ = history_of(
        [said(0, held=True, unit_id=1, job_title="Carer"), said(5, held=False), said(9, held=True, unit_id=2)]
    )
    assert terms == (
        TermsSpan(FIRST, FIRST + 4 * DAY, Terms(1, "Carer")),
        TermsSpan(FIRST + 9 * DAY, None, Terms(2, "Carer")),
    )


def test_leave_goes_on_over_a_change_of_the_terms_and_ends_with_the_job():
    terms, absences = history_of(
        [
            *(said(0, held=True, unit_id=1), said(2, away="long-leave")),
            *(said(4, grade="G6"), said(8, held=False), said(12, away=None)),
        ]
    )
    assert len(terms) == 2
    assert absences == (AbsenceSpan(FIRST + 2 * DAY, FIRST + 7 * DAY, AbsenceKind.LONG_LEAVE),)


def test_what_is_said_of_a_job_that_nobody_began_makes_no_history():
    assert history_of([said(0, job_title="Carer", unit_id=1), said(3, held=False)]) == ((), ())
    assert history_of([said(0, held=True, job_title="Carer")]) == ((), ())


def test_saying_the_same_again_cuts_nothing():
    begin = said(0, held=True, unit_id=1, hours_per_week="37")
    assert history_of([begin, said(6, hours_per_week="37.00"), said(7, away=None)]) == history_of([begin])


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"salary": 3},
        {"unit_id": None},
        {"unit_id": "3"},
        {"unit_id": True},
        {"held": 1},
        {"kind": "boss"},
        {"away": "ill"},
        {"hours_per_week": 1000},
        {"hours_per_week": -1},
        {"job_title": None},
    ],
)
def test_what_a_job_cannot_be_is_refused(values):
    with pytest.raises(ValueError, match=r".+"):
        kept_values(values)
