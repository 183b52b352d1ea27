"""When a programme is done, and when a refresher is enough, against models that go through the days one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.programmes.reckoning import VersionInForce, programme_completions, steps_done, steps_now
from assignments.programmes.refreshers import Refresher, RefresherInForce, renewed_days

FIRST = date(2026, 1, 1)
COURSES = (1, 2, 3, 4)
DAYS = st.dictionaries(st.sampled_from(COURSES), st.lists(st.integers(0, 12), max_size=4), max_size=4)
STEPS = st.lists(st.lists(st.sampled_from(COURSES), min_size=1, max_size=2, unique=True), min_size=1, max_size=3)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def dated(days: dict[int, list[int]]) -> dict[int, list[date]]:
    return {course: [day(number) for number in numbers] for course, numbers in days.items()}


def versions_of(steps: list[list[list[int]]], changes: list[int]) -> list[VersionInForce]:
    begins = [3, *sorted({3 + change for change in changes})][: len(steps)]
    ends = [*begins[1:], None]
    return [
        VersionInForce(day(begin), None if end is None else day(end), "Any", tuple(map(tuple, of)))
        for begin, end, of in zip(begins, ends, steps, strict=False)
    ]


def played(versions: list[VersionInForce], days: dict[int, list[date]]) -> list[date]:
    """Each day in its turn: what was completed this time, and whether that is all of the version of the day."""
    found, mine = [], set[int]()
    for number in range(40):
        today = day(number)
        mine |= {course for course, done in days.items() if today in done}
        held = [one for one in versions if one.from_on <= today] or versions[:1]
        # On the day of a change that of the morning counts too.
        of_day = [held[-1], *(one for one in versions if one.before == today)]
        if any(all(mine & set(step) for step in one.steps) for one in of_day):
            found.append(today)
            mine = set()
    return found


@given(DAYS, st.lists(STEPS, min_size=1, max_size=3), st.lists(st.integers(1, 8), min_size=2, max_size=4))
def test_a_programme_is_done_on_the_day_on_which_every_step_is(
    days: dict[int, list[int]], steps: list[list[list[int]]], changes: list[int]
) -> None:
    versions = versions_of(steps, changes)
    assert list(programme_completions(versions, dated(days))) == played(versions, dated(days))


@given(DAYS, STEPS, STEPS, st.randoms(use_true_random=False))
def test_neither_order_nor_a_later_change_takes_a_completion_away(
    days: dict[int, list[int]], steps: list[list[int]], other: list[list[int]], random: object
) -> None:
    known = dated(days)
    first = versions_of([steps], [])
    shuffled = {course: done[::-1] for course, done in reversed(known.items())}
    assert programme_completions(first, shuffled) == programme_completions(first, known)
    both = versions_of([steps, other], [8])
    before = [one for one in programme_completions(first, known) if one <= both[-1].from_on]
    assert list(programme_completions(both, known))[: len(before)] == before


def test_a_step_is_done_by_any_of_its_courses_and_the_first_counts() -> None:
    (version,) = versions_of([[[1, 2], [3]]], [])
    first, second = steps_done(version, {1: [day(5)], 2: [day(4)]}, after=None)
    assert (first.done_on, first.course_id) == (day(4), 2)
    assert (second.done_on, second.course_id, second.courses) == (None, None, (3,))


def test_what_is_to_be_done_again_begins_with_the_first_step() -> None:
    versions, days = versions_of([[[1], [2]]], []), {1: [day(1), day(6)], 2: [day(2)]}
    assert [one.done_on for one in steps_now(versions, days, is_again=False)] == [day(1), day(2)]
    assert [one.done_on for one in steps_now(versions, days, is_again=True)] == [day(6), None]


RULES = st.lists(st.tuples(st.integers(0, 30), st.sampled_from((2, 3)), st.integers(1, 3)), max_size=3)


def in_force(rules: list[tuple[int, int, int]]) -> list[RefresherInForce]:
    of_day = sorted({begin: (begin, course, months) for begin, course, months in rules}.values())
    ends = [*(day(begin) for begin, *_ in of_day[1:]), None]
    return [
        RefresherInForce(day(begin), end, Refresher(course, months))
        for (begin, course, months), end in zip(of_day, ends, strict=False)
    ]


@given(
    st.dictionaries(st.sampled_from((1, 2, 3)), st.lists(st.integers(0, 150), max_size=4), max_size=3),
    RULES,
)
def test_a_refresher_counts_only_on_top_of_a_completion_that_is_not_too_old(
    days: dict[int, list[int]], rules: list[tuple[int, int, int]]
) -> None:
    known, held = dated(days), in_force(rules)
    found: list[date] = []
    for number in range(151):
        today = day(number)
        if today in known.get(1, ()):
            found.append(today)
            continue
        now = next(([one] for one in reversed(held) if one.from_on <= today), [])
        of_day = [one.rule for one in (*now, *held) if one in now or one.before == today]
        if found and any(
            today in known.get(rule.course_id, ()) and today <= later(found[-1], rule.months, Measure.MONTHS)
            for rule in of_day
        ):
            found.append(today)
    assert list(renewed_days(1, held, known)) == found


def test_the_first_time_is_always_the_whole_course() -> None:
    held = in_force([(0, 2, 3)])
    assert renewed_days(1, held, {2: [day(1)]}) == ()
    assert renewed_days(1, held, {2: [day(1), day(20)], 1: [day(10)]}) == (day(10), day(20))
    assert renewed_days(1, held, {2: [day(140)], 1: [day(10)]}) == (day(10),), "four months are too old"
