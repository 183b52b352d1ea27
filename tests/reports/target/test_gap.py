"""The sentence about the part from which most people are missing, and the order of the parts."""

import pytest

from reports.groups import Counts, Group, Level
from reports.target.gap import GroupOrder, in_order, widest_gap


def a_group(*parts: tuple[str, Counts | None], total: Counts | None = None) -> Group:
    children = tuple(Group(Level.DIRECTORATE, name, 1, (name, "", ""), counts) for name, counts in parts)
    shown = sum((counts for _, counts in parts if counts), start=Counts())
    return Group(Level.AUTHORITY, "Halton", None, ("", "", ""), total or shown, children)


def test_it_names_the_part_with_the_most_people_missing_and_not_the_lowest_share():
    gap = widest_gap(a_group(("Care", Counts(1000, 600)), ("Parks", Counts(50, 10))), percent=90)
    assert (gap.name, gap.complete_percent, gap.more_people, gap.of_all_percent) == ("Care", 60, 300, 90)


def test_with_that_many_more_the_part_reaches_the_target_and_with_one_fewer_it_does_not():
    gap = widest_gap(a_group(("Care", Counts(97, 94)), ("Parks", Counts(53, 17))), percent=90)
    assert (17 + gap.more_people) / 53 >= 0.9
    assert (17 + gap.more_people - 1) / 53 < 0.9


def test_of_two_with_as_many_missing_the_lower_share_is_named():
    assert widest_gap(a_group(("Care", Counts(100, 50)), ("Parks", Counts(60, 10)))).name == "Parks"


@pytest.mark.parametrize("percent", [50, 40])
def test_nobody_is_missing_where_all_have_reached_the_target(percent: int):
    assert widest_gap(a_group(("Care", Counts(100, 50)), ("Parks", Counts(50, 25))), percent=percent) is None


def test_one_part_has_nothing_to_be_compared_with():
    assert widest_gap(a_group(("Care", Counts(100, 50)), ("Empty", Counts()))) is None


def test_hidden_parts_are_not_named():
    parts = ("Care", Counts(100, 80)), ("Mayor", None), ("Parks", Counts(50, 10))
    assert widest_gap(a_group(*parts, total=Counts(165, 90))).name == "Parks"


def test_a_hidden_group_has_no_gap():
    assert widest_gap(Group(Level.AUTHORITY, "Halton", None, ("", "", ""), None)) is None


def names(group: Group, order: GroupOrder) -> list[str]:
    return [part.name for part in in_order(group.children, order, percent=90)]


def test_each_order_puts_what_is_hidden_or_empty_at_the_end_by_name():
    parts = ("Mayor", None), ("Care", Counts(1000, 600)), ("Empty", Counts()), ("Parks", Counts(50, 10))
    group = a_group(*parts, total=Counts(1060, 615))
    assert names(group, GroupOrder.GAP) == ["Care", "Parks", "Empty", "Mayor"]
    assert names(group, GroupOrder.SHARE) == ["Parks", "Care", "Empty", "Mayor"]
    assert names(group, GroupOrder.PEOPLE) == ["Care", "Parks", "Empty", "Mayor"]
    assert names(group, GroupOrder.NAME) == ["Mayor", "Care", "Empty", "Parks"]
