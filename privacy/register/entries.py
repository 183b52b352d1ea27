"""What the register says of one table. Every column has to stand in it: a test compares it with the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Section(StrEnum):
    """Under which heading a person reads what a table holds of them."""

    YOU = "you"
    JOBS = "jobs"
    LEARNING = "learning"
    ANSWERS = "answers"
    WORDS = "words"
    CERTIFICATES = "certificates"
    MESSAGES = "messages"
    SIGNING_IN = "signing-in"


class Fate(StrEnum):
    """What becomes of the rows of a person who is erased."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True)
class Holding:
    """One table. ``whose`` is the column that leads to the person; ``None`` where no row is about one.

    ``acted`` are columns that name somebody who did something in the course of their work, ``others`` columns that lead
    to another record of the same person. ``secret`` columns open
    something, or could: nobody is shown them. ``emptied`` says what stands in a column after its person was erased;
    ``{id}`` in it is the number of the row.
    """

    table: str
    title: str
    purpose: str
    kept: str
    seen_by: str
    columns: Mapping[str, str]
    section: Section | None = None
    whose: str | None = None
    acted: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    secret: frozenset[str] = frozenset()
    fate: Fate | None = None
    emptied: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_about_people(self) -> bool:
        """Whether a person's own copy holds rows of it."""
        return self.whose is not None

    def words_for(self, column: str) -> str:
        """What a column is, in words. Raises ``KeyError`` for one that the register does not know."""
        return self.columns[column] if column in self.columns else WORK[column]


# What every table of work that is done later has: nothing of it is about anybody.
WORK = {
    "id": "Number of the row",
    "state": "How far the work on it is",
    "claimed_at": "When a worker took it up",
    "claimed_by": "Which worker has it in hand",
    "claims": "How often it was taken up",
    "failures": "How often it failed",
    "retry_at": "When it is tried again",
    "failure_reason": "Why it failed",
    "storage_key": "Where the file is stored",
    "sha256": "The hash of the file",
    "size_bytes": "The size of the file",
}

UNTIL_ERASED = "Until the person is erased"
WITHOUT_A_NAME = "For good; once the person is erased, nothing in it says who it was"
FOR_GOOD = "For good"
THE_PERSON = "The person alone"
NOBODY = "Nobody: the platform works with it"
ADMINS = "Admins"
HR = "The person, HR leads of their authority, admins"
FIGURES = "To show that training takes place (Equality Act 2010, section 149), in figures that stay true for past days"
