"""Whom a file that holds everybody does not name, less those whom a row that cannot be used may mean.

A row with a fault says that somebody still works here, so it never makes anybody a leaver.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kernel.spooling.sequences import kept
from kernel.typed import folded, search_words
from people.feed.planning.state import JobNow
from people.feed.planning.values import name_words
from people.feed.rows import CELL_END, ReportLine, UnusableRow

# A shorter number may be the hours or the grade of somebody else.
SHORTEST_SURE_NUMBER = 4
# A quote that closes too late has made one cell of several, or of several rows.
_ENDS = re.compile(r'[\r\n;,\t|"]+')
# Between given and family name may stand a title or a middle name.
_NAME_CELLS = 4


@dataclass(frozen=True)
class Missing:
    """The jobs that no row names. ``leaving`` have nobody’s faulty row, ``kept`` may be meant by one.

    ``unread`` counts the rows of which nothing tells whom they mean: as many of those who leave may be theirs.
    ``lost`` is how many rows fewer were read than the file says at its end.
    """

    leaving: Sequence[JobNow] = ()
    kept: Sequence[JobNow] = ()
    unread: int = 0
    lost: int = 0

    @property
    def is_unsure(self) -> bool:
        """Whether jobs would end that rows may be about of which nothing tells whom they mean, or that are lost."""
        return bool((self.unread or self.lost) and self.leaving)


def why_ends_wait(missing: Missing) -> Iterator[str]:
    """Why jobs that no row names do not simply end: nothing where every row tells whom it means."""
    if not (missing.unread and missing.leaving):
        return
    many = missing.unread != 1
    means, theirs, rows = ("they mean", "theirs", "rows are") if many else ("it means", "the one", "row is")
    leaving = len(missing.leaving)
    most = min(missing.unread, leaving)
    yield (
        f"{missing.unread:,} row{'s' if many else ''} cannot be used, and nothing tells whom {means}. "
        f"Of the {leaving:,} job{'' if leaving == 1 else 's'} that no row names, "
        f"{'up to ' if many else ''}{most:,} may be {theirs}: ends wait until the {rows} put right. "
        "To end these jobs nevertheless, a second person must decide."
    )


def whom_rows_may_mean(
    missing: Sequence[JobNow],
    unusable: Collection[UnusableRow],
    here: Collection[str],
    *,
    lines: Sequence[ReportLine] = (),
) -> Missing:
    """Which of the missing jobs go on, because a row that cannot be used has their number, name or e-mail address.
    So does one whom a line of the report names.

    ``here`` are the payroll numbers of the record. A row with a number that nobody has here is about somebody new, if
    it is written like the others and no word of its name is in one that is missing.
    """
    if not missing or not (unusable or lines):
        return Missing(missing, lost=rows_lost(lines))
    known = _Known(missing, {_shape(number) for number in here})
    going_on: set[str] = set()
    unread = 0
    for row in unusable:
        found, is_sure = known.in_row(row)
        going_on |= found
        unread += not (is_sure or row.payroll_number in here or known.is_new(row))
    for line in lines:
        going_on |= known.in_row(UnusableRow(line.row_number, (), cells="" if line.stated else line.cells))[0]
    return Missing(
        kept(job for job in missing if job.payroll_number not in going_on),
        kept(job for job in missing if job.payroll_number in going_on),
        unread,
        lost=rows_lost(lines),
    )


def rows_lost(lines: Iterable[ReportLine]) -> int:
    """How many rows fewer were read than a file says at its end."""
    return sum(max(0, line.stated - line.read) for line in lines if line.stated)


class _Known:
    """The payroll numbers of missing jobs, by what may stand of each in a row."""

    def __init__(self, missing: Iterable[JobNow], shapes: Collection[str]) -> None:
        self._shapes = shapes
        self._numbers: dict[str, set[str]] = defaultdict(set)
        self._emails: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._words: set[str] = set()
        for job in missing:
            self._words |= name_words(job.full_name)
            for index, key in (
                (self._numbers, _number_key(job.payroll_number)),
                (self._emails, folded(job.email or "")),
                (self._names, _name_key(job.full_name)),
            ):
                index[key].add(job.payroll_number)
        for index in (self._numbers, self._emails, self._names):
            index.pop("", None)

    def is_new(self, row: UnusableRow) -> bool:
        """Whether a row with such a number, which nobody has here, is about somebody who joins."""
        is_whole = bool(row.full_name) and _shape(row.payroll_number) in self._shapes
        return is_whole and self._words.isdisjoint(name_words(row.full_name))

    def in_row(self, row: UnusableRow) -> tuple[set[str], bool]:
        """Whom a row may mean, and whether that is sure."""
        found: set[str] = set()
        is_sure = False
        cells = list(_cells(row))
        for cell in cells:
            numbers = self._numbers.get(_number_key(cell), set())
            found |= numbers
            is_sure |= bool(numbers) and len(cell) >= SHORTEST_SURE_NUMBER
        for text in (row.full_name, *cells):
            by_text = self._emails.get(folded(text), set()) | self._names.get(_name_key(text), set())
            found |= by_text
            is_sure |= bool(by_text)
        for key in _pairs([_name_key(cell) for cell in cells]):
            by_name = self._names.get(key, set())
            found |= by_name
            is_sure |= bool(by_name)
        return found, is_sure


def _cells(row: UnusableRow) -> Iterator[str]:
    for cell in row.cells.split(CELL_END):
        parts = [part for one in _ENDS.split(cell) if (part := one.strip())]
        yield from parts if len(parts) < 2 else (cell, *parts)


def _pairs(names: Sequence[str]) -> Iterator[str]:
    """Two cells near each other as one name, whichever stands first."""
    for place, first in enumerate(names):
        for second in names[place + 1 : place + _NAME_CELLS] if first else ():
            yield " ".join(sorted((*first.split(), *second.split())))


def _shape(number: str) -> str:
    """How a number is written: WR1077 is aa0000."""
    return "".join("0" if one.isdigit() else "a" if one.isalpha() else one for one in number)


def _number_key(number: str) -> str:
    return folded(number).lstrip("0")


def _name_key(name: str) -> str:
    return " ".join(sorted(search_words(name)))
