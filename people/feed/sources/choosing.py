"""Which file of a source is read: the newest that was not read before, and that nobody is writing. Pure: no session."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from kernel.typed import folded
from people.feed.reading.limits import MOST_BYTES

MARKER = ".done"
LONGEST_NAME = 255
MOST_LISTED = 50


class Verdict(StrEnum):
    """What becomes of a file that is there."""

    READ = "read"
    KNOWN = "known"
    OLDER = "older"
    STILL = "still"
    UNMARKED = "unmarked"
    EMPTY = "empty"
    LARGE = "large"


VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.READ: "Is the one that is read",
    Verdict.KNOWN: "Left out: it was read before",
    Verdict.OLDER: "Left out: a newer one is there, or was read",
    Verdict.STILL: "Waits: it may still be being written",
    Verdict.UNMARKED: "Waits: its “.done” file is not there, or is older than it",
    Verdict.EMPTY: "Left out: it is empty",
    Verdict.LARGE: f"Left out: it is larger than {MOST_BYTES // 1024**2} MB",
}


@dataclass(frozen=True)
class SourceFile:
    """A file as a listing shows it. ``path`` opens it; ``name`` is its name as it can be shown and stored."""

    name: str
    path: str
    size_bytes: int
    modified_at: datetime

    @property
    def stand(self) -> tuple[int, str]:
        """How it stands: another one as soon as somebody writes to it. To the second, as servers tell the time."""
        return self.size_bytes, self.modified_at.astimezone(UTC).replace(microsecond=0).isoformat()


@dataclass(frozen=True)
class Wanted:
    """What a source is asked for, and what is remembered of it.

    ``read_before`` holds name and stand of each file that was read, ``newest_read_at`` when the newest of them was
    written. ``seen`` is how each file stood at the look before, a while ago.
    """

    pattern: str
    has_marker: bool = False
    read_before: Collection[tuple[str, tuple[int, str]]] = frozenset()
    newest_read_at: datetime | None = None
    seen: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    is_only_look: bool = False


@dataclass(frozen=True)
class Choice:
    """What was decided: the files of that name with what becomes of each, the newest first, and how many others there
    are. ``taken`` is the one to read now, if there is one."""

    listed: tuple[tuple[SourceFile, Verdict], ...]
    others: int

    @property
    def taken(self) -> SourceFile | None:
        """The file to read now."""
        return next((file for file, verdict in self.listed if verdict is Verdict.READ), None)

    @property
    def awaited(self) -> SourceFile | None:
        """The file that is read as soon as it is whole."""
        waits = (Verdict.STILL, Verdict.UNMARKED)
        return next((file for file, verdict in self.listed if verdict in waits), None)

    @property
    def newest(self) -> tuple[SourceFile, Verdict] | None:
        """The newest of that name, with what becomes of it."""
        return self.listed[0] if self.listed else None


def is_called(name: str, pattern: str) -> bool:
    """Whether a file is meant: ``staff-*.csv``. Capitals do not matter, nor how a letter with an accent is written."""
    return fnmatchcase(folded(name), folded(pattern))


def choose(files: Iterable[SourceFile], wanted: Wanted) -> Choice:
    """Decide about each file of a source. The newest that was not read decides: an older one never goes before it."""
    every = list(files)
    markers = {folded(file.name): file for file in every if folded(file.name).endswith(MARKER)}
    called = [file for file in every if is_called(file.name, wanted.pattern) and not folded(file.name).endswith(MARKER)]
    called.sort(key=lambda file: (file.modified_at, file.name), reverse=True)
    listed, has_newer = [], False
    for file in called:
        verdict = _verdict(file, wanted, markers, has_newer=has_newer)
        has_newer = True
        listed.append((file, verdict))
    return Choice(tuple(listed), len(every) - len(called))


def _verdict(file: SourceFile, wanted: Wanted, markers: Mapping[str, SourceFile], *, has_newer: bool) -> Verdict:
    if (file.name, file.stand) in wanted.read_before:
        return Verdict.KNOWN
    if has_newer or (wanted.newest_read_at is not None and file.modified_at < wanted.newest_read_at):
        return Verdict.OLDER
    if file.size_bytes > MOST_BYTES:
        return Verdict.LARGE
    if wanted.has_marker:
        marker = markers.get(folded(file.name + MARKER)) or markers.get(folded(_stem(file.name) + MARKER))
        if marker is None or marker.stand[1] < file.stand[1]:
            return Verdict.UNMARKED
    elif not wanted.is_only_look and wanted.seen.get(file.name) != file.stand:
        return Verdict.STILL
    return Verdict.READ if file.size_bytes else Verdict.EMPTY


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def as_seen(choice: Choice) -> dict[str, list[int | str]]:
    """How the files stand now, to be compared at the next look."""
    return {file.name: list(file.stand) for file, _ in choice.listed[:MOST_LISTED]}


def from_seen(stored: Mapping[str, list[int | str]]) -> dict[str, tuple[int, str]]:
    """How the files stood at the look before."""
    return {name: (int(size), str(modified)) for name, (size, modified) in stored.items()}
