"""The units of an authority as a tree of which branches are open, or as the list that a search finds. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kernel.typed import is_named
from reports.groups import Group, Level
from reports.target.gap import GroupOrder, in_order, missing_in


class UnitRow(NamedTuple):
    """One line: a group, how deep it stands, how many are missing to the target, and whether its parts stand below."""

    group: Group
    depth: int
    missing: int
    is_open: bool

    @property
    def can_open(self) -> bool:
        """Whether it has parts, and is a unit that an address can name."""
        return bool(self.group.children) and self.group.unit_id is not None


@dataclass(frozen=True)
class Looked:
    """What is looked for: words of a name or of what stands above it, a level, only where people are missing."""

    words: tuple[str, ...] = ()
    level: Level | None = None
    is_missing: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is looked for."""
        return self == Looked()


def open_rows(
    total: Group, opened: Collection[int] | None, *, order: GroupOrder, percent: int, depth: int = 0
) -> Iterator[UnitRow]:
    """The parts of a group with theirs below each that is among ``opened``; below all of them with ``None``."""
    for group in in_order(total.children, order, percent=percent):
        is_open = bool(group.children) and (opened is None or group.unit_id in opened)
        yield UnitRow(group, depth, missing_in(group, percent), is_open)
        if is_open:
            yield from open_rows(group, opened, order=order, percent=percent, depth=depth + 1)


def found_rows(total: Group, looked: Looked, *, order: GroupOrder, percent: int) -> list[UnitRow]:
    """The units that are found, whatever stands above them, without those that are not shown where only those are
    looked for in which people are missing: that one is not among them tells nothing."""
    found: Sequence[Group] = [one for one in total.walk() if one.unit_id is not None and one is not total]
    found = [
        one
        for one in found
        if looked.level in (None, one.level)
        and is_named(one.path, looked.words)
        and (missing_in(one, percent) > 0 or not looked.is_missing)
    ]
    return [UnitRow(one, 0, missing_in(one, percent), False) for one in in_order(found, order, percent=percent)]
