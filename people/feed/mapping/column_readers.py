"""How the cells of each kind of column become values."""

from collections.abc import Callable
from datetime import date
from typing import Any

from kernel.columns import length_of
from kernel.typed import folded
from people.feed.mapping.cells import (
    CellFault,
    read_address,
    read_birth,
    read_date,
    read_hours,
    read_mobile_of,
    read_name,
    read_number_of,
    read_text,
    read_yes_no,
    text_of,
)
from people.feed.mapping.days import DateOrder, has_two_figures, years_from
from people.feed.mapping.known_words import AWAY_KINDS, EMPLOYMENT_KINDS
from people.feed.mapping.mappings import Column, Mapping
from people.feed.mapping.uses import LEVELS, ColumnUse
from people.feed.reading.tables import Cell
from people.jobs.absences import AbsenceKind
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.organisations import Unit
from people.persons import Person

Read = Callable[[Cell], Any]
_MOST_LEVELS = 3
# How many years from today a day of two figures may lie ahead: a job begins soon, and may end when somebody retires.
_YEARS_AHEAD = {
    ColumnUse.STARTS_ON: 2,
    ColumnUse.AWAY_FROM: 2,
    ColumnUse.EFFECTIVE_ON: 2,
    ColumnUse.ENDS_ON: 25,
    ColumnUse.AWAY_UNTIL: 25,
}
# Nobody has worked for longer: two figures that say so were meant otherwise.
_LONGEST_YEARS = 60
DAYS = frozenset({*_YEARS_AHEAD, ColumnUse.BORN_ON})


def read_day(cell: Cell, use: ColumnUse, order: DateOrder, *, on: date) -> date | None:
    """The day in a cell of a column of days; ``None`` for an empty one. ``on`` is today. Raises ``CellFault``."""
    if use is ColumnUse.BORN_ON:
        return read_birth(cell, order, on=on)
    found = read_date(cell, order, latest=years_from(on, _YEARS_AHEAD[use]))
    if found is not None and found < years_from(on, -_LONGEST_YEARS) and has_two_figures(text_of(cell), order):
        raise CellFault("No year with these two figures is one of a job today.", "Write all four of the year.")
    return found


def reader_for(column: Column, mapping: Mapping, *, on: date) -> Read:
    """How the cells of a column become values. ``on`` is today."""
    name, use = length_of(Person.chosen_name), column.use
    full_time = mapping.full_time_hours if use is ColumnUse.FULL_TIME_SHARE else None
    number = length_of(Employment.payroll_number)
    if use in DAYS:
        return lambda cell: read_day(cell, use, mapping.dates, on=on)
    hours: Read = lambda cell: read_hours(cell, has_comma=mapping.has_decimal_comma, full_time=full_time)  # noqa: E731
    readers: dict[ColumnUse, Read] = {
        ColumnUse.PAYROLL_NUMBER: lambda cell: read_number_of(cell, number, mapping.payroll_digits),
        ColumnUse.MANAGER: lambda cell: read_number_of(cell, number, mapping.payroll_digits),
        ColumnUse.PERSON_NUMBER: lambda cell: read_number_of(cell, number, 0),
        ColumnUse.FULL_NAME: lambda cell: _full_name(cell, name, is_turned=mapping.is_family_name_first),
        ColumnUse.GIVEN_NAME: lambda cell: read_name(cell, name),
        ColumnUse.FAMILY_NAME: lambda cell: read_name(cell, name),
        ColumnUse.CALLED: lambda cell: read_name(cell, length_of(Person.called)),
        ColumnUse.EMAIL: lambda cell: read_address(cell, length_of(Person.email)),
        ColumnUse.WORK_MOBILE: read_mobile_of,
        ColumnUse.UNIT: lambda cell: _unit(cell, mapping.unit_separator),
        ColumnUse.JOB_TITLE: lambda cell: read_text(cell, length_of(EmploymentTerms.job_title)),
        ColumnUse.GRADE: lambda cell: read_text(cell, length_of(EmploymentTerms.grade)),
        ColumnUse.KIND: _kind,
        ColumnUse.HOURS_PER_WEEK: hours,
        ColumnUse.FULL_TIME_SHARE: hours,
        ColumnUse.CONTRACT: lambda cell: read_text(cell, length_of(EmploymentTerms.contract)),
        ColumnUse.SITE: lambda cell: read_text(cell, length_of(EmploymentTerms.site)),
        ColumnUse.IS_MAIN: read_yes_no,
        ColumnUse.AWAY_KIND: _away_kind,
        **dict.fromkeys(LEVELS, lambda cell: read_text(cell, length_of(Unit.name))),
    }
    return readers[use]


def _full_name(cell: Cell, longest: int, *, is_turned: bool) -> str:
    """A name as it is written; where the file writes "O’Brien, Siân", the two sides of the comma change places."""
    name = read_name(cell, longest)
    if not is_turned:
        return name
    family, _, given = name.partition(",")
    return f"{given.strip()} {family.strip()}".strip()


def _unit(cell: Cell, separator: str) -> tuple[str, ...]:
    text = text_of(cell)
    names = tuple(part for one in text.split(separator.strip() or separator) if (part := one.strip()))
    if len(names) > _MOST_LEVELS:
        raise CellFault(
            f"This unit has {len(names)} levels, and an authority has three: directorate, service and team.",
            "Shorten it, or say in the mapping which unit is meant.",
        )
    for one in names:
        read_text(one, length_of(Unit.name))
    return names


def _kind(cell: Cell) -> EmploymentKind | None:
    word = folded(text_of(cell))
    if not word:
        return None
    if word not in EMPLOYMENT_KINDS:
        raise CellFault("The mapping does not know this word.", "Say there what it means, or write it as before.")
    return EMPLOYMENT_KINDS[word]


def _away_kind(cell: Cell) -> AbsenceKind | None:
    word = folded(text_of(cell))
    if not word:
        return None
    if word not in AWAY_KINDS:
        raise CellFault("The mapping does not know this word.", "Say there what it means, or write it as before.")
    return AWAY_KINDS[word]
