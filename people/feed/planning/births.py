"""Dates of birth on which nobody who works here on the day of the plan was born."""

from collections.abc import Iterator, Sequence
from datetime import date

from people.feed.planning.state import StateNow
from people.feed.planning.values import day
from people.feed.rows import CellProblem, FeedRow
from people.persons import why_not_born


def impossible_births(
    rows: Sequence[FeedRow],
    state: StateNow,  # noqa: ARG001 - as every check
    on: date,
) -> Iterator[tuple[FeedRow, CellProblem]]:
    """Rows whose date of birth lies in the future, or too short a time ago for somebody who works."""
    for row in rows:
        problem = why_not_born(row.born_on, on) if row.born_on else None
        if row.born_on and problem:
            yield (
                row,
                CellProblem(None, day(row.born_on), f"{problem}.", "Put it right, with all four figures of the year."),
            )
