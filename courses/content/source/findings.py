"""What is wrong with an upload, in words that say what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Severity = Literal["error", "warning"]

MOST_FINDINGS = 500


@dataclass(frozen=True)
class Place:
    """Where something stands: a file of the bundle and a line in it, counted from 1."""

    file: str
    line: int | None = None

    def down(self, lines: int) -> "Place":
        """The place so many lines further down."""
        return Place(self.file, None if self.line is None else self.line + lines)


@dataclass(frozen=True)
class Finding:
    """One thing to put right. ``message`` is a full sentence in plain English; an error stops publication."""

    severity: Severity
    file: str
    line: int | None
    message: str


@dataclass(frozen=True)
class FileFindings:
    """What is wrong with one file: ``count`` findings, of which ``shown`` are to be shown, in the order of lines."""

    file: str
    count: int
    shown: tuple[Finding, ...]

    @property
    def left_out(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)


def by_file(findings: Iterable[Finding], *, most: int) -> tuple[FileFindings, ...]:
    """Findings that are in order, in one group for each file; of all together, the first ``most`` are shown."""
    groups: list[FileFindings] = []
    for file, group in groupby(findings, key=lambda finding: finding.file):
        found = tuple(group)
        shown = found[: max(0, most - sum(len(one.shown) for one in groups))]
        groups.append(FileFindings(file, len(found), shown))
    return tuple(groups)


class Findings:
    """Collects findings, so that an author sees all of them at once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def error(self, place: Place, message: str) -> None:
        """Note something that stops publication."""
        self._note(Finding("error", place.file, place.line, message))

    def warning(self, place: Place, message: str) -> None:
        """Note something that the author may decide to leave as it is."""
        self._note(Finding("warning", place.file, place.line, message))

    def add(self, findings: Iterable[Finding]) -> None:
        """Note findings made elsewhere."""
        for finding in findings:
            self._note(finding)

    def _note(self, finding: Finding) -> None:
        # A hostile file can break a rule a million times; nobody reads more than a few hundred.
        if len(self._found) < MOST_FINDINGS:
            self._found[finding] = None
        elif len(self._found) == MOST_FINDINGS:
            more = "There is more to put right than is shown here. Correct these first, then upload again."
            self._found[Finding("error", finding.file, None, more)] = None

    def has_error_in(self, file: str) -> bool:
        """Whether something in this file stops publication."""
        return any(finding.file == file and finding.severity == "error" for finding in self._found)

    def in_order(self) -> tuple[Finding, ...]:
        """All findings, errors and warnings together, by file and then by line."""
        return tuple(sorted(self._found, key=lambda finding: (finding.file, finding.line or 0)))


def has_errors(findings: Iterable[Finding]) -> bool:
    """True when at least one finding stops publication."""
    return any(finding.severity == "error" for finding in findings)
