"""Managers as rows name them: by the payroll number of a job of theirs, or by their own number as a person."""

from collections.abc import Sequence
from dataclasses import replace

from people.feed.planning.state import StateNow
from people.feed.rows import FeedField, FeedRow, UnusableRow


def with_jobs_of_managers(read: Sequence[FeedRow | UnusableRow], state: StateNow) -> list[FeedRow | UnusableRow]:
    """The same rows, with the payroll number of a manager whom a row names by their number as a person.

    Of several jobs of theirs the main one is meant, else the first in the file. A payroll number goes before.
    """
    rows = [row for row in read if isinstance(row, FeedRow)]
    numbered = [row for row in rows if row.person_number]
    if not numbered:
        return list(read)
    known = state.jobs.keys() | {row.payroll_number for row in rows}
    job_of: dict[str, str] = {}
    for row in sorted(numbered, key=lambda one: not one.is_main):
        job_of.setdefault(row.person_number or "", row.payroll_number)

    def named(row: FeedRow | UnusableRow) -> FeedRow | UnusableRow:
        manager = None if isinstance(row, UnusableRow) else row.manager_payroll_number
        if isinstance(row, UnusableRow) or manager is None or manager in known or manager not in job_of:
            return row
        return replace(row, manager_payroll_number=job_of[manager])

    return list(map(named, read))


def with_known_managers(rows: Sequence[FeedRow], state: StateNow) -> tuple[list[FeedRow], int]:
    """The rows, those with a manager whom nobody here is without a word about one; and how many these are."""
    numbers = {row.payroll_number for row in rows} | set(state.jobs)
    kept, unknown = [], 0
    for row in rows:
        if row.manager_payroll_number is not None and row.manager_payroll_number not in numbers:
            unknown += 1
            kept.append(replace(row, manager_payroll_number=None, said=row.said - {FeedField.MANAGER}))
        else:
            kept.append(row)
    return kept, unknown
