"""One row of a file of past learning as plain values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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

    ``source`` is where the authority knows it from, ``evidence`` what could be looked up there.
    """

    row_number: int
    course: str
    completed_on: date
    payroll_number: str = ""
    name: str = ""
    born_on: date | None = None
    source: str = ""
    evidence: str = ""
