"""The plan of a file: each row beside the job of its number, and what the file does to those whom it does not name."""

from array import array
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from typing import cast

from kernel.spooling.lookup import SeenKeys
from kernel.spooling.sequences import Again, Growing, in_order, kept, room_beside
from people.feed.planning.checks import problems_in
from people.feed.planning.differences import changed, joined, left, returned, withdrawn
from people.feed.planning.managing import Managing
from people.feed.planning.missing import Missing, whom_rows_may_mean
from people.feed.planning.noticed import later_first_days, lost_units, moved_emails, new_numbers, shared_emails
from people.feed.planning.places import (
    knowing_managers,
    meaning,
    named_as_before,
    named_as_to_come,
    named_too_early,
)
from people.feed.planning.plan import NEW_NAME, Act, Plan, PlanItem
from people.feed.planning.roles import role_changes
from people.feed.planning.state import JobNow, StateNow, UnitPath, unit_key
from people.feed.planning.values import are_names_alike, may_be_one_person
from people.feed.rows import CellProblem, FeedRow, ReadRow, ReportLine, UnusableRow
from people.jobs.terms import EmploymentKind

_ORDER = {Act.JOIN: 0, Act.RETURN: 1, Act.CHANGE: 2, Act.LEAVE: 3}


@dataclass(frozen=True)
class Covered:
    """Whom a file holds. ``everybody``: a job within these units and of these kinds that no row names has ended.

    No units are all of the authority, and no kinds are all of them.
    """

    everybody: bool = False
    units: tuple[UnitPath, ...] = ()
    kinds: frozenset[EmploymentKind] = field(default_factory=frozenset)

    def has(self, job: JobNow) -> bool:
        """Whether the file would name this job, if it were still held."""
        if not self.everybody or (self.kinds and job.kind not in self.kinds):
            return False
        here = unit_key(job.unit)
        return not self.units or any(here[: len(one)] == unit_key(one) for one in self.units)


def plan_rows(
    state: StateNow,
    rows: Iterable[ReadRow],
    *,
    covered: Covered,
    on: date,
    takes_good_rows: bool = True,
) -> Plan:
    """What the rows of a file would do on a day. Without ``takes_good_rows`` one unusable row keeps out all others.

    However many there are, they are kept out of memory, and gone through again for each thing that is to be known.
    """
    given, lines = _apart(rows)
    meant = meaning(given, state)
    read = kept(map(meant, given), most=room_beside(given)) if meant else given
    good: Collection[FeedRow] = Again(lambda: (row for row in read if isinstance(row, FeedRow)))
    unusable, usable = _sorted_out(read, problems_in(good, state, on))
    room = room_beside(read)
    plan = Plan(
        state.authority,
        on,
        covered.everybody,
        rows=len(read),
        people=len({job.person_id for job in state.held(on)}),
        jobs=sum(1 for _ in state.held(on)),
        unusable=unusable,
        report_lines=lines,
        short_years=sum(row.has_short_year for row in good),
        bad_mobiles=sum(row.has_bad_mobile for row in good),
        other_owners=_other_owners(unusable, state),
        former_names=tuple((unit, *found) for unit, found in named_as_before(given, state).items()),
        coming_names=tuple((unit, *found) for unit, found in named_as_to_come(given, state).items()),
        early_units=tuple((unit, *found) for unit, found in named_too_early(given, state).items()),
    )
    if unusable and not takes_good_rows:
        return replace(plan, unchanged=len(usable))
    named = SeenKeys(row.payroll_number for row in read)
    return _with_items(plan, state, usable, named=named, covered=covered, room=room)


def _apart(rows: Iterable[ReadRow]) -> tuple[Sequence[FeedRow | UnusableRow], tuple[ReportLine, ...]]:
    """The rows of people, and the lines of the report."""
    whole = rows if isinstance(rows, Sequence) else kept(rows)
    lines = tuple(one for one in whole if isinstance(one, ReportLine))
    if not lines:
        return cast(Sequence[FeedRow | UnusableRow], whole), ()
    return kept(one for one in whole if not isinstance(one, ReportLine)), lines


def _sorted_out(
    read: Iterable[FeedRow | UnusableRow], problems_of: Callable[[FeedRow], tuple[CellProblem, ...]]
) -> tuple[Sequence[UnusableRow], Collection[FeedRow]]:
    """The rows that cannot be used, and those that can."""
    unusable: Growing[UnusableRow] = Growing()
    is_usable = bytearray()
    for row in read:
        problems = () if isinstance(row, UnusableRow) else problems_of(row)
        if isinstance(row, UnusableRow):
            unusable.append(row)
        elif problems:
            unusable.append(UnusableRow(row.row_number, problems, row.payroll_number, row.full_name, row.email or ""))
        is_usable.append(not problems and isinstance(row, FeedRow))
    usable = Again(lambda: cast(Iterator[FeedRow], compress(read, is_usable)), count=sum(is_usable))
    return unusable.kept(), usable


def _other_owners(unusable: Iterable[UnusableRow], state: StateNow) -> int:
    return sum(
        any("is that of" in problem.problem for problem in row.problems)
        for row in unusable
        if row.payroll_number in state.jobs
    )


