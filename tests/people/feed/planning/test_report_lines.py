"""The lines that a report adds to its rows are left out and said; the number of rows that they state finds half a file.

A person is never one of them: whatever tells of somebody in such a line keeps it a row, or keeps their job.
"""

from collections.abc import Sequence
from io import BytesIO

import pytest
from openpyxl import Workbook

from people.feed.mapping.mappings import Column, Mapping
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Act, Plan
from people.feed.planning.sentences import sentences_of, stop_sentences
from people.feed.reading.opening import open_table
from tests.people.feed.rows import HOMES, ON, a_job, a_state, items_of

USES = (
    ("Payroll", ColumnUse.PAYROLL_NUMBER),
    ("Surname", ColumnUse.FAMILY_NAME),
    ("Forename", ColumnUse.GIVEN_NAME),
    ("Unit", ColumnUse.UNIT),
    ("Hours", ColumnUse.HOURS_PER_WEEK),
    ("Start", ColumnUse.STARTS_ON),
    ("Salary", ColumnUse.UNUSED),
)
MAPPING = Mapping(tuple(Column(heading, use) for heading, use in USES), unit_separator="/")
HEADINGS = tuple(heading for heading, _ in USES)
UNIT = "/".join(HOMES)
PEOPLE = (
    ("900501", "O’Brien", "Siân Mary"),
    ("900502", "Nguyễn", "Minh"),
    ("900503", "Count", "Ada"),
    ("900504", "王", "芳"),
    ("900505", "Page", "Jo"),
)
ROWS = tuple((*one, UNIT, "37", "01/04/2020", "25000") for one in PEOPLE)
STATE = a_state(*(a_job(number, f"{given} {family}", hours_per_week=None) for number, family, given in PEOPLE))


