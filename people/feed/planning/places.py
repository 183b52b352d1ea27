"""What rows name in other words than the record: units, as many HR systems write them, and managers."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import replace
from datetime import date

from kernel.spooling.lookup import SeenKeys
from kernel.spooling.sequences import Again
from people.feed.planning.state import StateNow, UnitPath, unit_key
from people.feed.rows import FeedField, FeedRow, UnusableRow


def units_called(state: StateNow) -> Mapping[str, tuple[UnitPath, ...]]:
    """The units of each name, whatever stands above them, by the form in which names are compared."""
    found: dict[str, list[UnitPath]] = defaultdict(list)
    for key, path in state.unit_by_key.items():
        found[key[-1]].append(path)
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


Rows = Collection[FeedRow | UnusableRow]
OtherNames = dict[UnitPath, tuple[int, UnitPath]]


def named_as_before(read: Rows, state: StateNow) -> OtherNames:
    """The units that rows name as they were called before a reorganisation: in how many rows, and the unit of today."""
    return _named_by(read, state, state.former_units)


def named_as_to_come(read: Rows, state: StateNow) -> OtherNames:
    """The units that rows name as a planned reorganisation will call them: in how many rows, and the unit of today."""
    before = named_as_before(read, state)
    found = _named_by(read, state, state.coming_units)
    return {unit: one for unit, one in found.items() if unit not in before}


def named_too_early(read: Rows, state: StateNow) -> dict[UnitPath, tuple[int, date]]:
    """The units that rows name and that are not there yet, or in one that is not: in how many rows, and from when."""
    if not state.units_to_begin:
        return {}
    counted = Counter(row.unit for row in read if isinstance(row, FeedRow))
    return {unit: (count, day) for unit, count in counted.items() if (day := begins_on(unit, state)) is not None}


def begins_on(unit: UnitPath, state: StateNow) -> date | None:
    """The first day of a unit that is not there yet, or of the one above it that is not."""
    for depth in range(len(unit), 0, -1):
        key = unit_key(unit[:depth])
        if key in state.unit_by_key:
            return None
        if key in state.units_to_begin:
            return state.units_to_begin[key]
    return None


def _named_by(read: Rows, state: StateNow, names: Mapping[UnitPath, UnitPath]) -> OtherNames:
    if not names:
        return {}
    counted = Counter(row.unit for row in read if isinstance(row, FeedRow))
    found = {unit: (count, _today(unit, state, names)) for unit, count in counted.items()}
    return {unit: (count, today) for unit, (count, today) in found.items() if today is not None}


def _today(unit: UnitPath, state: StateNow, names: Mapping[UnitPath, UnitPath]) -> UnitPath | None:
    """What is meant where the longest part of a path that we know from the top down is one of these names."""
    for depth in range(len(unit), 0, -1):
        key = unit_key(unit[:depth])
        if key in state.unit_by_key or key in state.ended_units:
            return None
        if key in names:
            return (*names[key], *unit[depth:])
    alone = {today for path, today in names.items() if path[-1:] == unit_key(unit)}
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


def meaning(read: Rows, state: StateNow) -> Callable[[FeedRow | UnusableRow], FeedRow | UnusableRow] | None:
    """What makes of one of these rows what it means; ``None`` where each means what it says.

    That is the whole path of a unit where one unit alone has the name that stands there, and the unit of today where
    they name one as it was called before a reorganisation, or will be. A row that names a unit which is not there yet
    says nothing of where somebody works who is here. A manager whom a row names by their number as a person is named
    by their payroll number.
    """
    names = named_as_to_come(read, state) | named_as_before(read, state)
    today = {unit: path for unit, (_, path) in names.items()}
    early, job_of = named_too_early(read, state), _jobs_of_managers(read, state)
    if not (today or early or job_of or _is_one_alone(read, state)):
        return None
    called = units_called(state)

    def meant(row: FeedRow | UnusableRow) -> FeedRow | UnusableRow:
        if isinstance(row, UnusableRow):
            return row
        found = _in_full(_of_today(row, state, today, early), state, called)
        manager = found.manager_payroll_number
        return replace(found, manager_payroll_number=job_of[manager]) if manager in job_of else found

    return meant


def _is_one_alone(read: Rows, state: StateNow) -> bool:
    """Whether a row names a unit by one name, and units may be called so that are not at the top."""
    is_deep = any(len(one) > 1 for one in state.units)
    return is_deep and any(is_name_alone(row, state) for row in read if isinstance(row, FeedRow))


def _of_today(row: FeedRow, state: StateNow, today: Mapping[UnitPath, UnitPath], early: Container[UnitPath]) -> FeedRow:
    if row.unit in today:
        return replace(row, unit=today[row.unit])
    if row.unit in early and row.payroll_number in state.jobs:
        return replace(row, unit=(), said=row.said - {FeedField.UNIT})
    return row


def _in_full(row: FeedRow, state: StateNow, called: Mapping[str, tuple[UnitPath, ...]]) -> FeedRow:
    if not is_name_alone(row, state):
        return row
    paths = called.get(unit_key(row.unit)[0], ())
    return replace(row, unit=paths[0]) if len(paths) == 1 else row


def _jobs_of_managers(read: Rows, state: StateNow) -> dict[str, str]:
    """The payroll number of each manager whom rows name by their number as a person.

    Of several jobs of theirs the main one is meant, else the first in the file. A payroll number goes before.
    """
    rows = Again(lambda: (row for row in read if isinstance(row, FeedRow)))
    if not any(row.person_number for row in rows):
        return {}
    numbers = SeenKeys(row.payroll_number for row in rows)
    managers = {row.manager_payroll_number for row in rows}
    named = {one for one in managers if one is not None and one not in numbers and one not in state.jobs}
    main: dict[str, str] = {}
    other: dict[str, str] = {}
    for row in rows if named else ():
        if row.person_number in named:
            (main if row.is_main else other).setdefault(row.person_number or "", row.payroll_number)
    return other | main


def knowing_managers(rows: Collection[FeedRow], state: StateNow) -> Callable[[FeedRow], FeedRow]:
    """What takes a word about a manager whom nobody here is out of one of these rows; any other row it leaves."""
    numbers = SeenKeys(row.payroll_number for row in rows)

    def known(row: FeedRow) -> FeedRow:
        manager = row.manager_payroll_number
        if manager is None or manager in numbers or manager in state.jobs:
            return row
        return replace(row, manager_payroll_number=None, said=row.said - {FeedField.MANAGER})

    return known
