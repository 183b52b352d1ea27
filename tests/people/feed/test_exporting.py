"""The record goes out as a file, and comes in again with exactly what somebody edited."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from people.feed.planning.exporting import rows_of_record
from people.feed.planning.state import Absence, JobNow
from people.jobs.terms import EmploymentKind
from tests.people.feed.rows import HOMES, ON, STREETS, a_job, a_plan, a_state

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))


@st.composite
def jobs(draw: st.DrawFn, number: int) -> JobNow:
    """A job with any days, values and leave."""
    starts, until = draw(DAYS), draw(st.none() | st.integers(0, 2000))
    leave = draw(st.none() | st.tuples(st.integers(0, 500), st.none() | st.integers(0, 300)))
    begins = None if leave is None else starts.fromordinal(starts.toordinal() + leave[0])
    absences = ()
    if leave is not None and begins is not None and until is None:
        ends = None if leave[1] is None else begins.fromordinal(begins.toordinal() + leave[1])
        absences = (Absence(begins, ends, draw(st.sampled_from(("long-leave", "secondment")))),)
    return a_job(
        f"{number:04}",
        f"Person Nº{number}",
        key=number,
        unit=draw(st.sampled_from((HOMES, STREETS))),
        starts_on=starts,
        ends_on=None if until is None else starts.fromordinal(starts.toordinal() + until),
        job_title=draw(st.sampled_from(("", "Carer", "=1+1"))),
        kind=draw(st.sampled_from(EmploymentKind)),
        hours_per_week=draw(st.none() | st.decimals(0, 60, places=2)),
        email=draw(st.none() | st.just(f"p{number}@example.org")),
        manager_payroll_number=draw(st.none() | st.just("0001")) if number != 1 else None,
        is_main=draw(st.booleans()),
        absences=absences,
    )


RECORDS = st.tuples(*(jobs(number) for number in range(1, 5))).map(lambda found: a_state(*found))


@given(record=RECORDS)
def test_the_record_sent_back_as_it_is_changes_nothing(record: object) -> None:
    plan = a_plan(record, *rows_of_record(record, ON), everybody=True)  # type: ignore[arg-type]
    assert (plan.items, plan.unusable, plan.new_units) == ((), (), ())


@given(record=RECORDS, place=st.integers(0, 3))
def test_one_edited_cell_changes_one_value_of_one_job(record: object, place: int) -> None:
    rows = list(rows_of_record(record, ON))  # type: ignore[arg-type]
    if place >= len(rows):
        return
    rows[place] = replace(rows[place], job_title="Edited by hand", hours_per_week=Decimal("11.25"))
    (item,) = a_plan(record, *rows, everybody=True).items  # type: ignore[arg-type]
    assert item.payroll_number == rows[place].payroll_number
    assert set(item.shown) <= {"job-title", "hours-per-week"}
    assert item.shown["job-title"][1] == "Edited by hand"
