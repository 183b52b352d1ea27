"""The headings of the usual HR systems are understood, and what was taken is said."""

from io import BytesIO

import pytest

from people.feed.mapping.days import DateOrder
from people.feed.mapping.mappings import Column
from people.feed.mapping.suggesting import suggest_mapping, undecided_words
from people.feed.mapping.uses import ColumnUse
from people.feed.reading.opening import open_table
from people.feed.rows import FeedField
from tests.people.feed.mapping.made import mapping_with, table_of

SYSTEMS = {
    "iTrent": (
        "Personal Reference;Payroll Number;Surname;Forename;Known As;Directorate;Service;Team;Position Title;Grade;"
        "Contracted Hours;Contract Type;Location;Position Start Date;Position End Date;Reports To;Work Email",
        {
            "Personal Reference": "person-number",
            "Payroll Number": "payroll-number",
            "Surname": "family-name",
            "Forename": "given-name",
            "Known As": "called",
            "Directorate": "directorate",
            "Service": "service",
            "Team": "team",
            "Position Title": "job-title",
            "Grade": "grade",
            "Contracted Hours": "hours-per-week",
            "Contract Type": "contract",
            "Location": "site",
            "Position Start Date": "unused",
            "Position End Date": "ends-on",
            "Reports To": "manager",
            "Work Email": "email",
        },
    ),
    "Oracle": (
        "PERSON_NUMBER;ASSIGNMENT_NUMBER;DISPLAY_NAME;EMAIL_ADDRESS;ORGANIZATION_NAME;JOB_NAME;GRADE_NAME;"
        "ASSIGNMENT_CATEGORY;FTE;PRIMARY_FLAG;LOCATION_NAME;EFFECTIVE_START_DATE;ACTUAL_TERMINATION_DATE;DEPARTMENT_NAME",
        {
            "PERSON_NUMBER": "person-number",
            "ASSIGNMENT_NUMBER": "payroll-number",
            "DISPLAY_NAME": "full-name",
            "EMAIL_ADDRESS": "email",
            "JOB_NAME": "job-title",
            "GRADE_NAME": "grade",
            "ASSIGNMENT_CATEGORY": "kind",
            "FTE": "full-time-share",
            "PRIMARY_FLAG": "is-main",
            "LOCATION_NAME": "site",
            "EFFECTIVE_START_DATE": "effective-on",
            "ACTUAL_TERMINATION_DATE": "ends-on",
            "DEPARTMENT_NAME": "unit",
        },
    ),
    "SAP": (
        "PERNR;VORNA;NACHN;Organizational Unit;Position;Employee Group;Pay Scale;BEGDA;ENDDA;Weekly working hours",
        {
            "PERNR": "payroll-number",
            "VORNA": "given-name",
            "NACHN": "family-name",
            "Organizational Unit": "unit",
            "Position": "job-title",
            "Employee Group": "kind",
            "Pay Scale": "grade",
            "BEGDA": "starts-on",
            "ENDDA": "ends-on",
            "Weekly working hours": "hours-per-week",
        },
    ),
    "ESR": (
        "Employee Number;Assignment Number;Full Name;Position Title;Pay Grade;Assignment Category;FTE;Cost Centre;"
        "Latest Start Date;Supervisor Employee Number;Org Unit",
        {
            "Employee Number": "person-number",
            "Assignment Number": "payroll-number",
            "Full Name": "full-name",
            "Position Title": "job-title",
            "Pay Grade": "grade",
            "Assignment Category": "kind",
            "FTE": "full-time-share",
            "Cost Centre": "unused",
            "Org Unit": "unit",
            "Latest Start Date": "unused",
            "Supervisor Employee Number": "manager",
        },
    ),
    "by hand": (
        "Emp. No.;Employee Name;E-mail;Dept;Job;Hrs/week;Line Manager's Payroll No;Date Started;Last Day",
        {
            "Emp. No.": "payroll-number",
            "Employee Name": "full-name",
            "E-mail": "email",
            "Dept": "unit",
            "Job": "job-title",
            "Line Manager's Payroll No": "manager",
            "Date Started": "starts-on",
            "Last Day": "ends-on",
        },
    ),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_headings_of_a_usual_system_are_understood(system: str) -> None:
    headings, uses = SYSTEMS[system]
    data = f"{headings}\n{';'.join('1' for _ in headings.split(';'))}\n".encode()
    found = {one.heading: one.use.value for one in suggest_mapping(open_table(BytesIO(data))).mapping.columns}
    assert {heading: found[heading] for heading in uses} == uses


def test_the_order_of_days_is_taken_from_a_day_that_tells_it() -> None:
    def order(*days: str) -> tuple[DateOrder, str]:
        found = suggest_mapping(table_of(*({"Start Date": day} for day in days)))
        return found.mapping.dates, " ".join(found.sentences)

    assert order("01/04/2019", "31/03/2020")[0] is DateOrder.DAY_FIRST
    assert order("04/01/2019", "03/31/2020")[0] is DateOrder.MONTH_FIRST
    assert order("2019-04-01")[0] is DateOrder.YEAR_FIRST
    assert order("43556", "43921")[0] is DateOrder.EXCEL_NUMBER
    taken, said = order("01/04/2019", "02/03/2020")
    assert taken is DateOrder.DAY_FIRST
    assert "No day in the first rows tells it for certain" in said


def test_commas_and_separators_are_taken_from_what_stands_there() -> None:
    rows = [{"Hours": "36,5", "Name": "O’Brien, Siân", "Unit": "Place > Roads"}] * 3
    mapping = suggest_mapping(table_of(*rows)).mapping
    assert (mapping.has_decimal_comma, mapping.is_family_name_first, mapping.unit_separator) == (True, True, " > ")


def test_a_column_of_one_level_alone_says_all_of_the_unit() -> None:
    rows = [{"Department": "Place > Roads"}] * 3
    table = table_of(*rows, headings=["Emp No", "Name", "Department"])
    mapping = suggest_mapping(table).mapping
    assert [one.use for one in mapping.columns][2] is ColumnUse.UNIT
    assert mapping.unit_separator == " > "


def test_a_contract_that_alone_says_who_is_no_employee_is_read_as_the_kind_of_worker() -> None:
    def use(*contracts: str) -> ColumnUse:
        table = table_of(*({"Contract Type": one} for one in contracts))
        return next(one.use for one in suggest_mapping(table).mapping.columns if one.heading == "Contract Type")

    assert use("Permanent", "Agency", "Councillor") is ColumnUse.KIND
    assert use("Permanent", "Permanent") is ColumnUse.CONTRACT
    assert use("Permanent", "Agency", "Something else") is ColumnUse.CONTRACT


def test_what_no_heading_promises_is_named() -> None:
    data = b"Staff,Something\n1,x\n"
    found = suggest_mapping(open_table(BytesIO(data)))
    assert found.missing == (FeedField.PAYROLL_NUMBER, FeedField.FULL_NAME, FeedField.UNIT)
    assert "No heading promises this: Payroll number of the job." in found.sentences


def test_words_that_nobody_has_decided_are_listed_with_how_often_they_stand() -> None:
    rows = [{"Cat": word} for word in ("Perm", "Zed", "Zed", "Odd", "Mine")]
    mapping = mapping_with(Column("Cat", ColumnUse.KIND, values={"mine": "casual"}))
    assert [(one.word, one.count) for one in undecided_words(table_of(*rows), mapping)] == [("Zed", 2), ("Odd", 1)]


PAIRS = {
    "Oracle E-Business Suite": ("EMPLOYEE_NUMBER", "ASSIGNMENT_NUMBER"),
    "Oracle Fusion": ("Person Number", "Assignment Number"),
    "ESR": ("Employee Number", "Employee Assignment Number"),
    "iTrent": ("Personal Ref", "Payroll Ref"),
    "SAP": ("Person ID", "Personnel Number"),
    "SuccessFactors": ("Person Id External", "Employee ID"),
    "Workday": ("Universal ID", "Employee ID"),
    "ResourceLink": ("Employee No.", "Appointment No."),
    "Zellis": ("Unique ID", "Payroll No"),
    "MyView": ("Staff No", "Job No"),
}


@pytest.mark.parametrize("system", PAIRS)
def test_the_number_of_a_person_is_told_from_that_of_a_job(system: str) -> None:
    person, job = PAIRS[system]
    for first, second in ((person, job), (job, person)):
        rows = [{person: "771", job: "771-1"}, {person: "771", job: "771-2"}, {person: "772", job: "772"}]
        lines = [f"{first};{second};Name;Unit", *(f"{row[first]};{row[second]};Ann Wu;Homes" for row in rows)]
        columns = suggest_mapping(open_table(BytesIO("\n".join([*lines, ""]).encode()))).mapping.columns
        uses = {one.heading: one.use for one in columns}
        assert (uses[person], uses[job]) == (ColumnUse.PERSON_NUMBER, ColumnUse.PAYROLL_NUMBER)


def test_a_column_that_counts_the_jobs_of_each_person_numbers_none() -> None:
    data = b"Employee Number;Contract Number;Name;Unit\n771;1;Ann Wu;Homes\n772;1;Bo Li;Homes\n"
    uses = {one.heading: one.use for one in suggest_mapping(open_table(BytesIO(data))).mapping.columns}
    assert uses["Employee Number"] is ColumnUse.PAYROLL_NUMBER
    assert uses["Contract Number"] is ColumnUse.UNUSED
