"""A first mapping for a file that nobody mapped yet: from its headings, and from what stands in its first rows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from kernel.typed import folded, with_plain_digits
from people.feed.mapping.cells import CellFault, read_date, text_of
from people.feed.mapping.days import DateOrder
from people.feed.mapping.known_words import (
    AWAY_KINDS,
    BY_HEADING,
    EMPLOYMENT_KINDS,
    OF_A_JOB,
    OF_THE_PERSON_TOO,
    is_described,
    plain_heading,
)
from people.feed.mapping.mappings import Column, Mapping, missing_fields
from people.feed.mapping.uses import FIELD_WORDS, LEVELS, ColumnUse
from people.feed.reading.tables import Cell, ReadingChoice, Table, TableRow
from people.feed.rows import FeedField
from people.jobs.terms import EmploymentKind

LOOKED_AT = 2_000
_AS_FOUND = ReadingChoice()
_DATES = (
    ColumnUse.STARTS_ON,
    ColumnUse.ENDS_ON,
    ColumnUse.AWAY_FROM,
    ColumnUse.AWAY_UNTIL,
    ColumnUse.EFFECTIVE_ON,
)
_SEPARATORS = (" > ", " / ", "/", "|", "\\", " - ", ";")
_BIRTH = (
    "“{heading}” looks like a date of birth, and is not read. Choose it only to match past learning by it where there"
    " are no payroll numbers."
)
_COMMA = re.compile(r"\d{1,3},\d{1,2}")
_WORDS_OF: dict[ColumnUse, Iterable[str]] = {ColumnUse.KIND: EMPLOYMENT_KINDS, ColumnUse.AWAY_KIND: AWAY_KINDS}
_MOST_WORDS = 30
_ANY_DAY = date(2049, 12, 31)  # which century is meant does not matter to the order
_SURE = {
    DateOrder.DAY_FIRST: "Days are read as day/month/year: some have a day above 12 in front.",
    DateOrder.MONTH_FIRST: "Days are read as month/day/year: some have a day above 12 in the middle.",
    DateOrder.YEAR_FIRST: "Days are read with the year in front.",
    DateOrder.EXCEL_NUMBER: "Days are numbers, as Excel stores them.",
}


@dataclass(frozen=True)
class WordFound:
    """A word of a column whose words mean something here, and how often it was found."""

    heading: str
    use: ColumnUse
    word: str
    count: int


@dataclass(frozen=True)
class Suggestion:
    """A mapping to look at. ``missing`` are fields that every row needs and no heading promises; ``sentences`` say what
    was taken and why."""

    mapping: Mapping
    missing: tuple[FeedField, ...]
    sentences: tuple[str, ...]


def suggest_mapping(table: Table, *, reading: ReadingChoice = _AS_FOUND) -> Suggestion:
    """What the headings and the first 2,000 rows of a file suggest. ``reading`` is what a person chose to read it by:
    the rest is taken anew from each file, and said."""
    sample = list(islice(table.rows(), LOOKED_AT))
    uses = _uses(table.headings, sample)
    columns = tuple(
        Column(heading, uses.get(position, ColumnUse.UNUSED)) for position, heading in enumerate(table.headings)
    )
    mapping = _with_kinds(Mapping(columns, reading=reading), sample)
    columns = mapping.columns
    order, why = _order(mapping, sample)
    mapping = replace(
        mapping,
        dates=order,
        has_decimal_comma=any(
            _COMMA.fullmatch(one)
            for use in (ColumnUse.HOURS_PER_WEEK, ColumnUse.FULL_TIME_SHARE)
            for one in _texts(mapping, sample, use)
        ),
        unit_separator=_separator(_texts(mapping, sample, ColumnUse.UNIT)),
        is_family_name_first=_is_turned(_texts(mapping, sample, ColumnUse.FULL_NAME)),
    )
    missing = missing_fields(mapping)
    named = [f"“{one.heading}” is read as: {one.use.words}." for one in columns if one.use is not ColumnUse.UNUSED]
    lacking = [f"No heading promises this: {FIELD_WORDS[one]}." for one in missing]
    births = [_BIRTH.format(heading=one) for one in table.headings if _is_birth(one)]
    return Suggestion(mapping, missing, (*named, *filter(None, [why]), *births, *lacking))


def _is_birth(heading: str) -> bool:
    use, _ = BY_HEADING.get(plain_heading(heading), (None, 0))
    return use is ColumnUse.BORN_ON


def _with_kinds(mapping: Mapping, sample: Sequence[TableRow]) -> Mapping:
    """Where the contract alone says who is an agency worker or an elected member, it is read as the kind of worker:
    otherwise everybody would count as an employee."""
    if mapping.column_for(ColumnUse.KIND) is not None:
        return mapping
    kinds = [EMPLOYMENT_KINDS.get(folded(word)) for word in set(_texts(mapping, sample, ColumnUse.CONTRACT))]
    if None in kinds or not set(kinds) - {EmploymentKind.EMPLOYEE}:
        return mapping
    return replace(
        mapping,
        columns=tuple(
            replace(one, use=ColumnUse.KIND) if one.use is ColumnUse.CONTRACT else one for one in mapping.columns
        ),
    )


def undecided_words(table: Table, mapping: Mapping) -> tuple[WordFound, ...]:
    """The words in the first 2,000 rows that mean something here and that neither we nor the mapping know, each with
    how often it stands there, the most frequent first."""
    known = {use: set(words) for use, words in _WORDS_OF.items()}
    return tuple(
        one
        for one in words_in(table, mapping)
        if folded(one.word) not in known[one.use] and folded(one.word) not in _values_of(mapping, one.use)
    )


def words_in(table: Table, mapping: Mapping) -> tuple[WordFound, ...]:
    """Every word in the first 2,000 rows of a column whose words mean something here, the most frequent first."""
    sample = list(islice(table.rows(), LOOKED_AT))
    return tuple(_words(mapping, sample))


def _values_of(mapping: Mapping, use: ColumnUse) -> dict[str, str]:
    column = mapping.column_for(use)
    return column.values if column else {}


def _words(mapping: Mapping, sample: Sequence[TableRow]) -> Iterator[WordFound]:
    for use in _WORDS_OF:
        column = mapping.column_for(use)
        if column is None:
            continue
        counted = Counter(_texts(mapping, sample, use))
        for word, count in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:_MOST_WORDS]:
            yield WordFound(column.heading, use, word, count)


def _uses(headings: Sequence[str], sample: Sequence[TableRow]) -> dict[int, ColumnUse]:
    """The use of each column whose heading we know; of several with one use, the surest."""
    best: dict[ColumnUse, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        known = BY_HEADING.get(plain_heading(heading))
        if known is None:
            continue
        before = best.get(known[0])
        # “Position” beside “Position description” is its code.
        is_surer = before is None or known[1] < before[0] or (known[1] == before[0] and is_described(heading))
        if is_surer:
            best[known[0]] = (known[1], position)
    _tell_numbers_apart(best, headings, sample)
    _make_room(best)
    return {position: use for use, (_, position) in best.items()}


def _tell_numbers_apart(
    best: dict[ColumnUse, tuple[int, int]], headings: Sequence[str], sample: Sequence[TableRow]
) -> None:
    """Where one column numbers the person and another each job of theirs, as in ESR: which is which."""
    plain = [plain_heading(heading) for heading in headings]
    persons = [at for at, one in enumerate(plain) if one in OF_THE_PERSON_TOO]
    jobs = [at for at, one in enumerate(plain) if one in OF_A_JOB and _is_of_one_row(at, sample)]
    if not persons or not jobs:
        return
    rank = best.get(ColumnUse.PAYROLL_NUMBER, (0, 0))[0]
    first = best[ColumnUse.PAYROLL_NUMBER][1] if ColumnUse.PAYROLL_NUMBER in best else jobs[0]
    best[ColumnUse.PAYROLL_NUMBER] = (rank, first if first in jobs else jobs[0])
    best.setdefault(ColumnUse.PERSON_NUMBER, (rank, persons[0]))


def _is_of_one_row(position: int, sample: Sequence[TableRow]) -> bool:
    """Whether no two rows have the same in a column: a number that only counts the jobs of each person is none."""
    found = [cell for row in sample if row.problem is None and (cell := row.cells[position]) not in (None, "")]
    return len(set(found)) == len(found)


def _make_room(best: dict[ColumnUse, tuple[int, int]]) -> None:
    best.pop(ColumnUse.BORN_ON, None)  # never read unless somebody asks for it
    # One column that says it whole goes before those that say it in parts; where there is none, parts do.
    if ColumnUse.FULL_NAME in best and ColumnUse.GIVEN_NAME in best and ColumnUse.FAMILY_NAME in best:
        del best[ColumnUse.FULL_NAME]
    elif ColumnUse.FULL_NAME in best:
        best.pop(ColumnUse.GIVEN_NAME, None)
        best.pop(ColumnUse.FAMILY_NAME, None)
    levels = [level for level in LEVELS if level in best]
    if ColumnUse.UNIT in best and levels:
        del best[ColumnUse.UNIT]
    if len(levels) == 1:  # it says all that the file says of the unit: its path, or its name
        best[ColumnUse.UNIT] = best.pop(levels[0])
    if ColumnUse.HOURS_PER_WEEK in best:
        best.pop(ColumnUse.FULL_TIME_SHARE, None)
    if ColumnUse.PAYROLL_NUMBER not in best and ColumnUse.PERSON_NUMBER in best:
        best[ColumnUse.PAYROLL_NUMBER] = best.pop(ColumnUse.PERSON_NUMBER)
    if ColumnUse.AWAY_FROM not in best:
        best.pop(ColumnUse.AWAY_UNTIL, None)
        best.pop(ColumnUse.AWAY_KIND, None)


def _cells(mapping: Mapping, sample: Sequence[TableRow], use: ColumnUse) -> Iterator[Cell]:
    position = next((at for at, column in enumerate(mapping.columns) if column.use is use), None)
    for row in sample if position is not None else ():
        if row.problem is None:
            yield row.cells[position or 0]


def _texts(mapping: Mapping, sample: Sequence[TableRow], use: ColumnUse) -> list[str]:
    found = []
    for cell in _cells(mapping, sample, use):
        try:
            text = text_of(cell)
        except CellFault:
            continue
        if text:
            found.append(text)
    return found


def _order(mapping: Mapping, sample: Sequence[TableRow]) -> tuple[DateOrder, str]:
    """The order that reads the most days of the sample; and the sentence that says how sure that is."""
    cells = [cell for use in _DATES for cell in _cells(mapping, sample, use) if cell not in (None, "")]
    written = [cell for cell in cells if not isinstance(cell, date)]
    if not written:
        return DateOrder.DAY_FIRST, ""
    read = {order: sum(_is_day(cell, order) for cell in written) for order in DateOrder}
    best = max(DateOrder, key=lambda order: read[order])  # the first of equals: the order of the country
    equals = [order for order in DateOrder if read[order] == read[best] and order is not DateOrder.EXCEL_NUMBER]
    if any(re.match(r"\d{4}\D", with_plain_digits(str(cell))) for cell in written) and len(equals) > 1:
        return DateOrder.YEAR_FIRST, _SURE[DateOrder.YEAR_FIRST]
    if DateOrder.DAY_FIRST in equals and DateOrder.MONTH_FIRST in equals:
        return best, "Days are read as day/month/year. No day in the first rows tells it for certain: look at them."
    return best, _SURE[best]


def _is_day(cell: Cell, order: DateOrder) -> bool:
    try:
        return read_date(cell, order, latest=_ANY_DAY) is not None
    except CellFault:
        return False


def _separator(texts: Sequence[str]) -> str:
    counted = {one: sum(one in text for text in texts) for one in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda one: counted[one])
    return best if counted[best] * 2 > len(texts) else "/"


def _is_turned(texts: Sequence[str]) -> bool:
    return bool(texts) and sum(text.count(",") == 1 for text in texts) * 10 > len(texts) * 8
