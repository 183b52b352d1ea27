"""A reorganisation as somebody writes it down: a YAML file of steps that name units by their paths."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from kernel.typed import composed, folded
from people.reorganisation.periods import UnitOnDay
from people.reorganisation.steps import Add, Close, Merge, Move, Rename, Split, Step

# More than any reorganisation needs; a file that is longer is another file.
LARGEST_FILE = 1_000_000
_KEYS = {
    "rename": {"to"},
    "move": {"into"},
    "merge": {"into"},
    "split": {"name", "units", "people"},
    "add": {"into"},
    "close": set[str](),
}
HOW = (
    "Write a list of steps, each beginning with “- rename:”, “- move:”, “- merge:”, “- split:”, “- add:” or “- close:”"
)


def read_steps(text: str, units: Iterable[UnitOnDay]) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The steps that a file names, and everything that should be put right in it, by the number of the step."""
    found, problem = steps_in(text)
    return ((), (problem,)) if problem else read_written(found, units)


def steps_in(text: str) -> tuple[list[Any], str]:
    """The steps of a file as they are written, whatever they name; or why it is no file of steps."""
    if len(text) > LARGEST_FILE:
        return [], "The file is larger than a list of steps can be. Is it another file?"
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        where = f" in line {line + 1}" if line is not None else ""
        return [], f"This is not YAML{where}. {HOW}"
    if not isinstance(found, list) or not found:
        return [], HOW
    return found, ""


def read_written(found: object, units: Iterable[UnitOnDay]) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The same for what stands in such a file, or comes from elsewhere in its form."""
    if not isinstance(found, list) or not found:
        return (), (HOW,)
    reader = _Reader({folded(one.path): one.id for one in units})
    for number, written in enumerate(found, start=1):
        reader.read(number, written)
    # A step that could only be read in part is another step than the one that was meant.
    return () if reader.findings else tuple(reader.steps), tuple(reader.findings)


class _Reader:
    """Reads step after step, and goes on after one that is wrong."""

    def __init__(self, units: Mapping[str, int]) -> None:
        self._units = units
        self.steps: list[Step] = []
        self.findings: list[str] = []

    def read(self, number: int, written: object) -> None:
        kinds = [kind for kind in _KEYS if isinstance(written, dict) and kind in written]
        if not isinstance(written, dict) or len(kinds) != 1:
            self.findings.append(f"Step {number}: {HOW}")
            return
        (kind,) = kinds
        strange = {str(key) for key in written} - _KEYS[kind] - {kind}
        if strange:
            self.findings.append(f"Step {number}: “{', '.join(sorted(strange))}” does not belong to “{kind}”")
            return
        read: dict[str, Callable[[int, dict[Any, Any]], Step | None]] = {
            "rename": self._rename,
            "move": lambda step, said: self._two(step, said, "move", Move),
            "merge": lambda step, said: self._two(step, said, "merge", Merge),
            "split": self._split,
            "add": self._add,
            "close": self._close,
        }
        step = read[kind](number, written)
        if step is not None:
            self.steps.append(step)

    def _rename(self, number: int, written: dict[Any, Any]) -> Step | None:
        unit, name = self._unit(number, written["rename"]), self._word(number, "to", written.get("to"))
        return None if unit is None or name is None else Rename(unit, name)

    def _two(self, number: int, written: dict[Any, Any], kind: str, make: type[Move] | type[Merge]) -> Step | None:
        unit, into = self._unit(number, written[kind]), self._unit(number, written.get("into"), "into")
        return None if unit is None or into is None else make(unit, into)

    def _split(self, number: int, written: dict[Any, Any]) -> Step | None:
        unit, name = self._unit(number, written["split"]), self._word(number, "name", written.get("name"))
        parts = [self._unit(number, one, "units") for one in self._list(number, "units", written.get("units"))]
        people = [self._word(number, "people", one) for one in self._list(number, "people", written.get("people"))]
        if unit is None or name is None or None in parts or None in people:
            return None
        numbers = tuple(one for one in people if one is not None)
        return Split(unit, name, tuple(one for one in parts if one is not None), numbers)

    def _add(self, number: int, written: dict[Any, Any]) -> Step | None:
        name, into = self._word(number, "the unit", written["add"]), written.get("into")
        above = None if into is None else self._unit(number, into, "into")
        return None if name is None or (into is not None and above is None) else Add(above, name)

    def _close(self, number: int, written: dict[Any, Any]) -> Step | None:
        unit = self._unit(number, written["close"])
        return None if unit is None else Close(unit)

    def _list(self, number: int, key: str, written: object) -> list[Any]:
        if written is None or isinstance(written, list):
            return written or []
        self.findings.append(f"Step {number}: “{key}” is a list, each line of it with “- ”")
        return []

    def _word(self, number: int, key: str, written: object) -> str | None:
        # YAML reads 004711 as another number, so a payroll number has to stand in quotation marks.
        if isinstance(written, str) and composed(written):
            return composed(written)
        said = "" if written is None else f": {written!r} is no text. Put it in quotation marks"
        self.findings.append(f"Step {number}: say what “{key}” is{said}")
        return None

    def _unit(self, number: int, written: object, key: str = "") -> int | None:
        path = self._word(number, key or "the unit", written)
        if path is None:
            return None
        found = self._units.get(folded(" / ".join(composed(name) for name in path.split("/"))))
        if found is None:
            self.findings.append(f"Step {number}: there is no unit “{path}” on that day")
        return found
