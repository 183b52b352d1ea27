"""Which parts of a group are furthest behind: their order, and what would close the widest gap. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from reports.groups import Group


class GroupOrder(StrEnum):
    """How the parts of a group stand below each other; the value is the word of an address."""

    GAP = "gap"
    NAME = "name"
    PEOPLE = "people"


def in_order(groups: Sequence[Group], order: GroupOrder) -> tuple[Group, ...]:
    """The same groups: furthest behind first, as they are named, or the largest first.

    What is not shown stands at the end by name, so that its place tells nothing.
    """
    if order is GroupOrder.NAME:
        return tuple(groups)
    return tuple(sorted(groups, key=_behind if order is GroupOrder.GAP else _larger))


def _behind(group: Group) -> tuple[bool, Fraction, int, str]:
    counts = group.counts
    if counts is None or not counts.people:
        return True, Fraction(0), 0, group.path
    return False, Fraction(counts.complete, counts.people), -counts.people, group.path


def _larger(group: Group) -> tuple[bool, int, str]:
    return group.counts is None, -(group.counts.people if group.counts else 0), group.path


@dataclass(frozen=True)
class Gap:
    """The part furthest behind: its share complete, and how many more completions bring it to the average."""

    name: str
    unit_id: int | None
    complete_percent: int
    more_people: int


def widest_gap(group: Group) -> Gap | None:
    """The shown part with the lowest share complete, when it is below the group's own; ``None`` when none is.

    Only figures that are on the page anyway go into it.
    """
    if group.counts is None:
        return None
    whole = group.counts
    parts = [(part, part.counts) for part in group.children if part.counts and part.counts.people]
    if len(parts) < 2:
        return None
    part, counts = min(parts, key=lambda pair: pair[1].complete / pair[1].people)
    # The least whole number with which the part's share is not below the whole's.
    needed = -(-whole.complete * counts.people // whole.people)
    if needed <= counts.complete or counts.complete_percent is None:
        return None
    return Gap(part.name, part.unit_id, counts.complete_percent, needed - counts.complete)
