"""Units that a file names without what stands above them, as many HR systems do."""

from collections import defaultdict
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


def is_name_alone(row: FeedRow, state: StateNow) -> bool:
    """Whether a row names a unit by one name that no unit at the top has."""
    return len(row.unit) == 1 and unit_key(row.unit) not in state.unit_by_key


def in_full(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> list[FeedRow | UnusableRow]:
    """The same rows, with the whole path of a unit where one unit alone has the name that stands there."""
    return list(map(partial(_in_full, state=state, called=units_called(state)), read))


def _in_full(
    row: FeedRow | UnusableRow, *, state: StateNow, called: Mapping[str, tuple[UnitPath, ...]]
) -> FeedRow | UnusableRow:
    if isinstance(row, UnusableRow) or not is_name_alone(row, state):
        return row
    paths = called.get(unit_key(row.unit)[0], ())
    return replace(row, unit=paths[0]) if len(paths) == 1 else row
