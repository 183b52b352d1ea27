"""One row of a file of past learning as plain values, and the mark by which it is known when it comes again."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from people.feed.mapping.mappings import heading_key
from people.feed.rows import UnusableRow

# No spreadsheet takes it for a number, a day or a formula.
MARK = "Mark of the row"
_MARK_KEY = heading_key(MARK)
_FORM = re.compile(r"file\W{0,3}(\d{1,9})\W{1,3}row\W{0,3}(\d{1,9})", re.IGNORECASE | re.ASCII)


class HistoryField(StrEnum):
    """What a row can say."""

    PAYROLL_NUMBER = "payroll-number"
    NAME = "name"
    BORN_ON = "born-on"
    COURSE = "course"
    COMPLETED_ON = "completed-on"
    SOURCE = "source"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Somebody completed something on a day, as the file says it. ``row_number`` counts as a spreadsheet does.

    ``source`` is where the authority knows it from, ``evidence`` what could be looked up there. ``sent`` are the cells
    as they were sent, so that the row can go back in the shape in which it came. ``again`` is the file and the row in
    it that this one puts right, by their numbers, where its mark says so.
    """

    row_number: int
    course: str
    completed_on: date
    payroll_number: str = ""
    name: str = ""
    born_on: date | None = None
    source: str = ""
    evidence: str = ""
    sent: tuple[str, ...] = field(default=(), compare=False)
    again: tuple[int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class UnusableEntry(UnusableRow):
    """A row of past learning that cannot be used, with its cells as they were sent."""

    sent: tuple[str, ...] = field(default=(), compare=False)


def mark_of(run_id: int, row_number: int) -> str:
    """The mark of a row of a file."""
    return f"file {run_id} row {row_number}"


def read_mark(text: str) -> tuple[int, int] | None:
    """The file and the row that a mark names; ``None`` for anything else."""
    found = _FORM.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def is_mark(heading: str) -> bool:
    """Whether the marks stand in the column with this heading."""
    return heading_key(heading) == _MARK_KEY
