"""What happens in a week of an authority: a few people join, move and leave, and some marry."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from people.feed.planning.state import UnitPath
from people.feed.rows import FeedRow
from people.jobs.terms import EmploymentKind

_ONE_IN = {"join": 350, "leave": 450, "move": 300, "marry": 900, "regrade": 250}
_MOST = 12
_FIRST_CHANGED = 14  # days before today


@dataclass(frozen=True)
class Week:
    """What an authority’s changes are drawn from. ``spared`` are payroll numbers that nothing happens to."""

    random: Random
    today: date
    units: Sequence[UnitPath]
    spared: Collection[str]
    a_name: Callable[[], str]


def with_changes(rows: Sequence[FeedRow], week: Week, *, are_leavers_dated: bool) -> list[FeedRow]:
    """The same people a week on, in the order of their payroll numbers. Somebody who leaves is not named any more, or
    with ``are_leavers_dated`` gets a last day."""
    found = {row.payroll_number: row for row in rows}
    order = [row for row in rows if _may_change(row, week)]
    week.random.shuffle(order)
    taken = iter(order)
    for row in _some(taken, "leave", rows):
        if are_leavers_dated:
            found[row.payroll_number] = replace(row, ends_on=week.today - timedelta(days=1))
        else:
            del found[row.payroll_number]
    for row in _some(taken, "move", rows):
        found[row.payroll_number] = replace(row, unit=_another_unit(row.unit, week))
    for row in _some(taken, "marry", rows):
        found[row.payroll_number] = replace(row, full_name=_married(row.full_name, week))
    for row in _some(taken, "regrade", rows):
        found[row.payroll_number] = replace(row, job_title=_senior(row.job_title))
    for place, like in enumerate(_some(taken, "join", rows), start=1):
        joiner = _joiner(like, week, after=rows[-1].payroll_number, place=place)
        found[joiner.payroll_number] = joiner
    return [found[number] for number in sorted(found)]


def _may_change(row: FeedRow, week: Week) -> bool:
    is_here = row.starts_on is not None and row.starts_on < week.today - timedelta(days=_FIRST_CHANGED)
    is_usual = row.kind is EmploymentKind.EMPLOYEE and row.ends_on is None and row.away_from is None
    return is_here and is_usual and bool(row.is_main) and row.payroll_number not in week.spared


def _some(taken: Iterator[FeedRow], what: str, rows: Sequence[FeedRow]) -> list[FeedRow]:
    wanted = min(_MOST, max(1, len(rows) // _ONE_IN[what]))
    return [row for _, row in zip(range(wanted), taken, strict=False)]


def _another_unit(unit: UnitPath, week: Week) -> UnitPath:
    beside = [one for one in week.units if len(one) == len(unit) and one[:2] != unit[:2]]
    near = [one for one in beside if one[0] == unit[0]]
    return week.random.choice(near or beside or [unit])


def _married(name: str, week: Week) -> str:
    given, _, _ = name.rpartition(" ")
    return f"{given or name} {week.a_name().rpartition(' ')[2]}"


def _senior(title: str | None) -> str:
    words = title or "Officer"
    return words.removeprefix("Senior ") if words.startswith("Senior ") else f"Senior {words}"


def _joiner(like: FeedRow, week: Week, *, after: str, place: int) -> FeedRow:
    digits = "".join(letter for letter in after if letter.isdigit())
    number = f"{after.removesuffix(digits)}{int(digits) + 7 * place:0{len(digits)}d}"
    begins = week.today - timedelta(days=week.random.randint(1, _FIRST_CHANGED))
    return replace(like, payroll_number=number, full_name=week.a_name(), email=None, starts_on=begins)
