"""The sentence about the part that is furthest behind."""

from reports.gap import GroupOrder, in_order, widest_gap
from reports.groups import Counts, Group, Level


def a_group(*parts: tuple[str, Counts | None], total: Counts | None = None) -> Group:
    children = tuple(Group(Level.DIRECTORATE, name, 1, (name, "", ""), counts) for name, counts in parts)
    shown = sum((counts for _, counts in parts if counts), start=Counts())
    return Group(Level.AUTHORITY, "Halton", None, ("", "", ""), total or shown, children)


def test_it_names_the_lowest_share_and_what_brings_it_to_the_average():
    gap = widest_gap(a_group(("Care", Counts(100, 80)), ("Parks", Counts(50, 10))))
    assert (gap.name, gap.complete_percent, gap.more_people) == ("Parks", 20, 20)


def test_with_that_many_more_the_part_reaches_the_average_and_with_one_fewer_it_does_not():
    group = a_group(("Care", Counts(97, 71)), ("Parks", Counts(53, 17)))
    gap = widest_gap(group)
    share = group.counts.complete / group.counts.people
    assert (17 + gap.more_people) / 53 >= share
    assert (17 + gap.more_people - 1) / 53 < share


def test_nobody_is_behind_when_all_are_level():
    assert widest_gap(a_group(("Care", Counts(100, 50)), ("Parks", Counts(50, 25)))) is None


def test_one_part_has_nothing_to_be_compared_with():
    assert widest_gap(a_group(("Care", Counts(100, 50)), ("Empty", Counts()))) is None


def test_hidden_parts_are_not_named():
    parts = ("Care", Counts(100, 80)), ("Mayor", None), ("Parks", Counts(50, 10))
    assert widest_gap(a_group(*parts, total=Counts(165, 90))).name == "Parks"


def test_a_hidden_group_has_no_gap():
    assert widest_gap(Group(Level.AUTHORITY, "Halton", None, ("", "", ""), None)) is None


FOUR = ("Care", Counts(100, 80)), ("Mayor", None), ("Parks", Counts(50, 10)), ("Roads", Counts(60, 12))


def names(order: GroupOrder) -> list[str]:
    return [group.name for group in in_order(a_group(*FOUR).children, order)]


def test_the_parts_stand_by_how_far_they_are_behind_by_name_or_by_size():
    assert names(GroupOrder.GAP) == ["Roads", "Parks", "Care", "Mayor"]  # of equal shares the larger part first
    assert names(GroupOrder.NAME) == ["Care", "Mayor", "Parks", "Roads"]
    assert names(GroupOrder.PEOPLE) == ["Care", "Roads", "Parks", "Mayor"]


def test_hidden_parts_stand_at_the_end_whatever_they_hold():
    one, other = a_group(("A", None), ("B", None), ("C", Counts(10, 0)), total=Counts(40, 9)).children[:2]
    assert in_order([other, one], GroupOrder.GAP) == (one, other)
