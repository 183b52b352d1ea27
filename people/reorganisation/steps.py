"""What a reorganisation does to the tree of units. Pure: from one tree to the next, or to what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kernel.columns import length_of
from kernel.typed import composed, folded
from people.organisations import Unit, UnitKind
from people.reorganisation.periods import UnitOnDay

_LEVELS = tuple(UnitKind)


@dataclass(frozen=True)
class Rename:
    """A unit is called something else; everything in it stays."""

    unit_id: int
    name: str


@dataclass(frozen=True)
class Move:
    """A unit goes into another one, with everything in it."""

    unit_id: int
    into_id: int


@dataclass(frozen=True)
class Merge:
    """A unit ends, and everything and everybody in it goes into another one of its level."""

    unit_id: int
    into_id: int


@dataclass(frozen=True)
class Split:
    """A part of a unit becomes one of its own beside it: some of the units in it, and some of its people."""

    unit_id: int
    name: str
    parts: tuple[int, ...] = ()
    payroll_numbers: tuple[str, ...] = ()


Step = Rename | Move | Merge | Split


@dataclass
class Reshaped:
    """The tree after the steps. New units have negative ids until they are stored.

    ``merged`` says where the people of a unit that ends go; ``taken_out`` which people go from a unit into a new one.
    """

    units: dict[int, UnitOnDay]
    merged: dict[int, int] = field(default_factory=dict)
    taken_out: dict[int, Split] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def reshape(before: Iterable[UnitOnDay], steps: Iterable[Step]) -> Reshaped:
    """What the tree is after these steps, one after the other, and everything that stands against them."""
    after = Reshaped({one.id: one for one in before})
    for step in steps:
        _take(after, step)
    _say_paths(after)
    _look_for_two_of_one_name(after)
    return after


def _take(after: Reshaped, step: Step) -> None:
    unit = after.units.get(step.unit_id)
    if unit is None:
        after.findings.append("A step is about a unit that an earlier step ended. Name the one that it went into")
        return
    match step:
        case Rename():
            _rename(after, unit, step.name)
        case Move():
            _move(after, unit, after.units.get(step.into_id))
        case Merge():
            _merge(after, unit, after.units.get(step.into_id))
        case Split():
            _split(after, unit, step)


def _rename(after: Reshaped, unit: UnitOnDay, name: str) -> None:
    if found := _wrong_name(name):
        after.findings.append(found)
    elif composed(name) == unit.name:
        after.findings.append(f"“{unit.path}” is called “{unit.name}” already. Leave this step out")
    else:
        after.units[unit.id] = replace(unit, name=composed(name))


def _wrong_name(name: str) -> str | None:
    most = length_of(Unit.name)
    if not composed(name):
        return "A new name is empty. Give each unit a name"
    if "/" in name:
        return f"“{name}” cannot be a name: a “/” stands between a unit and what is in it"
    if len(composed(name)) > most:
        return f"“{composed(name)[:40]}…” is too long: a name has {most} characters or fewer"
    return None


def _move(after: Reshaped, unit: UnitOnDay, into: UnitOnDay | None) -> None:
    above = _LEVELS.index(unit.kind) - 1
    if above < 0:
        after.findings.append(f"“{unit.path}” is a directorate, and stands in no other unit. Merge it instead")
    elif into is None or into.kind is not _LEVELS[above]:
        after.findings.append(f"“{unit.path}” is a {unit.kind}, so it can only go into a {_LEVELS[above]}")
    elif unit.parent_id == into.id:
        after.findings.append(f"“{unit.path}” is in “{into.path}” already. Leave this step out")
    else:
        after.units[unit.id] = replace(unit, parent_id=into.id)


def _merge(after: Reshaped, unit: UnitOnDay, into: UnitOnDay | None) -> None:
    if into is None or into.kind is not unit.kind or into.id == unit.id:
        after.findings.append(f"“{unit.path}” is a {unit.kind}, so it can only be merged with another {unit.kind}")
        return
    del after.units[unit.id]
    for child in [one for one in after.units.values() if one.parent_id == unit.id]:
        after.units[child.id] = replace(child, parent_id=into.id)
    for source in [one for one, target in after.merged.items() if target == unit.id]:
        after.merged[source] = into.id
    after.merged[unit.id] = into.id


def _split(after: Reshaped, unit: UnitOnDay, step: Split) -> None:
    if found := _wrong_name(step.name):
        after.findings.append(found)
        return
    if not step.parts and not step.payroll_numbers:
        after.findings.append(f"Say which units or which people of “{unit.path}” go into “{step.name}”")
        return
    new = -1 - len(after.taken_out)
    after.units[new] = UnitOnDay(new, unit.kind, composed(step.name), unit.parent_id, "")
    after.taken_out[new] = step
    for part in step.parts:
        child = after.units.get(part)
        if child is None or child.parent_id != unit.id:
            name = child.path if child else "A unit"
            after.findings.append(f"{name} is not in “{unit.path}”, so it cannot go into “{step.name}” with it")
        else:
            after.units[part] = replace(child, parent_id=new)


def _say_paths(after: Reshaped) -> None:
    """Full names follow from names and places."""
    after.units = {key: replace(one, path=_path(after.units, one)) for key, one in after.units.items()}
    most = length_of(Unit.path)
    after.findings += [
        f"“{one.path[:60]}…” is too long: a full name has {most} characters or fewer"
        for one in after.units.values()
        if len(one.path) > most
    ]


def _path(units: Mapping[int, UnitOnDay], unit: UnitOnDay) -> str:
    return " / ".join(reversed([one.name for one in _upwards(units, unit)]))


def _upwards(units: Mapping[int, UnitOnDay], unit: UnitOnDay) -> Iterator[UnitOnDay]:
    # Levels only go up, so this ends.
    yield unit
    above = units.get(unit.parent_id) if unit.parent_id is not None else None
    if above is not None:
        yield from _upwards(units, above)


def _look_for_two_of_one_name(after: Reshaped) -> None:
    seen: set[str] = set()
    for one in after.units.values():
        if folded(one.path) in seen:
            after.findings.append(f"Two units would be called “{one.path}”. Rename or merge one of them too")
        seen.add(folded(one.path))
