"""One row of a file of past learning as plain values."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from people.feed.rows import UnusableRow


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
    as they were sent, so that the row can go back in the shape in which it came.
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


@dataclass(frozen=True, slots=True)
class UnusableEntry(UnusableRow):
    """A row of past learning that cannot be used, with its cells as they were sent."""

    sent: tuple[str, ...] = field(default=(), compare=False)
