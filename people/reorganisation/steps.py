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


@dataclass(frozen=True)
class Add:
    """A unit begins: in another one, or as a directorate where ``into_id`` is ``None``."""

    into_id: int | None
    name: str


@dataclass(frozen=True)
class Close:
    """A unit ends in which nobody works, and which has no units in it."""

    unit_id: int


Step = Rename | Move | Merge | Split | Add | Close


@dataclass
class Reshaped:
    """The tree after the steps. New units have negative ids until they are stored.

    ``merged`` says where the people of a unit that ends go; ``taken_out`` which people go from a unit into a new one;
    ``closed`` are units that end with nobody in them. ``of_step`` says of each finding which step it is about, counted
    from 1; 0 is all of them.
    """

    units: dict[int, UnitOnDay]
    merged: dict[int, int] = field(default_factory=dict)
    taken_out: dict[int, Split] = field(default_factory=dict)
    added: list[int] = field(default_factory=list)
    closed: dict[int, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    of_step: list[int] = field(default_factory=list)

    @property
    def new_ids(self) -> tuple[int, ...]:
        """The units that begin, in the order of the steps."""
        return tuple(sorted((*self.taken_out, *self.added), reverse=True))


def reshape(before: Iterable[UnitOnDay], steps: Iterable[Step]) -> Reshaped:
    """What the tree is after these steps, one after the other, and everything that stands against them."""
    after = Reshaped({one.id: one for one in before})
    for number, step in enumerate(steps, start=1):
        _take(after, step, number)
        _number_findings(after, number)
    _say_paths(after)
    _look_for_two_of_one_name(after)
    _number_findings(after, 0)
    return after


def _number_findings(after: Reshaped, number: int) -> None:
    after.of_step += [number] * (len(after.findings) - len(after.of_step))


def _take(after: Reshaped, step: Step, number: int) -> None:
    if isinstance(step, Add):
        _add(after, step)
        return
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
        case Close():
            _close(after, unit, number)


def _add(after: Reshaped, step: Add) -> None:
    into = after.units.get(step.into_id) if step.into_id is not None else None
    if found := wrong_name(step.name):
        after.findings.append(found)
    elif step.into_id is not None and into is None:
        after.findings.append(f"“{step.name}” would begin in a unit that an earlier step ended. Name another one")
    elif into is not None and into.kind is _LEVELS[-1]:
        after.findings.append(f"“{into.path}” is a {into.kind}, and no unit goes into a {into.kind}")
    else:
        new, kind = _next_id(after), _LEVELS[0] if into is None else _LEVELS[_LEVELS.index(into.kind) + 1]
        after.units[new] = UnitOnDay(new, kind, composed(step.name), step.into_id, "")
        after.added.append(new)


def _next_id(after: Reshaped) -> int:
    return -1 - len(after.taken_out) - len(after.added)


def _close(after: Reshaped, unit: UnitOnDay, number: int) -> None:
    inside = sum(one.parent_id == unit.id for one in after.units.values())
    if inside:
        units = "1 unit" if inside == 1 else f"{inside} units"
        after.findings.append(f"“{unit.path}” has {units} in it. Move, merge or close what is in it first")
        return
    del after.units[unit.id]
    after.closed[unit.id] = number


def _rename(after: Reshaped, unit: UnitOnDay, name: str) -> None:
    if found := wrong_name(name):
        after.findings.append(found)
    elif composed(name) == unit.name:
        after.findings.append(f"“{unit.path}” is called “{unit.name}” already. Leave this step out")
    else:
        after.units[unit.id] = replace(unit, name=composed(name))


def wrong_name(name: str) -> str | None:
    """Why a unit cannot be called this, or ``None``."""
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
    if found := wrong_name(step.name):
        after.findings.append(found)
        return
    if not step.parts and not step.payroll_numbers:
        after.findings.append(f"Say which units or which people of “{unit.path}” go into “{step.name}”")
        return
    new = _next_id(after)
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