def csv(rows: Sequence[Sequence[str]]) -> BytesIO:
    return BytesIO("\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows).encode())


def workbook(rows: Sequence[Sequence[str]]) -> BytesIO:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append([int(cell) if cell.isdecimal() and len(cell) < 6 else cell or None for cell in row])
    book.save(file)
    file.seek(0)
    return file


def planned(rows: Sequence[Sequence[str]], *lines: Sequence[str], made=csv, everybody: bool = True) -> Plan:
    read = read_rows(open_table(made([HEADINGS, *rows, *lines])), MAPPING, on=ON)
    return plan_rows(STATE, read, covered=Covered(everybody=everybody), on=ON)


def said(plan: Plan) -> str:
    return next((one.plain for one in sentences_of(plan) if one.about == "report-line"), "")


def leavers(plan: Plan) -> list[str]:
    return [item.payroll_number for item in items_of(plan, Act.LEAVE)]


@pytest.mark.parametrize("made", [csv, workbook])
@pytest.mark.parametrize(
    "lines",
    [
        [["Total"]],
        [["Total", "5"]],
        [["Grand total", "", "", "", "185", "", "125000"]],
        [["", "", "", "", "185.00", "", "125,000.00"]],
        [["", "", "", "", "185", "", ""]],
        [["", "", "", "", "", "", "125000"]],
        [["5 rows"]],
        [["(5 rows affected)"]],
        [["5 rows selected."]],
        [["Records: 5"]],
        [["Total number of employees", "5"]],
        [["Total Records in Report: 5"]],
        [["Number of rows exported: 5"]],
        [["Record count", "", "", "5"]],
        [["", "5"]],
        [["", "", "", "", "", "", "5"]],
        [["*** End of report ***"]],
        [["-------", "-------"], ["Total", "5"], ["End of Report"]],
        [["Total", "", "", "", "185"], ["Count", "5"], ["Report run by", "Jo Smith"], ["Page 1 of 1"]],
        [["Report generated on 29/11/2026 07:00", "Page 1 of 1"]],
        [["TRAILER", "5"]],
        [["T", "5"]],
        [["OFFICIAL – SENSITIVE"]],
        [["EOF"]],
        [["Run date", "29/11/2026"], ["Total for Wirral Council", "5"]],
    ],
)
def test_footers_are_left_out_and_end_what_the_file_does_not_name(lines: list[list[str]], made) -> None:
    plan = planned(ROWS[:4], *lines, made=made) if "5" not in str(lines) else planned(ROWS, *lines, made=made)
    assert (plan.unusable, plan.missing.is_unsure, plan.is_short) == ((), False, False)
    assert len(plan.report_lines) == len(lines)
    assert leavers(plan) == ([] if plan.rows == 5 else ["900505"])
    assert "left out" in said(plan)
    assert stop_sentences(plan, []) == ()


def test_a_total_between_rows_and_headings_once_more_are_left_out_too() -> None:
    plan = planned(ROWS[:2], ["Sub-total", "2"], HEADINGS, *ROWS[2:], ["Page 2 of 2"])
    assert (plan.rows, plan.unusable, leavers(plan), len(plan.report_lines)) == (5, (), [], 3)
    assert not plan.is_short


@pytest.mark.parametrize("made", [csv, workbook])
@pytest.mark.parametrize(
    "line", [["5 rows"], ["Total", "5"], ["Total employees", "5"], ["", "5"], ["Rows exported: 5"], ["T", "5"]]
)
def test_half_a_file_is_found_by_the_number_at_its_end(line: list[str], made) -> None:
    plan = planned(ROWS[:2], line, made=made)
    assert (plan.rows, plan.is_short, plan.missing.is_unsure) == (2, True, True)
    (first, *_) = stop_sentences(plan, [])
    assert "more than the number of rows that were read: 2. It looks as if a part of the file is missing." in first
    assert said(plan).endswith("2 rows were read, which does not fit.")


def test_a_file_that_does_not_hold_everybody_waits_too_when_a_part_of_it_is_missing() -> None:
    plan = planned(ROWS[:2], ["5 rows"], everybody=False)
    assert (plan.is_short, plan.missing.is_unsure) == (True, False)
    assert stop_sentences(plan, [])


def test_thousands_are_read_as_they_are_written() -> None:
    many = [(f"{number}", "Roe", "Kim", UNIT, "", "", "") for number in range(800_000, 801_200)]
    for line in (["1,200 rows"], ["Total rows: 1,200"], ["1,200"], ["Total: 1200"], ["Rows: 1 200"]):
        assert planned(many, line).report_lines[0].stated == 1_200
    unquoted = BytesIO(
        "\n".join([",".join(HEADINGS), *(",".join(row) for row in many), "Total rows: 1,234", ""]).encode()
    )
    (line,) = plan_rows(
        STATE, read_rows(open_table(unquoted), MAPPING, on=ON), covered=Covered(everybody=True), on=ON
    ).report_lines
    assert (line.stated, line.read) == (1_234, 1_200)


def test_people_may_be_fewer_than_their_jobs() -> None:
    plan = planned(ROWS, ["Total employees", "4"])
    assert (plan.is_short, plan.report_lines[0].stated) == (False, None)


@pytest.mark.parametrize(
    "line",
    [
        ["900505"],
        ["900505", "Page"],
        ["", "Page", "Jo", UNIT],
        ["Total", "Page", "Jo"],
        ["", "Total", "Jo", UNIT],
        ["", "", "", UNIT, "37"],
        ["", "", "", "", "37", "01/04/2020"],
        ["", "", "", "", "37", "", "25000"],
        ["Page", "Jo", "900505"],
        ["End", "Jo"],
        ["Head", "Jo"],
        ["", "900505"],
        ["900505 Total", "Jo"],
    ],
)
def test_whatever_may_be_a_person_is_none_of_them(line: list[str]) -> None:
    plan = planned(ROWS[:4], line)
    assert leavers(plan) == [] or plan.missing.is_unsure
    assert len(plan.unusable) == 1 or plan.is_short


@pytest.mark.parametrize("name", [("Total", "Ann"), ("Count", ""), ("Page", ""), ("End", ""), ("Total", "")])
def test_people_with_such_names_are_people(name: tuple[str, str]) -> None:
    plan = planned(ROWS, ("900506", *name, UNIT, "37", "01/04/2020", "25000"))
    assert (len(items_of(plan, Act.JOIN)), plan.report_lines) == (1, ())


def test_a_line_that_names_somebody_keeps_their_job() -> None:
    plan = planned(ROWS[:4], ["Report run by", "Jo Page"])
    assert (leavers(plan), [job.payroll_number for job in plan.missing.kept]) == ([], ["900505"])


def test_nothing_but_a_total_is_no_row() -> None:
    assert planned([], ["Total", "0"], ["End of report"]).rows == 0
