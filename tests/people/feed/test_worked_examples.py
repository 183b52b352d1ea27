"""The worked examples of docs/hr-feed.md are read as they say."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.rows import FeedRow
from people.jobs.absences import AbsenceKind
from people.jobs.terms import EmploymentKind
from tests.architecture.source import ROOT

EXAMPLES = re.findall(r"^```csv\n(.*?)^```$", (ROOT / "docs/hr-feed.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


def rows_of(example: str) -> list[FeedRow]:
    """What an example says by what its headings suggest; every row can be used."""
    table = open_table(BytesIO(example.encode()))
    suggestion = suggest_mapping(table)
    assert suggestion.missing == ()
    found = list(read_rows(table, suggestion.mapping, on=date(2026, 11, 27)))
    assert all(isinstance(row, FeedRow) for row in found), found
    return [row for row in found if isinstance(row, FeedRow)]


def test_names_in_two_columns_and_units_in_three() -> None:
    carer, leader = rows_of(EXAMPLES[0])
    assert (carer.payroll_number, carer.full_name, carer.called) == ("000501", "Siân Mary O’Brien", "Siân")
    assert (carer.unit, leader.unit) == (("Adults", "Home Care", "Night shift"), ("Adults", "Home Care"))
    assert (carer.hours_per_week, carer.starts_on) == (Decimal("36.50"), date(2019, 3, 31))
    assert carer.manager_payroll_number == leader.payroll_number


def test_two_jobs_of_one_person_and_a_share_of_full_time() -> None:
    librarian, guide = rows_of(EXAMPLES[1])
    assert librarian.person_number == guide.person_number == "771"
    assert (librarian.payroll_number, guide.payroll_number) == ("771-1", "771-2")
    assert (librarian.hours_per_week, guide.kind) == (Decimal("22.20"), EmploymentKind.CASUAL)
    assert (librarian.is_main, guide.is_main) == (True, False)


def test_a_unit_path_days_without_marks_and_leave() -> None:
    driver, engineer = rows_of(EXAMPLES[2])
    assert driver.unit == ("Place", "Roads", "Gritting")
    assert (driver.starts_on, driver.ends_on) == (date(2014, 9, 1), None)
    assert (driver.away_from, driver.away_kind) == (date(2026, 9, 1), AbsenceKind.LONG_LEAVE)
    assert (engineer.kind, engineer.ends_on, engineer.away_from) == (EmploymentKind.AGENCY, date(2026, 12, 31), None)
