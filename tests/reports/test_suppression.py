"""Small groups stay hidden, also from somebody who adds, subtracts, and knows the rule."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.groups import Counts, Group, Level
from reports.suppression import gather_small_groups, hidden_among, hide_alike, hide_small_groups

LEVELS = (Level.AUTHORITY, Level.DIRECTORATE, Level.SERVICE, Level.TEAM)


def a_group(size_or_parts: int | list, depth: int = 0) -> Group:
    if isinstance(size_or_parts, int):
        people = size_or_parts
        counts = Counts(people, complete=people // 2, in_progress=people // 4)
        return Group(LEVELS[depth], f"of {people}", None, ("", "", ""), counts)
    children = tuple(a_group(part, depth + 1) for part in size_or_parts)
    total = sum((child.counts for child in children if child.counts), start=Counts())
    return Group(LEVELS[depth], "parent", None, ("", "", ""), total, children)


def keyed(*parts: tuple[str, int, int]) -> Group:
    children = tuple(
        Group(Level.GRADE, key, None, (key, "", ""), Counts(people, complete), key=key)
        for key, people, complete in parts
    )
    total = sum((child.counts for child in children), start=Counts())
    return Group(Level.AUTHORITY, "all", None, ("", "", ""), total, children)


def shown_sizes(group: Group) -> list:
    return [child.counts.people if child.counts else None for child in group.children]


sizes = st.one_of(st.integers(0, 14), st.integers(0, 60))
teams = st.lists(sizes, min_size=1, max_size=5)
services = st.lists(st.one_of(sizes, teams), min_size=1, max_size=4)
authorities = st.lists(st.one_of(sizes, services), min_size=1, max_size=4).map(a_group)


class Attacker:
    """Sees every figure that is shown, and knows that each parent is the sum of its parts."""

    def __init__(self, shown: Group) -> None:
        self.groups = list(shown.walk())
        self.place = {id(group): number for number, group in enumerate(self.groups)}

    def can_work_out(self, figure: str) -> list[Group]:
        """The hidden groups whose ``figure`` follows from what is shown."""
        unknowns = [number for number, group in enumerate(self.groups) if not group.is_shown]
        column = {number: position for position, number in enumerate(unknowns)}
        rows = []
        for parent in (group for group in self.groups if group.children):
            row = [Fraction(0)] * (len(unknowns) + 1)
            for sign, group in [(1, parent), *((-1, child) for child in parent.children)]:
                if group.counts is None:
                    row[column[self.place[id(group)]]] += sign
                else:
                    row[-1] -= sign * getattr(group.counts, figure)
            rows.append(row)
        solved = _reduced(rows, len(unknowns))
        lone = [[i for i, value in enumerate(row[:-1]) if value] for row in solved]
        return [self.groups[unknowns[places[0]]] for places in lone if len(places) == 1]


def _reduced(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    done = 0
    for column in range(width):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[column]:
                rows[i] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


@settings(max_examples=300, deadline=None)
@given(authorities)
def test_nobody_can_solve_for_a_hidden_figure(authority):
    attacker = Attacker(hide_small_groups(authority))
    for figure in ("people", "complete", "in_progress", "not_started"):
        assert attacker.can_work_out(figure) == []


def test_the_attacker_of_these_tests_finds_what_a_careless_report_gives_away():
    careless = a_group([3, 12, 40])
    children = (Group(Level.DIRECTORATE, "hidden", None, ("", "", ""), None), *careless.children[1:])
    careless = Group(careless.level, "all", None, ("", "", ""), careless.counts, children)
    assert [group.name for group in Attacker(careless).can_work_out("people")] == ["hidden"]


@settings(max_examples=300, deadline=None)
@given(authorities)
def test_no_shown_group_and_no_remainder_is_small(authority):
    for group in hide_small_groups(authority).walk():
        if group.counts:
            assert group.counts.people == 0 or group.counts.people >= 10
        if group.hidden_together:
            assert group.hidden_together.people >= 10
            assert len(group.hidden_children) >= 2


@settings(max_examples=200, deadline=None)
@given(authorities)
def test_below_a_hidden_group_everything_is_hidden_and_shown_figures_are_true(authority):
    for shown, real in zip(hide_small_groups(authority).walk(), authority.walk(), strict=True):
        assert shown.counts in (None, real.counts)
        assert shown.is_shown or not any(child.is_shown for child in shown.children)


@pytest.mark.parametrize(("threshold", "largest", "parts"), [(10, 40, 2), (10, 36, 3), (3, 9, 4), (4, 9, 4)])
@pytest.mark.parametrize("first_has_people", [False, True])
def test_somebody_who_knows_the_rule_cannot_tell_any_hidden_size(threshold, largest, parts, first_has_people):
    """Every family of this size: what is seen always fits at least two sizes of each hidden part."""
    could_be: dict[tuple, list[set[int]]] = {}
    for family in product(range(largest + 1), repeat=parts):
        hidden = hidden_among(family, threshold)
        if not hidden or sum(family) < threshold or (first_has_people and not family[0]):
            continue
        seen = (sum(family), *(None if i in hidden else size for i, size in enumerate(family)))
        for place, size in enumerate(family):
            could_be.setdefault(seen, [set() for _ in family])[place].add(size)
    for seen, possible in could_be.items():
        assert all(len(possible[i]) > 1 for i in range(parts) if seen[i + 1] is None), seen


@pytest.mark.parametrize(("largest", "parts"), [(6, 3), (4, 4)])
def test_somebody_who_knows_the_rule_cannot_tell_how_many_of_any_hidden_part_have_finished(largest, parts):
    """Every family of this size, with any number finished in each: what is seen always fits at least two numbers for
    each hidden part, unless the parent says it of everybody."""
    could_be: dict[tuple, list[set[int]]] = {}
    of_one = [(size, complete) for size in range(largest + 1) for complete in range(size + 1)]
    for family in product(of_one, repeat=parts):
        people, complete = ([one[place] for one in family] for place in (0, 1))
        hidden = hidden_among(people, 3, [complete, [size - done for size, done in family]])
        if not hidden or sum(people) < 3 or sum(complete) in (0, sum(people)):
            continue
        seen = (sum(people), sum(complete), *(None if i in hidden else one for i, one in enumerate(family)))
        for place, done in enumerate(complete):
            could_be.setdefault(seen, [set() for _ in family])[place].add(done)
    for seen, possible in could_be.items():
        assert all(len(possible[i]) > 1 for i in range(parts) if seen[i + 2] is None), seen


def test_a_status_that_nobody_of_the_hidden_has_hides_the_next_part_too():
    def parts_of(*counts: tuple[int, int]) -> Group:
        return hide_small_groups(keyed(*((str(place), *one) for place, one in enumerate(counts))))

    assert shown_sizes(parts_of((4, 0), (12, 0), (20, 7), (40, 30))) == [None, None, None, 40]
    assert shown_sizes(parts_of((4, 1), (12, 0), (20, 7), (40, 30))) == [None, None, 20, 40]
    # Nobody of all has finished, or everybody: the total says so.
    assert shown_sizes(parts_of((4, 0), (12, 0), (20, 0))) == [None, None, 20]
    assert shown_sizes(parts_of((4, 4), (12, 12), (20, 20))) == [None, None, 20]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([12, 40], [12, 40]),
        ([0, 12, 40], [0, 12, 40]),
        ([3, 12, 40], [None, None, 40]),
        ([3, 12, 12, 40], [None, None, None, 40]),
        ([5, 7, 40], [None, None, 40]),
        ([0, 5, 7, 40], [None, None, None, 40]),
        ([9, 9, 30, 50], [None, None, None, 50]),
        ([1] * 10, [None] * 10),
        ([25], [25]),
    ],
)
def test_the_smallest_parts_are_hidden_until_they_protect_each_other(parts, expected):
    assert shown_sizes(hide_small_groups(a_group(parts))) == expected


def test_an_authority_of_nine_people_is_hidden_altogether():
    assert not any(group.is_shown for group in hide_small_groups(a_group([4, 5])).walk())


def test_an_only_part_is_shown_with_its_parent():
    shown = hide_small_groups(a_group([[30], 50]))
    assert shown_sizes(shown.children[0]) == [30]


def test_the_threshold_can_be_raised():
    assert shown_sizes(hide_small_groups(a_group([12, 25, 40]), smallest_shown=20)) == [None, None, 40]


def test_the_threshold_cannot_be_lowered():
    with pytest.raises(ValueError, match="at least 10"):
        hide_small_groups(a_group([12]), smallest_shown=9)
    with pytest.raises(ValueError, match="at least 10"):
        gather_small_groups(a_group([12]), "Others", smallest_shown=9)


@settings(max_examples=300, deadline=None)
@given(st.lists(sizes, min_size=1, max_size=12).map(a_group))
def test_a_list_in_which_small_groups_stand_together_adds_up_and_names_none_of_them(authority):
    shown = gather_small_groups(authority, "Others")
    if shown.counts is None:
        assert shown.children == ()
        return
    assert sum(child.counts.people for child in shown.children) == shown.counts.people
    named = [child for child in shown.children if child.name != "Others"]
    assert all(child.counts.people >= 10 for child in named if child.counts.people)
    assert all(child.counts.people >= 10 for child in shown.children if child not in named)


def test_the_same_groups_counted_otherwise_are_hidden_as_in_the_first_table():
    exact = keyed(("A", 4, 0), ("B", 12, 0), ("C", 20, 7), ("D", 40, 30))
    # By their own numbers the first two parts would be enough, and the two tables together would tell of them.
    lately = keyed(("A", 4, 1), ("B", 12, 3), ("C", 20, 5), ("D", 40, 9))
    assert shown_sizes(hide_alike(lately, hide_small_groups(exact))) == [None, None, None, 40]
    together = hide_alike(lately, gather_small_groups(exact, "Others"))
    assert [(one.name, one.counts.people, one.counts.complete) for one in together.children] == [
        ("D", 40, 9),
        ("Others", 36, 9),
    ]
    small = hide_alike(keyed(("A", 3, 1)), gather_small_groups(keyed(("A", 3, 1)), "Others"))
    assert (small.counts, small.children) == (None, ())
