"""The plan of a file: each row beside the job of its number, and what the file does to those whom it does not name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from people.feed.planning.checks import problems_of
from people.feed.planning.differences import changed, joined, left, returned, withdrawn
from people.feed.planning.missing import whom_rows_may_mean
from people.feed.planning.noticed import later_first_days, lost_units, moved_emails, new_numbers, shared_emails
from people.feed.planning.places import (
    in_full,
    named_as_before,
    named_as_to_come,
    named_too_early,
    with_jobs_of_managers,
    with_known_managers,
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
    """What the rows of a file would do on a day. Without ``takes_good_rows`` one unusable row keeps out all others."""
    whole = list(rows)
    lines = tuple(one for one in whole if isinstance(one, ReportLine))
    given = (
        [one for one in whole if not isinstance(one, ReportLine)] if lines else cast(list[FeedRow | UnusableRow], whole)
    )
    read = with_jobs_of_managers(in_full(given, state), state)
    good = [row for row in read if isinstance(row, FeedRow)]
    found = problems_of(good, state, on)
    unusable = _unusable(read, found)
    usable = [row for row in good if row.row_number not in found]
    held = state.held(on)
    plan = Plan(
        state.authority,
        on,
        covered.everybody,
        rows=len(read),
        people=len({job.person_id for job in held}),
        jobs=len(held),
        unusable=unusable,
        report_lines=lines,
        short_years=sum(row.has_short_year for row in good),
        other_owners=_other_owners(unusable, state),
        former_names=tuple((unit, *found) for unit, found in named_as_before(given, state).items()),
        coming_names=tuple((unit, *found) for unit, found in named_as_to_come(given, state).items()),
        early_units=tuple((unit, *found) for unit, found in named_too_early(given, state).items()),
    )
    if unusable and not takes_good_rows:
        return replace(plan, unchanged=len(usable))
    named = {row.payroll_number for row in read}
    return _with_items(plan, state, usable, named=named, covered=covered)


def _unusable(
    read: Sequence[FeedRow | UnusableRow], found: Mapping[int, Sequence[CellProblem]]
) -> tuple[UnusableRow, ...]:
    return tuple(
        row
        if isinstance(row, UnusableRow)
        else UnusableRow(
            row.row_number, tuple(found[row.row_number]), row.payroll_number, row.full_name, row.email or ""
        )
        for row in read
        if isinstance(row, UnusableRow) or row.row_number in found
    )


def _other_owners(unusable: Iterable[UnusableRow], state: StateNow) -> int:
    return sum(
        any("is that of" in problem.problem for problem in row.problems)
        for row in unusable
        if row.payroll_number in state.jobs
    )


def _with_items(
    plan: Plan, state: StateNow, usable: Sequence[FeedRow], *, named: Collection[str], covered: Covered
) -> Plan:
    rows, unknown = with_known_managers(usable, state)
    same = _same_people(rows, state)
    items, unchanged = [], 0
    for row in rows:
        item = _item(row, state, plan.on, same)
        if item is None:
            unchanged += 1
        else:
            items.append(item)
    missing = whom_rows_may_mean(
        _not_named(plan, state, named, covered), plan.unusable, state.jobs.keys(), lines=plan.report_lines
    )
    leaving = [job for job in missing.leaving if job.is_held(plan.on)]
    items += [left(job) if job.is_held(plan.on) else withdrawn(job) for job in missing.leaving]
    heights = _heights(rows)
    items.sort(
        key=lambda one: (
            _ORDER[one.act],
            heights.get(one.payroll_number, 0) if one.act is Act.JOIN else 0,
            one.row_number or 0,
            one.payroll_number,
        )
    )
    return replace(
        plan,
        items=tuple(items),
        unchanged=unchanged,
        other_owners=plan.other_owners + sum(_is_other_name(item) for item in items),
        new_units=_new_units(rows, state),
        moved_emails=moved_emails(rows, state),
        shared_emails=shared_emails(rows, state, same),
        swapped=sum("swapped" in one.problem for row in plan.unusable for one in row.problems),
        new_numbers=new_numbers(rows, state, leaving),
        unknown_managers=unknown,
        later_first_days=later_first_days(rows, state, plan.on),
        lost_units=lost_units(state, plan.on, leaving, rows),
        role_changes=role_changes(items, state, plan.on),
        missing=missing,
    )


def _not_named(plan: Plan, state: StateNow, named: Collection[str], covered: Covered) -> list[JobNow]:
    """The jobs that are held, or to come as a file of everybody has said, and that no row names of those it holds."""
    jobs = (job for number, job in state.jobs.items() if number not in named and covered.has(job))
    return [job for job in jobs if job.is_held(plan.on) or (job.is_announced and job.is_to_come(plan.on))]


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


def _heights(rows: Iterable[FeedRow]) -> dict[str, int]:
    """How many of these rows stand above each: a manager comes before those whom they manage. There is no ring."""
    above = {row.payroll_number: row.manager_payroll_number for row in rows}
    heights: dict[str, int] = {}
    for start in above:
        way: list[str] = []
        at: str | None = start
        while at is not None and at in above and at not in heights:
            way.append(at)
            at = above[at]
        height = -1 if at is None or at not in heights else heights[at]
        for number in reversed(way):
            height += 1
            heights[number] = height
    return heights


def _same_people(rows: Iterable[FeedRow], state: StateNow) -> dict[str, str]:
    """For a new job: the payroll number of another job of its person, where the file numbers people too."""
    first: dict[str, FeedRow] = {}
    listed = [row for row in rows if row.person_number]
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
