"""A mapping as a value: made once with a sample file, and the same for every file that follows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from kernel.typed import folded
from people.feed.mapping.days import DateOrder
from people.feed.mapping.uses import NEEDED, ColumnUse
from people.feed.reading.tables import ReadingChoice
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import FeedField
from people.jobs.terms import EmploymentKind


class Empty(StrEnum):
    """What an empty cell means: that nothing is said, or that there is nothing any more."""

    KEEP = "keep"
    CLEAR = "clear"


class OnUnusable(StrEnum):
    """What happens to a file with rows that cannot be used."""

    GOOD_ROWS = "good-rows"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Column:
    """One column by its heading. ``values`` says what its words mean here; a word that is not in it means itself."""

    heading: str
    use: ColumnUse = ColumnUse.UNUSED
    empty: Empty = Empty.KEEP
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """Whom a file holds. With ``everybody``, a job that it does not name has ended, if it is in one of these units and
    of one of these kinds; without any, the whole authority is meant."""

    everybody: bool = False
    units: tuple[tuple[str, ...], ...] = ()
    kinds: frozenset[EmploymentKind] = frozenset()


@dataclass(frozen=True)
class Mapping:
    """How an authority's file is to be read. ``source`` is the HR system in the authority's own words.

    ``full_time_hours`` is the week that a share of full time is taken of: 37 hours in local government outside London
    (Green Book, part 2). ``payroll_digits`` puts back the zeros that a spreadsheet took from the front; 0 leaves
    numbers as they stand. ``unit_separator`` stands between the levels where one column holds them all.
    """

    columns: tuple[Column, ...]
    reading: ReadingChoice = field(default_factory=ReadingChoice)
    dates: DateOrder = DateOrder.DAY_FIRST
    has_decimal_comma: bool = False
    unit_separator: str = "/"
    is_family_name_first: bool = False
    full_time_hours: Decimal = Decimal(37)
    payroll_digits: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    on_unusable: OnUnusable = OnUnusable.GOOD_ROWS
    source: str = ""

    def column_for(self, use: ColumnUse) -> Column | None:
        """The column with this use, if there is one."""
        return next((column for column in self.columns if column.use is use), None)


_FITS_NOWHERE = (
    "None of the columns that the mapping names is in this file: it may be another file, or needs another mapping."
)


class ChangedColumns(UnreadableFile):
    """The file has not the columns that the mapping was made for: ``missing`` and ``new`` are headings. Where
    it ``fits_nowhere``, not one of them is there, and that is said first."""

    def __init__(self, missing: Iterable[str], new: Iterable[str], *, fits_nowhere: bool = False) -> None:
        self.missing, self.new = tuple(missing), tuple(new)
        lost = [f"The column “{one}” is missing." for one in self.missing]
        added = [
            f"The column “{one}” is new: say in the mapping what it is, or that it is not used." for one in self.new
        ]
        super().__init__(*([_FITS_NOWHERE] if fits_nowhere else []), *lost, *added)


_ADAPTER = TypeAdapter(Mapping)


def as_json(mapping: Mapping) -> dict[str, Any]:
    """The mapping as plain data, to be stored."""
    plain: dict[str, Any] = _ADAPTER.dump_python(mapping, mode="json")
    return plain


def from_json(plain: dict[str, Any]) -> Mapping:
    """The mapping that was stored."""
    return _ADAPTER.validate_python(plain)


def missing_fields(mapping: Mapping) -> tuple[FeedField, ...]:
    """The fields without which no row can be used, and which no column fills."""
    filled = {column.use.field for column in mapping.columns}
    return tuple(one for one in NEEDED if one not in filled)


def mapping_problems(mapping: Mapping) -> tuple[str, ...]:
    """Everything that keeps a mapping from being used, as sentences."""
    problems = [
        f"Say which column holds this: {ColumnUse(one.value).words.lower()}." for one in missing_fields(mapping)
    ]
    used: dict[ColumnUse, list[str]] = {}
    for column in mapping.columns:
        if column.use is not ColumnUse.UNUSED:
            used.setdefault(column.use, []).append(f"“{column.heading}”")
    for use, headings in used.items():
        if len(headings) > 1:
            problems.append(f"Only one column can be “{use.words}”: choose between {' and '.join(headings)}.")
    for one, others in _EXCLUDING:
        if one in used and any(other in used for other in others):
            problems.append(f"“{one.words}” already says it all: leave out {' and '.join(o.words for o in others)}.")
    if (ColumnUse.AWAY_UNTIL in used or ColumnUse.AWAY_KIND in used) and ColumnUse.AWAY_FROM not in used:
        problems.append("Say which column holds the first day of long leave.")
    return tuple(problems)


def heading_key(heading: str) -> str:
    """The form in which headings are compared: capitals and spaces do not matter."""
    return folded(heading)


_EXCLUDING = (
    (ColumnUse.FULL_NAME, (ColumnUse.GIVEN_NAME, ColumnUse.FAMILY_NAME)),
    (ColumnUse.UNIT, (ColumnUse.DIRECTORATE, ColumnUse.SERVICE, ColumnUse.TEAM)),
    (ColumnUse.HOURS_PER_WEEK, (ColumnUse.FULL_TIME_SHARE,)),
)
