"""Units that a file names without what stands above them, as many HR systems do."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from people.feed.planning.state import StateNow, UnitPath, unit_key
from people.feed.rows import FeedRow, UnusableRow


def units_called(state: StateNow) -> Mapping[str, tuple[UnitPath, ...]]:
    """The units of each name, whatever stands above them, by the form in which names are compared."""
    found: dict[str, list[UnitPath]] = defaultdict(list)
    for key, path in state.unit_by_key.items():
        found[key[-1]].append(path)
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


def named_as_before(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> dict[UnitPath, tuple[int, UnitPath]]:
    """The units that rows name as they were called before a reorganisation: in how many rows, and the unit of today."""
    if not state.former_units:
        return {}
    counted = Counter(row.unit for row in read if isinstance(row, FeedRow))
    return {unit: (count, today) for unit, count in counted.items() if (today := _today(unit, state)) is not None}


def _today(unit: UnitPath, state: StateNow) -> UnitPath | None:
    """What is meant where the longest part of a path that we know from the top down is a former name."""
    for depth in range(len(unit), 0, -1):
        key = unit_key(unit[:depth])
        if key in state.unit_by_key or key in state.ended_units:
            return None
        if key in state.former_units:
            return (*state.former_units[key], *unit[depth:])
    alone = {today for path, today in state.former_units.items() if path[-1:] == unit_key(unit)}
    return alone.pop() if len(alone) == 1 and unit_key(unit)[0] not in units_called(state) else None


def ended_unit(unit: UnitPath, state: StateNow) -> str | None:
    """What became of a unit that a reorganisation has ended, where a path names it, or something in it."""
    closed = {unit_key(one) for one in state.closed_units}
    for depth in range(len(unit), 0, -1):
        key = unit_key(unit[:depth])
        if key in state.unit_by_key:
            return None
        if key in state.ended_units:
            return state.ended_units[key]
        if key in closed:
            return "A reorganisation has ended this unit."
    key = unit_key(unit)
    alone = {words for path, words in state.ended_units.items() if path[-1:] == key}
    return alone.pop() if len(alone) == 1 and key[0] not in units_called(state) else None


def is_name_alone(row: FeedRow, state: StateNow) -> bool:
    """Whether a row names a unit by one name that no unit at the top has."""
    return len(row.unit) == 1 and unit_key(row.unit) not in state.unit_by_key


def in_full(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> list[FeedRow | UnusableRow]:
    """The same rows, with the whole path of a unit where one unit alone has the name that stands there, and with the
    unit of today where they name one as it was called before a reorganisation."""
    before = named_as_before(read, state)
    if before:
        read = [
            replace(row, unit=before[row.unit][1]) if isinstance(row, FeedRow) and row.unit in before else row
            for row in read
        ]
    return list(map(partial(_in_full, state=state, called=units_called(state)), read))


def _in_full(
    row: FeedRow | UnusableRow, *, state: StateNow, called: Mapping[str, tuple[UnitPath, ...]]
) -> FeedRow | UnusableRow:
    if isinstance(row, UnusableRow) or not is_name_alone(row, state):
        return row
    paths = called.get(unit_key(row.unit)[0], ())
    return replace(row, unit=paths[0]) if len(paths) == 1 else row
