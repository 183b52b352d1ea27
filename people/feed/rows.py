"""One row of an HR file as plain values, whatever the file looked like, and one that cannot be used."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from people.jobs.terms import EmploymentKind


class FeedField(StrEnum):
    """What a row can say about a job and about the person who holds it."""

    PAYROLL_NUMBER = "payroll-number"
    PERSON_NUMBER = "person-number"
    FULL_NAME = "full-name"
    CALLED = "called"
    EMAIL = "email"
    WORK_MOBILE = "work-mobile"
    BORN_ON = "born-on"
    UNIT = "unit"
    JOB_TITLE = "job-title"
    GRADE = "grade"
    KIND = "kind"
    HOURS_PER_WEEK = "hours-per-week"
    CONTRACT = "contract"
    SITE = "site"
    MANAGER = "manager"
    IS_MAIN = "is-main"
    STARTS_ON = "starts-on"
    ENDS_ON = "ends-on"
    AWAY_FROM = "away-from"
    AWAY_UNTIL = "away-until"
    AWAY_KIND = "away-kind"
    EFFECTIVE_ON = "effective-on"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What a row says of one job. ``said`` names the fields that it speaks about.

    A field outside ``said`` is kept as it is: the file has no such column, or the cell is empty and the mapping says
    "keep". A field in ``said`` that holds nothing is cleared. ``row_number`` counts as a spreadsheet does: the heading
    is row 1. ``unit`` goes from the top down. ``person_number`` is the employer's own number of a person, which several
    jobs may share. Without ``effective_on`` the row speaks of the day of the run. ``has_short_year`` says that a year
    of two figures stands in it, ``has_bad_mobile`` that its mobile number is none and was left out.
    """

    row_number: int
    payroll_number: str
    full_name: str
    said: frozenset[FeedField]
    person_number: str | None = None
    called: str | None = None
    email: str | None = None
    work_mobile: str | None = None
    born_on: date | None = None
    unit: tuple[str, ...] = ()
    job_title: str | None = None
    grade: str | None = None
    kind: EmploymentKind | None = None
    hours_per_week: Decimal | None = None
    contract: str | None = None
    site: str | None = None
    manager_payroll_number: str | None = None
    is_main: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    away_from: date | None = None
    away_until: date | None = None
    away_kind: str | None = None
    effective_on: date | None = None
    has_short_year: bool = False
    has_bad_mobile: bool = False


# Stands between the cells of a row that is kept as one text.
CELL_END = "\x1e"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell, or with a whole row where ``column`` is ``None``.

    ``stands`` is what stands there, cut short. ``problem`` and ``mend`` are one sentence each, without row and column.
    """

    column: str | None
    stands: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that cannot be used, with everything that is wrong with it.

    ``payroll_number`` and ``full_name`` are what could be read of it, or empty, and ``cells`` what else may tell whom
    it means, with ``CELL_END`` between: a job does not end because its row had a fault.
    """

    row_number: int
    problems: tuple[CellProblem, ...]
    payroll_number: str = ""
    full_name: str = ""
    cells: str = ""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line that the report has added to its rows, and that is nobody’s: a total, its end, its headings once more.

    ``words`` is what stands there, cut short. ``stated`` is how many rows it says there are, ``read`` how many there
    were; both are set on one line at most. ``cells`` are those of the line, as in a row that cannot be used.
    """

    row_number: int
    words: str
    stated: int | None = None
    read: int = 0
    cells: str = ""


ReadRow = FeedRow | UnusableRow | ReportLine
