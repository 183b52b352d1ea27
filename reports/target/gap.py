"""Which parts of a group are furthest from the target: their order, and what would close the widest gap. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from kernel.rounding import whole_percent
from reports.groups import Counts, Group
from reports.target.pace import missing_to


class GroupOrder(StrEnum):
    """How the parts of a group stand below each other; the value is the word of an address."""

    GAP = "gap"
    NAME = "name"
    SHARE = "share"
    PEOPLE = "people"


def in_order(groups: Sequence[Group], order: GroupOrder, *, percent: int = 100) -> tuple[Group, ...]:
    """The same groups: the most people missing to the target first, as they are named, the lowest share first, or the
    largest first.

    What is not shown stands at the end by name, so that its place tells nothing.
    """
    if order is GroupOrder.NAME:
        return tuple(groups)
    keys: dict[GroupOrder, Callable[[Counts], Any]] = {
        GroupOrder.GAP: lambda counts: (-missing_to(counts.people, counts.complete, percent), _share(counts)),
        GroupOrder.SHARE: lambda counts: (_share(counts), -counts.people),
        GroupOrder.PEOPLE: lambda counts: (-counts.people, _share(counts)),
    }
    return tuple(sorted(groups, key=lambda group: _place(group, keys[order])))


def _share(counts: Counts) -> Fraction:
    return Fraction(counts.complete, counts.people)


def _place(group: Group, key: Callable[[Counts], Any]) -> tuple[bool, Any, str]:
    if group.counts is None or not group.counts.people:
        return True, (0, 0), group.path
    return False, key(group.counts), group.path


def missing_in(group: Group, percent: int) -> int:
    """How many people are missing to a share; 0 where the group is not shown."""
    return missing_to(group.counts.people, group.counts.complete, percent) if group.counts else 0


@dataclass(frozen=True)
class Gap:
    """The part from which most people are missing to the target: its share complete, how many are missing there, and
    which part of all that are missing that is, in whole per cent."""

    name: str
    unit_id: int | None
    complete_percent: int
    more_people: int
    of_all_percent: int


def widest_gap(group: Group, *, percent: int = 100) -> Gap | None:
    """The shown part from which most people are missing to a share of ``percent``; ``None`` where none is missing, or
    where there is only one part.

    Only figures that are on the page anyway go into it.
    """
    if group.counts is None:
        return None
    parts = [(part, part.counts) for part in group.children if part.counts and part.counts.people]
    if len(parts) < 2:
        return None
    missing = [missing_to(counts.people, counts.complete, percent) for _, counts in parts]
    most = max(missing)
    part, counts = min((parts[place] for place, n in enumerate(missing) if n == most), key=lambda one: _share(one[1]))
    if not most or counts.complete_percent is None:
        return None
    return Gap(part.name, part.unit_id, counts.complete_percent, most, whole_percent(most, sum(missing)))
