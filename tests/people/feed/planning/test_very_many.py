"""A plan is the same whether its rows, jobs and items stand in memory or on disk, as those of a whole region do."""

from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as some

from kernel.spooling import sequences
from kernel.spooling.lookup import by_key
from people.feed.planning.brakes import Limits, stops_of
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.picture import before_and_after
from people.feed.planning.plan import Plan
from people.feed.planning.sentences import sentences_of, stop_sentences, summary_of
from people.feed.planning.state import JobNow, RoleHere, StateNow
from people.feed.rows import CELL_END, CellProblem, FeedRow, ReadRow, ReportLine, UnusableRow
from tests.people.feed.rows import HOMES, ON, STREETS, a_job, a_row, a_state

NUMBERS = some.sampled_from([f"{number:04}" for number in range(1, 9)])
NAMES = some.sampled_from(["Siân Nguyễn", "Minh Nguyễn", "Jo Smith", "Jo Smith-Jones", "Kim Roe", "王芳"])
EMAILS = some.sampled_from([None, "a@x.org", "A@x.org", "b@x.org"])
DAYS = some.sampled_from([date(2019, 1, 1), date(2020, 4, 1), date(2026, 11, 20), date(2027, 1, 1)])
MANAGERS = some.one_of(some.none(), NUMBERS, some.sampled_from(["P1", "nobody"]))
UNITS = some.sampled_from([HOMES, STREETS, ("Care Homes",), ("Parks", "Gates"), ("Adult Social Cares",), ()])
SAID = some.fixed_dictionaries(
    {"unit": UNITS},
    optional={
        "email": EMAILS,
        "starts_on": DAYS,
        "ends_on": DAYS,
        "manager_payroll_number": MANAGERS,
        "person_number": some.sampled_from(["P1", "P2"]),
        "is_main": some.booleans(),
        "grade": some.sampled_from(["G1", "G2"]),
    },
)
ROWS = some.builds(lambda number, name, said: a_row(number, name, **said), NUMBERS, NAMES, SAID)
FAULTY = some.builds(
    lambda number, name: UnusableRow(0, (CellProblem("Start", "x", "Bad.", "Mend."),), number, name, CELL_END),
    some.one_of(some.just(""), NUMBERS),
    NAMES,
)
LINES = some.just(ReportLine(0, "Total", cells="Total"))
FILES = some.lists(some.one_of(ROWS, ROWS, ROWS, FAULTY, LINES), max_size=9)
VALUES = some.fixed_dictionaries({}, optional={"email": EMAILS, "unit": some.just(STREETS), "ends_on": DAYS})
JOBS = some.dictionaries(NUMBERS, some.tuples(NAMES, MANAGERS, VALUES), max_size=7)
Held = dict[str, tuple[str, str | None, dict[str, Any]]]


def said_of(held: Held, rows: list[ReadRow], *, everybody: bool) -> list[object]:
    """Everything that is said of a plan."""
    jobs = [
        a_job(number, name, manager_payroll_number=manager, **values)
        for number, (name, manager, values) in sorted(held.items())
    ]
    units = a_state(*jobs).units
    mapping = by_key(jobs, attrgetter("payroll_number"))
    roles = {job.person_id: RoleHere("manager", job.person_id % 2 == 0) for job in jobs[::3]}
    state = StateNow("Sefton", mapping, units, roles=roles, former_units={("parks",): STREETS})
    plan = plan_rows(state, iter(rows), covered=Covered(everybody), on=ON)
    return [*listed(plan), state.digest, *words(plan, state)]


def listed(plan: Plan) -> list[object]:
    values: list[object] = [plan.digest, *plan.missing.leaving, *plan.missing.kept, plan.missing.unread]
    plain = ("rows", "people", "jobs", "unchanged", "moved_emails", "shared_emails", "other_owners", "swapped")
    counted = ("new_units", "new_numbers", "unknown_managers", "later_first_days", "lost_units", "role_changes")
    return [*values, *plan.items, *plan.unusable, *(getattr(plan, name) for name in (*plain, *counted))]


def words(plan: Plan, state: StateNow) -> list[object]:
    found = stops_of(plan, Limits())
    return [sentences_of(plan), summary_of(plan), stop_sentences(plan, found), before_and_after(state, plan)]


@given(held=JOBS, rows=FILES, everybody=some.booleans())
def test_the_same_plan_comes_out_whether_it_is_held_in_memory_or_on_disk(
    held: Held, rows: list[ReadRow], everybody: bool
) -> None:
    numbered: list[ReadRow] = [replace(row, row_number=place) for place, row in enumerate(rows, start=2)]
    in_memory = said_of(held, numbered, everybody=everybody)
    with patch.object(sequences, "MOST_IN_MEMORY", 1):
        assert said_of(held, numbered, everybody=everybody) == in_memory


def test_a_row_of_very_many_with_one_number_names_the_first_five_others() -> None:
    rows: list[FeedRow] = [a_row("0001", row_number=number) for number in range(2, 3_002)]
    state: StateNow = a_state(*tuple[JobNow, ...]())
    first = plan_rows(state, rows, covered=Covered(), on=ON).unusable[0]
    assert "stands in rows 3, 4, 5, 6, 7 and 2994 more with the same name" in first.problems[0].problem
