"""Short ways to make rows of an HR file, and the record that they meet."""

from dataclasses import replace
from datetime import date
from typing import Any

from people.feed.planning.brakes import Limits, Stop, stops_of
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Act, Plan, PlanItem
from people.feed.planning.state import JobNow, StateNow
from people.feed.rows import FeedField, FeedRow, UnusableRow

ON = date(2026, 11, 27)
BEGAN = date(2020, 4, 1)
CARE, HOMES = ("Adult Social Care",), ("Adult Social Care", "Care Homes")
STREETS = ("Operational Services", "Street Cleansing")
# Every field of a row by its attribute, but those that are always said.
_FIELDS = {field.value.replace("-", "_"): field for field in FeedField} | {"manager_payroll_number": FeedField.MANAGER}


def a_row(number: str = "0001", name: str = "Siân Nguyễn", *, row_number: int = 2, **said: Any) -> FeedRow:
    """A row that speaks about its number, its name, and what is given."""
    fields = {FeedField.PAYROLL_NUMBER, FeedField.FULL_NAME, *(_FIELDS[key] for key in said)}
    return FeedRow(row_number, number, name, frozenset(fields), **said)


def rows_of(*rows: FeedRow | UnusableRow) -> list[FeedRow | UnusableRow]:
    """The same rows, numbered as in a file."""
    return [replace(row, row_number=place) for place, row in enumerate(rows, start=2)]


def a_job(number: str = "0001", name: str = "Siân Nguyễn", **values: Any) -> JobNow:
    """A job that has been held since 2020. The id of its person is that of the job."""
    key = values.pop("key", int("".join(one for one in number if one.isdigit()) or 1))
    return JobNow(key, key, number, name, **{"unit": HOMES, "starts_on": BEGAN, **values})


def a_state(*jobs: JobNow) -> StateNow:
    """An authority with these jobs and the units that they are in, and two more."""
    units = {
        unit[:depth] for unit in (HOMES, STREETS, *(job.unit for job in jobs)) for depth in range(1, len(unit) + 1)
    }
    return StateNow("Sefton", {job.payroll_number: job for job in jobs}, tuple(sorted(units)))


def many(count: int, **values: Any) -> list[JobNow]:
    """So many jobs of people with a name each."""
    return [a_job(f"{place:04}", f"Person Nº{place}", key=place, **values) for place in range(1, count + 1)]


def a_plan(
    state: StateNow, *rows: FeedRow | UnusableRow, everybody: bool = False, takes_good_rows: bool = True
) -> Plan:
    """The plan of rows that are numbered here."""
    return plan_rows(state, rows_of(*rows), covered=Covered(everybody), on=ON, takes_good_rows=takes_good_rows)


def stops(plan: Plan, **limits: int) -> tuple[Stop, ...]:
    """The brakes that it runs into, by the limits that an authority begins with."""
    return stops_of(plan, Limits(**limits))


def items_of(plan: Plan, act: Act) -> list[PlanItem]:
    """What a plan does of one kind, in the order of doing."""
    return [item for item in plan.items if item.act is act]
