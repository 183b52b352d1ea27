"""What is counted in units, as the tree that they were on a day; and in other things, as a list. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from people.organisations import UnitKind
from people.reorganisation.periods import UnitOnDay
from reports.groups import Counts, Group, Level

_BELOW = {
    Level.AUTHORITY: Level.DIRECTORATE,
    Level.DIRECTORATE: Level.SERVICE,
    Level.SERVICE: Level.TEAM,
    Level.TEAM: Level.TEAM,
}
_COLUMN = {Level.DIRECTORATE: 0, Level.SERVICE: 1, Level.TEAM: 2}
_LEVELS = {
    UnitKind.DIRECTORATE: Level.DIRECTORATE,
    UnitKind.SERVICE: Level.SERVICE,
    UnitKind.TEAM: Level.TEAM,
}
_NOWHERE = ("", "", "")
GONE = "Units that are gone"


def tree_of(name: str, units: Sequence[UnitOnDay], counts: Mapping[int, Counts]) -> Group:
    """The authority with its units, parents as the sum of their parts. ``counts`` are by the id of a unit.

    What is counted in units that are not among them, because they are gone, stands in a group of its own.
    """
    parts: defaultdict[int | None, list[UnitOnDay]] = defaultdict(list)
    for unit in units:
        parts[unit.parent_id].append(unit)
    children = tuple(_branch(unit, _NOWHERE, parts, counts) for unit in parts[None])
    there = {unit.id for unit in units}
    gone = sum((found for unit_id, found in counts.items() if unit_id not in there), start=Counts())
    if gone.people:
        children = (*children, Group(Level.DIRECTORATE, GONE, None, (GONE, "", ""), gone, key="gone"))
    return Group(Level.AUTHORITY, name, None, _NOWHERE, sum_of(children), children)


def list_of(name: str, level: Level, counts: Mapping[str, Counts], words: Mapping[str, str]) -> Group:
    """The authority with one group for each key, by their words."""
    named = sorted((words.get(key, key), key) for key in counts)
    children = tuple(Group(level, said, None, (said, "", ""), counts[key], key=key) for said, key in named)
    return Group(Level.AUTHORITY, name, None, _NOWHERE, sum_of(children), children)


def sum_of(groups: Sequence[Group]) -> Counts:
    """What groups hold together."""
    return sum((group.counts for group in groups if group.counts), start=Counts())


def _branch(
    unit: UnitOnDay,
    above: tuple[str, str, str],
    parts: Mapping[int | None, Sequence[UnitOnDay]],
    counts: Mapping[int, Counts],
) -> Group:
    level = _LEVELS[unit.kind]
    place = _named(above, level, unit.name)
    own = counts.get(unit.id, Counts())
    children = tuple(_branch(part, place, parts, counts) for part in parts.get(unit.id, ()))
    if children and own.people:
        name = f"Directly in {unit.name}"
        directly = Group(
            _BELOW[level], name, None, _named(place, _BELOW[level], name), own, key=f"directly-in-{unit.id}"
        )
        children = (directly, *children)
    return Group(level, unit.name, unit.id, place, sum_of(children) if children else own, children, key=str(unit.id))


def _named(place: tuple[str, str, str], level: Level, name: str) -> tuple[str, str, str]:
    names = list(place)
    names[_COLUMN[level]] = name
    return (names[0], names[1], names[2])
