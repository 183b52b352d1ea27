"""A reorganisation while somebody puts it together: it travels in the form, and nothing is stored until it is decided.

Changes are kept as a file of steps would hold them (docs/running.md), so that both are read by the same rules.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from app.council.structure.paths import find_unit, no_unit
from kernel.typed import composed
from people.reorganisation.files import HOW, LARGEST_FILE, steps_in
from people.reorganisation.periods import UnitOnDay

MOST_CHANGES, LONGEST = 200, 200_000
Written = dict[str, Any]
# By kind of change: what it is called, and its fields. “unit” and “into” name units, “units” several, one a line.
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rename": ("Rename a unit", ("unit", "to")),
    "move": ("Move a unit into another one, with everything in it", ("unit", "into")),
    "merge": ("Merge a unit into another one of its level", ("unit", "into")),
    "split": ("Split a unit", ("unit", "name", "units", "people")),
    "add": ("Add a unit", ("name", "into")),
    "close": ("Close a unit in which nobody works", ("unit",)),
}
MISSING = {"unit": "Enter which unit", "into": "Enter the other unit", "to": "Enter the new name"}
MISSING["name"] = "Enter the name of the new unit"


@dataclass
class NewChange:
    """The change that is being typed: its kind, what stands in its fields, and what is wrong with them by field."""

    kind: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The errors as a summary lists them, each with the field that it leads to."""
        first = "kind-rename"
        return [(words, f"#{name}" if name != "kind" else f"#{first}") for name, words in self.errors.items()]


def kept_changes() -> list[Written]:
    """The changes that the form carries. What nobody’s form would hold is none."""
    text = request.form.get("changes", "")
    if not text or len(text) > LONGEST:
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [one for one in found[:MOST_CHANGES] if isinstance(one, dict)]


def changes_in_file(sent: FileStorage | None, *, room: int) -> tuple[list[Written], str]:
    """The changes in a file of steps that somebody sent; or why it holds none, in a sentence."""
    if sent is None or not sent.filename:
        return [], "Select a file of changes"
    data = sent.stream.read(LARGEST_FILE + 1)
    try:
        found, problem = steps_in(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        found, problem = [], "The file is no text in UTF-8. Save it as plain text, and send it again"
    if not problem and len(found) > room:
        problem = f"A reorganisation has {MOST_CHANGES} changes or fewer, and the file has {len(found)}"
    strange = [number for number, one in enumerate(found, start=1) if not isinstance(one, dict)]
    if not problem and strange:
        problem = f"Step {strange[0]}: {HOW}"
    # As the form carries them: a day or a number that YAML made of a name is said to be no text.
    return (json.loads(json.dumps(found, default=str)), "") if not problem else ([], problem)


def typed_change(texts: MultiDict[str, str]) -> NewChange:
    """What stands in the fields of the kind that is chosen."""
    kind = texts.get("kind", "")
    if kind not in KINDS:
        return NewChange()
    names = [f"{kind}-{name}" for name in KINDS[kind][1]]
    return NewChange(kind, {name: texts.get(name, "").strip() for name in names})


def as_written(change: NewChange, units: Sequence[UnitOnDay]) -> Written:
    """The change as a file would hold it; what is missing or names no unit is noted in its errors."""
    if not change.kind:
        change.errors["kind"] = "Select what is to change"
        return {}
    kind, written = change.kind, Written()

    def said(name: str) -> str:
        return change.typed[f"{kind}-{name}"]

    def unit(name: str, typed: str) -> str:
        found = find_unit(units, typed)
        if found is None:
            change.errors.setdefault(f"{kind}-{name}", no_unit(units, typed))
        return found.path if found else ""

    for name in KINDS[kind][1]:
        is_optional = name in ("units", "people") or (kind == "add" and name == "into")
        if not said(name):
            if not is_optional:
                change.errors[f"{kind}-{name}"] = MISSING[name]
            continue
        lines = [line for line in map(composed, said(name).splitlines()) if line]
        value: object = said(name)
        if name in ("unit", "into"):
            value = unit(name, said(name))
        elif name in ("units", "people"):
            value = [unit(name, one) for one in lines] if name == "units" else lines
        written[_key(kind, name)] = value
    return written


def _key(kind: str, name: str) -> str:
    """Under which key a file holds what a field says."""
    return kind if name == "unit" or (kind == "add" and name == "name") else name


def _with(written: Written, key: str, one: str, many: str) -> str:
    found = written.get(key)
    count = len(found) if isinstance(found, list) else 0
    return f", with {count} {one if count == 1 else many}" if count else ""


def change_in_words(written: Written) -> str:
    """A change as the list of changes shows it."""
    kind = next((kind for kind in KINDS if kind in written), "")
    what, into = written.get(kind, ""), written.get("into", "")
    match kind:
        case "rename":
            return f"“{what}” is called “{written.get('to', '')}”"
        case "move":
            return f"“{what}” moves into “{into}”"
        case "merge":
            return f"“{what}” is merged into “{into}”"
        case "split":
            parts = [_with(written, "units", "unit", "units"), _with(written, "people", "person", "people")]
            return f"“{written.get('name', '')}” comes out of “{what}”{''.join(parts)}"
        case "add":
            return f"“{what}” is added{f' in “{into}”' if into else ' as a directorate'}"
        case "close":
            return f"“{what}” is closed"
    return "A change that cannot be read"