def _with_items(
    plan: Plan, state: StateNow, usable: Collection[FeedRow], *, named: Container[str], covered: Covered, room: int
) -> Plan:
    known = knowing_managers(usable, state)
    rows: Collection[FeedRow] = kept(map(known, usable)) if room else Again(lambda: map(known, usable))
    same = _same_people(rows, state)
    missing = whom_rows_may_mean(
        _not_named(plan, state, named, covered), plan.unusable, state.jobs.keys(), lines=plan.report_lines
    )
    items = _items(rows, missing, state, plan.on, same, room=room)
    leaving = kept(job for job in missing.leaving if job.is_held(plan.on))
    return replace(
        plan,
        items=items,
        unchanged=len(usable) - sum(item.row_number is not None for item in items),
        other_owners=plan.other_owners + sum(_is_other_name(item) for item in items),
        new_units=_new_units(rows, state),
        moved_emails=moved_emails(rows, state),
        shared_emails=shared_emails(rows, state, same),
        swapped=sum("swapped" in one.problem for row in plan.unusable for one in row.problems),
        new_numbers=new_numbers(rows, state, leaving),
        unknown_managers=sum(known(row) is not row for row in usable),
        later_first_days=later_first_days(rows, state, plan.on),
        lost_units=lost_units(state, plan.on, leaving, rows),
        role_changes=role_changes(items, state, plan.on),
        missing=missing,
    )


def _items(
    rows: Iterable[FeedRow], missing: Missing, state: StateNow, on: date, same: Mapping[str, str], *, room: int
) -> Sequence[PlanItem]:
    """What is done, in the order of doing: managers join before those whom they manage."""
    height_of = Managing(lambda: ((row.payroll_number, row.manager_payroll_number) for row in rows)).heights()
    keys = array("q")

    def items() -> Iterator[PlanItem]:
        for row in rows:
            item = _item(row, state, on, same)
            if item is not None:
                height = height_of(item.payroll_number) if item.act is Act.JOIN else 0
                keys.append(_key(item.act, height, row.row_number))
                yield item
        for job in in_order(missing.leaving, [job.payroll_number for job in missing.leaving]):
            keys.append(_key(Act.LEAVE, 0, 0))
            yield left(job) if job.is_held(on) else withdrawn(job)

    found = kept(items(), most=room)
    return in_order(found, keys)


def _key(act: Act, height: int, row_number: int) -> int:
    """By what items are put in order, as one number of 64 bits."""
    return _ORDER[act] << 60 | height << 30 | row_number


def _not_named(plan: Plan, state: StateNow, named: Container[str], covered: Covered) -> Sequence[JobNow]:
    """The jobs that are held, or to come as a file of everybody has said, and that no row names of those it holds."""
    jobs = (job for number, job in state.jobs.items() if number not in named and covered.has(job))
    return kept(job for job in jobs if job.is_held(plan.on) or (job.is_announced and job.is_to_come(plan.on)))


def _item(row: FeedRow, state: StateNow, on: date, same: Mapping[str, str]) -> PlanItem | None:
    job = state.jobs.get(row.payroll_number)
    if job is None or job.starts_on is None:
        return joined(row, on, same_person_as=same.get(row.payroll_number), job=job)
    if job.is_to_come(on) and row.ends_on is not None and row.ends_on < on:
        return None  # The row speaks of the time before they come back.
    if job.is_held(on) or job.is_to_come(on):
        return changed(row, job, on)
    # It has ended. A row that says the same last day, or another one of the past, speaks of what was.
    if row.ends_on is not None and row.ends_on < on and (row.starts_on is None or row.starts_on <= (job.ends_on or on)):
        return changed(row, job, on)
    return returned(row, job, on)


def _is_other_name(item: PlanItem) -> bool:
    """Whether somebody gets a name that has nothing of the one before. Of many at once, a column has slipped."""
    return item.is_rename and not are_names_alike(*item.shown[NEW_NAME])


def _same_people(rows: Iterable[FeedRow], state: StateNow) -> dict[str, str]:
    """For a new job: the payroll number of another job of its person, where the file numbers people too."""
    first: dict[str, FeedRow] = {}
    twice = SeenKeys((row.person_number for row in rows if row.person_number), times=2)
    listed = [row for row in rows if row.person_number and row.person_number in twice] if twice else []
    for row in sorted(listed, key=lambda one: (one.payroll_number not in state.jobs, one.row_number)):
        first.setdefault(row.person_number or "", row)
    found = {}
    for row in listed:
        other = first[row.person_number or ""]
        is_new = other is not row and row.payroll_number not in state.jobs
        if is_new and may_be_one_person(row, other):
            found[row.payroll_number] = other.payroll_number
    return found


def _new_units(rows: Iterable[FeedRow], state: StateNow) -> tuple[UnitPath, ...]:
    """Units that are not there yet, each after the one above it, as the first row writes them."""
    new: dict[UnitPath, UnitPath] = {}
    for unit in dict.fromkeys(row.unit for row in rows):
        for depth in range(1, len(unit) + 1):
            key = unit_key(unit[:depth])
            if key not in state.unit_by_key and key not in new:
                above = state.unit_by_key.get(key[:-1]) or new.get(key[:-1]) or ()
                new[key] = (*above, unit[depth - 1])
    return tuple(new.values())
