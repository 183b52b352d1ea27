"""What rows name in other words than the record: units, as many HR systems write them, and managers."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from people.feed.planning.state import StateNow, UnitPath, unit_key
from people.feed.rows import FeedField, FeedRow, UnusableRow


def units_called(state: StateNow) -> Mapping[str, tuple[UnitPath, ...]]:
    """The units of each name, whatever stands above them, by the form in which names are compared."""
    found: dict[str, list[UnitPath]] = defaultdict(list)
    for key, path in state.unit_by_key.items():
        found[key[-1]].append(path)
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


OtherNames = dict[UnitPath, tuple[int, UnitPath]]


def named_as_before(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> OtherNames:
    """The units that rows name as they were called before a reorganisation: in how many rows, and the unit of today."""
    return _named_by(read, state, state.former_units)


def named_as_to_come(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> OtherNames:
    """The units that rows name as a planned reorganisation will call them: in how many rows, and the unit of today."""
    before = named_as_before(read, state)
    found = _named_by(read, state, state.coming_units)
    return {unit: one for unit, one in found.items() if unit not in before}


def named_too_early(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> dict[UnitPath, tuple[int, date]]:
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


def _named_by(read: Sequence[FeedRow | UnusableRow], state: StateNow, names: Mapping[UnitPath, UnitPath]) -> OtherNames:
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


def in_full(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> list[FeedRow | UnusableRow]:
    """The same rows, with the whole path of a unit where one unit alone has the name that stands there, and with the
    unit of today where they name one as it was called before a reorganisation, or will be.

    A row that names a unit which is not there yet says nothing of where somebody works who is here.
    """
    today = {unit: path for unit, (_, path) in (named_as_to_come(read, state) | named_as_before(read, state)).items()}
    early = named_too_early(read, state)
    if today or early:
        read = [row if isinstance(row, UnusableRow) else _of_today(row, state, today, early) for row in read]
    return list(map(partial(_in_full, state=state, called=units_called(state)), read))


def _of_today(row: FeedRow, state: StateNow, today: Mapping[UnitPath, UnitPath], early: Container[UnitPath]) -> FeedRow:
    if row.unit in today:
        return replace(row, unit=today[row.unit])
    if row.unit in early and row.payroll_number in state.jobs:
        return replace(row, unit=(), said=row.said - {FeedField.UNIT})
    return row


def _in_full(
    row: FeedRow | UnusableRow, *, state: StateNow, called: Mapping[str, tuple[UnitPath, ...]]
) -> FeedRow | UnusableRow:
    if isinstance(row, UnusableRow) or not is_name_alone(row, state):
        return row
    paths = called.get(unit_key(row.unit)[0], ())
    return replace(row, unit=paths[0]) if len(paths) == 1 else row


def with_jobs_of_managers(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> list[FeedRow | UnusableRow]:
    """The same rows, with the payroll number of a manager whom a row names by their number as a person.

    Of several jobs of theirs the main one is meant, else the first in the file. A payroll number goes before.
    """
    rows = [row for row in read if isinstance(row, FeedRow)]
    numbered = [row for row in rows if row.person_number]
    if not numbered:
        return list(read)
    known = state.jobs.keys() | {row.payroll_number for row in rows}
    job_of: dict[str, str] = {}
    for row in sorted(numbered, key=lambda one: not one.is_main):
        job_of.setdefault(row.person_number or "", row.payroll_number)

    def named(row: FeedRow | UnusableRow) -> FeedRow | UnusableRow:
        manager = None if isinstance(row, UnusableRow) else row.manager_payroll_number
        if isinstance(row, UnusableRow) or manager is None or manager in known or manager not in job_of:
            return row
        return replace(row, manager_payroll_number=job_of[manager])

    return list(map(named, read))


def with_known_managers(rows: Sequence[FeedRow], state: StateNow) -> tuple[list[FeedRow], int]:
    """The rows, those with a manager whom nobody here is without a word about one; and how many these are."""
    numbers = {row.payroll_number for row in rows} | set(state.jobs)
    kept, unknown = [], 0
    for row in rows:
        if row.manager_payroll_number is not None and row.manager_payroll_number not in numbers:
            unknown += 1
            kept.append(replace(row, manager_payroll_number=None, said=row.said - {FeedField.MANAGER}))
        else:
            kept.append(row)
    return kept, unknown
