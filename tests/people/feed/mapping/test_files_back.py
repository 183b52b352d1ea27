"""What goes back to HR has the shape of what came, reads as it did, and runs nothing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from kernel.spreadsheets import csv_lines
from people.feed.mapping.days import DateOrder
from people.feed.mapping.files_back import lines_as_sent, lines_to_put_right
from people.feed.mapping.mappings import Column, Empty, Mapping, as_json, from_json
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from people.feed.reading.opening import open_table
from people.feed.rows import FeedField, FeedRow, UnusableRow
from people.jobs.terms import EmploymentKind
from tests.people.feed.mapping.made import BASE, ON, table_of

COLUMNS = (
    Column("No", ColumnUse.PAYROLL_NUMBER),
    Column("Surname", ColumnUse.FAMILY_NAME),
    Column("First", ColumnUse.GIVEN_NAME),
    Column("Dir", ColumnUse.DIRECTORATE, Empty.CLEAR),
    Column("Team", ColumnUse.TEAM, Empty.CLEAR),
    Column("Title", ColumnUse.JOB_TITLE, Empty.CLEAR),
    Column("Cat", ColumnUse.KIND, Empty.CLEAR, {"zz": "casual"}),
    Column("FTE", ColumnUse.FULL_TIME_SHARE, Empty.CLEAR),
    Column("Start", ColumnUse.STARTS_ON, Empty.CLEAR),
    Column("Main", ColumnUse.IS_MAIN, Empty.CLEAR),
    Column("Cost centre"),
)
SAID = frozenset(one.use.field for one in COLUMNS if one.use.field is not None)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20).map(lambda w: f"a{w}")
ROWS = st.builds(
    FeedRow,
    row_number=st.just(2),
    payroll_number=st.from_regex(r"[0-9]{1,8}", fullmatch=True),
    full_name=WORDS,
    said=st.just(SAID),
    unit=st.lists(WORDS, max_size=2).map(tuple),
    job_title=st.none() | WORDS | st.sampled_from(["=1+1", "@SUM", "12/11", "'quoted", "+44", "a;b", 'say "hi"']),
    kind=st.none() | st.sampled_from(EmploymentKind),
    hours_per_week=st.none() | st.decimals(0, 60, places=2),
    starts_on=st.none() | st.dates(date(1940, 1, 1), date(2100, 12, 31)),
    is_main=st.none() | st.booleans(),
)


@given(row=ROWS, order=st.sampled_from(list(DateOrder)), comma=st.booleans())
def test_what_goes_out_in_the_shape_of_the_import_comes_in_as_it_was(
    row: FeedRow, order: DateOrder, comma: bool
) -> None:
    mapping = Mapping(COLUMNS, dates=order, has_decimal_comma=comma)
    text = "".join(csv_lines(lines_as_sent(mapping, [row]), delimiter=";"))
    (again,) = read_rows(open_table(BytesIO(text.encode())), mapping, on=ON)
    assert isinstance(again, FeedRow), again
    composed = {"full_name": again.full_name, "unit": again.unit, "job_title": again.job_title}
    assert replace(row, **composed) == again
    assert len(again.unit) == len(row.unit)


def test_rows_to_put_right_are_as_they_were_sent_with_what_is_wrong_in_front() -> None:
    table = table_of({}, {"Emp No": "", "Name": "=cmd|' /C calc'!A0"}, {"Emp No": "7"})
    problems = {one.row_number: one.problems for one in read_rows(table, BASE, on=ON) if isinstance(one, UnusableRow)}
    lines = list(lines_to_put_right(table, problems))
    assert lines == [
        ("Row in the file", "What is wrong", "Emp No", "Name", "Unit"),
        (
            3,
            "Emp No: This is empty. Fill it in: a row without it says nothing.",
            "",
            "=cmd|' /C calc'!A0",
            "Adult Social Care / Home Care",
        ),
    ]
    assert "\t'=cmd" in "".join(csv_lines(lines, delimiter="\t"))


def test_the_file_to_put_right_is_sent_again_as_it_is() -> None:
    table = table_of({"Emp No": ""})
    problems = {one.row_number: one.problems for one in read_rows(table, BASE, on=ON) if isinstance(one, UnusableRow)}
    text = "".join(csv_lines(lines_to_put_right(table, problems), delimiter="\t"))
    mended = text.replace("\t\tSiân", "\t'001234\tSiân")
    (row,) = read_rows(open_table(BytesIO(mended.encode())), BASE, on=ON)
    assert isinstance(row, FeedRow)
    assert row.payroll_number == "001234"


def test_a_mapping_is_stored_and_read_as_it_was() -> None:
    mapping = Mapping(COLUMNS, full_time_hours=Decimal("36"), source="iTrent")
    assert from_json(as_json(mapping)) == mapping
    assert FeedField.UNIT in SAID


@given(name=st.sampled_from(["Martin King, Jr", "King,Jr", "Siân O’Brien", "Bo, Li,", "A, B C"]))
def test_a_name_with_a_comma_comes_back_as_it_was_where_the_family_name_stands_first(name: str) -> None:
    columns = (Column("No", ColumnUse.PAYROLL_NUMBER), Column("Name", ColumnUse.FULL_NAME), Column("U", ColumnUse.UNIT))
    mapping = replace(BASE, columns=columns, is_family_name_first=True)
    said = frozenset({FeedField.PAYROLL_NUMBER, FeedField.FULL_NAME})
    data = "".join(csv_lines(lines_as_sent(mapping, [FeedRow(2, "0001", name, said, unit=("Care",))])))
    (read,) = read_rows(open_table(BytesIO(data.encode())), mapping, on=ON)
    assert isinstance(read, FeedRow)
    assert read.full_name == name
