"""Reads YAML into plain lists, mappings and texts, and remembers the line of each.

Every scalar stays text until the field that takes it says otherwise, so ``Yes``, ``12:30`` and ``1919`` are
the words that the author wrote. Anchors, aliases and tags are refused: courses do not need them, and they can
hide a flood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from courses.content.source.findings import Findings, Place

Path = tuple[str | int, ...]
Value = str | None | list["Value"] | dict[str, "Value"]

MOST_EVENTS = 60_000
DEEPEST = 12

# libyaml is fifty times faster; both give the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Reading:
    """What a YAML text holds, and where. ``lines`` is the line of each value by its path, ``text_lines`` the
    line on which the words of a text begin."""

    file: str
    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    text_lines: dict[Path, int] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """The place of the value at ``path``, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path))

    def text_place(self, path: Path) -> Place:
        """The place where the words of the text at ``path`` begin."""
        line = self.text_lines.get(path)
        return self.place(path) if line is None else Place(self.file, line)


class _Refused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read_yaml(file: str, text: str, findings: Findings, *, first_line: int = 1) -> Reading | None:
    """Read one YAML document, or return ``None`` with a finding that names the line.

    Repeated keys are findings too. ``first_line`` is the line of the file on which ``text`` begins.
    """
    reader = _Reader(file, findings, first_line)
    try:
        reader.read(yaml.parse(text, Loader=_LOADER))
    except _Refused as refusal:
        findings.error(Place(file, refusal.line), refusal.message)
        return None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        index = 0 if mark is None else mark.line
        lines = text.split("\n")
        source = lines[index][:500] if index < len(lines) else ""
        findings.error(Place(file, index + first_line), _in_plain_words(source, str(getattr(problem, "problem", ""))))
        return None
    return reader.reading


class _Reader:
    """Builds values from YAML events without recursion; depth and number are counted before building."""

    def __init__(self, file: str, findings: Findings, first_line: int) -> None:
        self.reading = Reading(file)
        self._findings = findings
        self._first_line = first_line

    def read(self, events: Iterator[yaml.Event]) -> None:
        open_values: list[list[Value] | dict[str, Value]] = []
        paths: list[Path] = []
        keys: list[str | None] = []
        documents = 0
        for count, event in enumerate(events):
            line = (event.start_mark.line if event.start_mark else 0) + self._first_line
            self._refuse_unwanted(event, line, count)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(line, "This file holds a second YAML document. Remove the line “---”.")
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                open_values.pop()
                paths.pop()
                keys.pop()
            elif isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if open_values and isinstance(open_values[-1], dict) and keys[-1] is None:
                    keys[-1] = self._key(event, line, paths[-1], open_values[-1])
                    continue
                path = self._path(open_values, paths, keys)
                value = self._value(event, path, line)
                self._put(open_values, keys, value)
                if isinstance(value, (list, dict)):
                    if len(open_values) >= DEEPEST:
                        raise _Refused(line, "This file is nested too deeply. Check the indentation.")
                    open_values.append(value)
                    paths.append(path)
                    keys.append(None)

    def _refuse_unwanted(self, event: yaml.Event, line: int, count: int) -> None:
        if count > MOST_EVENTS:
            raise _Refused(line, "This file holds too many entries. Split it into smaller files.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                line,
                "Anchors and aliases (“&name” and “*name”) are not used in courses. Write the text out in "
                "full, and put a text that begins with & or * in quotes.",
            )
        if getattr(event, "tag", None) and isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            raise _Refused(
                line,
                "Tags (“!name”) are not used in courses. Remove the tag, and put a text that begins with ! in quotes.",
            )

    def _key(self, event: yaml.Event, line: int, path: Path, mapping: dict[str, Value]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _Refused(line, "This cannot be read as YAML. Put a text that begins with {{ or [ in quotes.")
        key = str(event.value)
        if key in mapping:
            first = self.reading.lines[(*path, key)]
            self._findings.error(
                Place(self.reading.file, line),
                f"“{key}” is here twice: it was given on line {first} already. Remove one of the two.",
            )
        self.reading.lines[(*path, key)] = line
        return key

    def _path(
        self, open_values: list[list[Value] | dict[str, Value]], paths: list[Path], keys: list[str | None]
    ) -> Path:
        if not open_values:
            return ()
        parent = open_values[-1]
        return (*paths[-1], len(parent) if isinstance(parent, list) else str(keys[-1]))

    def _value(self, event: yaml.Event, path: Path, line: int) -> Value:
        self.reading.lines.setdefault(path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return {}
        if isinstance(event, yaml.SequenceStartEvent):
            return []
        style = getattr(event, "style", None)
        text = str(getattr(event, "value", ""))
        self.reading.text_lines[path] = line + 1 if style in ("|", ">") else line
        return None if not style and text in ("", "~", "null") else text

    def _put(self, open_values: list[list[Value] | dict[str, Value]], keys: list[str | None], value: Value) -> None:
        if not open_values:
            self.reading.value = value
            return
        parent = open_values[-1]
        if isinstance(parent, list):
            parent.append(value)
        else:
            parent[str(keys[-1])] = value
            keys[-1] = None


def _in_plain_words(line: str, problem: str) -> str:
    # The library's own words differ between its two parsers, so the author's line is asked first.
    for pattern, advice in _ADVICE:
        if pattern.search(line):
            return f"This cannot be read as YAML. {advice}"
    if "mapping values are not allowed" in problem:
        return "This cannot be read as YAML. A text with a colon and a space in it has to stand in quotes."
    if "quoted scalar" in problem or "end of stream" in problem:
        return "This cannot be read as YAML. A quotation mark or a bracket is opened and not closed."
    return "This cannot be read as YAML. Check the indentation, the colons and the quotation marks on this line."


_ADVICE = (
    (re.compile(r"^ *\t"), "Indent with spaces, not with tabs."),
    (re.compile(r"(?:^|[:-] +)[%@`{\[]"), "Put a text that begins with {, [, %, @ or ` in quotes."),
    (re.compile(r"[:-] +([\"']).*\1 *[^\s,}\]#]"), "Put the whole text in quotes, not only its beginning."),
    (re.compile(r"[:-] +[^\"'|>].*: "), "A text with a colon and a space in it has to stand in quotes."),
)
