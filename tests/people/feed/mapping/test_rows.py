"""Rows say of a job what their cells say, and all that is wrong with one is said at once."""

from decimal import Decimal

import pytest

from people.feed.mapping.mappings import ChangedColumns, Column, Empty, Mapping
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.uses import ColumnUse
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import FeedField, FeedRow, UnusableRow
from people.jobs.terms import EmploymentKind
from tests.people.feed.mapping.made import BASE, ON, fault_of, mapping_with, read_one, row_of, table_of

NEEDED = {FeedField.PAYROLL_NUMBER, FeedField.FULL_NAME, FeedField.UNIT}


def test_a_row_says_what_stands_in_it_and_nothing_else() -> None:
    assert read_one({}) == FeedRow(
        row_number=2,
        payroll_number="001234",
        full_name="Siân O’Brien",
        said=frozenset(NEEDED),
        unit=("Adult Social Care", "Home Care"),
    )


@pytest.mark.parametrize("name", ["Nguyễn Thị Minh", "محمد علي", "王芳", "Ọláyínká", "Zoe\u0308", "O’Brien", "X"])
def test_names_in_every_script_are_names(name: str) -> None:
    row = read_one({"Name": f"  {name} "})
    assert isinstance(row, FeedRow)
    assert row.full_name == name.replace("e\u0308", "ë")


@pytest.mark.parametrize(
    ("cell", "comma", "hours"),
    [
        ("36.5", False, "36.50"),
        ("37", False, "37.00"),
        ("36,5", True, "36.50"),
        ("0", False, "0.00"),
        (" 7 ", True, "7.00"),
    ],
)
def test_hours_are_read_with_the_point_or_comma_of_the_file(cell: str, comma: bool, hours: str) -> None:
    row = row_of(ColumnUse.HOURS_PER_WEEK, cell, has_decimal_comma=comma)
    assert row.hours_per_week == Decimal(hours)


@pytest.mark.parametrize("cell", ["36,5", "lots", "NaN", "Infinity", "1_0", "200", "-1"])
def test_what_is_no_number_of_hours_is_refused(cell: str) -> None:
    assert fault_of(ColumnUse.HOURS_PER_WEEK, cell).startswith(f"{cell}: ")


@pytest.mark.parametrize(("cell", "hours"), [("1", "37.00"), ("0.6", "22.20"), ("60%", "22.20"), ("1.0000", "37.00")])
def test_a_share_of_full_time_becomes_hours(cell: str, hours: str) -> None:
    assert row_of(ColumnUse.FULL_TIME_SHARE, cell).hours_per_week == Decimal(hours)


def test_hours_in_a_column_of_shares_are_refused() -> None:
    assert "such as 0.8" in fault_of(ColumnUse.FULL_TIME_SHARE, "37")


@pytest.mark.parametrize("cell", ["1.23457E+11", "1,2E+5"])
def test_a_number_that_a_spreadsheet_cut_is_refused(cell: str) -> None:
    assert "A spreadsheet has cut this number." in fault_of(ColumnUse.MANAGER, cell)


def test_zeros_that_a_spreadsheet_took_are_put_back_where_the_mapping_says() -> None:
    column = Column("Manager", ColumnUse.MANAGER)
    row = read_one({"Emp No": "1234", "Manager": "77A"}, column, payroll_digits=6)
    assert isinstance(row, FeedRow)
    assert (row.payroll_number, row.manager_payroll_number) == ("001234", "77A")


def test_swapped_columns_are_seen() -> None:
    row = read_one({"Emp No": "Siân O’Brien", "Name": "001234"})
    assert isinstance(row, UnusableRow)
    assert [problem.problem for problem in row.problems] == [
        "This is no payroll number: it has no figure.",
        "This is no name: it has no letter.",
    ]


def test_everything_that_is_wrong_with_a_row_is_said_at_once() -> None:
    row = read_one(
        {"Emp No": "1", "Name": "", "Start": "31/02/2020", "Mail": "me", "Boss": "1"},
        Column("Start", ColumnUse.STARTS_ON),
        Column("Mail", ColumnUse.EMAIL),
        Column("Boss", ColumnUse.MANAGER),
    )
    assert isinstance(row, UnusableRow)
    assert {problem.column for problem in row.problems} == {"Name", "Start", "Mail", "Boss"}
    assert row.payroll_number == "1"


@pytest.mark.parametrize("address", ["me", "me@", "me@here", "a b@x.uk", "a@b@x.uk", "<a@x.uk>", "a@x_y.uk"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert "This is no e-mail address." in fault_of(ColumnUse.EMAIL, address)


def test_what_a_column_cannot_hold_is_refused_with_the_length() -> None:
    assert "This has 41 characters, and can have 40." in fault_of(ColumnUse.GRADE, "G" * 41)


def test_a_nul_and_a_spreadsheets_error_spoil_their_row() -> None:
    assert "nobody can see" in fault_of(ColumnUse.JOB_TITLE, "Home\x00 carer")
    assert "a spreadsheet’s message of an error" in fault_of(ColumnUse.JOB_TITLE, "#N/A")


def test_a_formula_is_a_word_like_any_other() -> None:
    assert row_of(ColumnUse.JOB_TITLE, "=cmd|' /C calc'!A0").job_title == "=cmd|' /C calc'!A0"


def test_an_empty_cell_keeps_or_clears_as_the_mapping_says() -> None:
    assert FeedField.GRADE not in row_of(ColumnUse.GRADE, "", empty=Empty.KEEP).said
    cleared = row_of(ColumnUse.GRADE, " ", empty=Empty.CLEAR)
    assert FeedField.GRADE in cleared.said
    assert cleared.grade is None


def test_levels_and_names_in_columns_of_their_own_are_put_together() -> None:
    mapping = Mapping(
        (
            Column("Emp No", ColumnUse.PAYROLL_NUMBER),
            Column("Surname", ColumnUse.FAMILY_NAME),
            Column("Forename", ColumnUse.GIVEN_NAME),
            Column("Team", ColumnUse.TEAM),
            Column("Dir", ColumnUse.DIRECTORATE),
            Column("Name"),
            Column("Unit"),
        )
    )
    table = table_of(
        {"Surname": "Nguyễn", "Forename": "Minh Anh", "Team": "Roads", "Dir": "Place"},
        {"Surname": "Pelé", "Forename": "", "Team": "", "Dir": "Place"},
        {"Surname": "", "Forename": "", "Team": "", "Dir": ""},
    )
    one, two, three = read_rows(table, mapping, on=ON)
    assert isinstance(one, FeedRow)
    assert isinstance(two, FeedRow)
    assert (one.full_name, one.unit) == ("Minh Anh Nguyễn", ("Place", "Roads"))
    assert (two.full_name, two.unit) == ("Pelé", ("Place",))
    assert isinstance(three, UnusableRow)
    assert [problem.problem for problem in three.problems] == ["Nothing says what this person is called."]


def test_a_name_with_the_family_in_front_is_turned_where_the_mapping_says() -> None:
    row = read_one({"Name": "O’Brien, Siân"}, is_family_name_first=True)
    assert isinstance(row, FeedRow)
    assert row.full_name == "Siân O’Brien"


def test_a_unit_with_more_levels_than_an_authority_has_is_refused() -> None:
    row = read_one({"Unit": "A/B/C/D"})
    assert isinstance(row, UnusableRow)
    assert "This unit has 4 levels" in row.problems[0].problem


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Perm", EmploymentKind.EMPLOYEE), ("P", EmploymentKind.EMPLOYEE), ("Agency Worker", EmploymentKind.AGENCY)],
)
def test_usual_words_say_how_somebody_works(word: str, kind: EmploymentKind) -> None:
    assert row_of(ColumnUse.KIND, word).kind is kind


def test_a_value_table_says_what_an_authoritys_own_words_mean() -> None:
    column = Column("Cat", ColumnUse.KIND, values={"zz9": "casual", "p": "agency", "tbc": ""})
    kinds = [read_one({"Cat": word}, column) for word in ("ZZ9", "P", "Employee", "TBC")]
    assert [row.kind for row in kinds if isinstance(row, FeedRow)] == [
        EmploymentKind.CASUAL,
        EmploymentKind.AGENCY,
        EmploymentKind.EMPLOYEE,
        None,
    ]
    assert "The mapping does not know this word." in fault_of(ColumnUse.KIND, "Zed")


def test_a_new_or_lost_column_stops_the_file_with_its_name() -> None:
    with pytest.raises(ChangedColumns) as raised:
        read_rows(table_of({"Band": "x"}), mapping_with(Column("Grade", ColumnUse.GRADE)), on=ON)
    assert (raised.value.missing, raised.value.new) == (("Grade",), ("Band",))
    assert raised.value.findings[0] == "The column “Grade” is missing."


def test_capitals_and_spaces_in_headings_do_not_matter() -> None:
    table = table_of({}, headings=["Emp No", "Name", "Unit"])
    mapping = Mapping(tuple(Column(f" {one.heading.upper()} ", one.use) for one in BASE.columns))
    assert isinstance(next(read_rows(table, mapping, on=ON)), FeedRow)


def test_two_used_columns_with_one_heading_stop_the_file() -> None:
    table = table_of({}, headings=["Emp No", "Name", "Unit", "Unit"])
    with pytest.raises(UnreadableFile, match="Two columns are called “Unit”"):
        read_rows(table, BASE, on=ON)


def test_a_mapping_without_what_every_row_needs_reads_nothing() -> None:
    mapping = Mapping((Column("Emp No"), Column("Name", ColumnUse.FULL_NAME), Column("Unit", ColumnUse.SERVICE)))
    with pytest.raises(UnreadableFile, match="payroll number of the job"):
        read_rows(table_of({}), mapping, on=ON)


def test_a_row_that_is_cut_off_is_told_so_and_keeps_no_job_from_its_neighbours() -> None:
    mapping = mapping_with()
    table = table_of({})
    table.file.seek(0, 2)  # type: ignore[attr-defined]
    table.file.write(b"001235\tZo")  # type: ignore[attr-defined]
    good, cut = read_rows(table, mapping, on=ON)
    assert isinstance(good, FeedRow)
    assert isinstance(cut, UnusableRow)
    assert cut.problems[0].problem == "This row ends after 2 of 3 cells."


@pytest.mark.parametrize(("cell", "comma"), [("7.5", True), ("36.25", True), ("7,5", False), ("36,25", False)])
def test_hours_with_the_other_mark_before_decimals_are_put_right_and_not_ten_times_as_many(
    cell: str, comma: bool
) -> None:
    assert "stands before decimals" in fault_of(ColumnUse.HOURS_PER_WEEK, cell, has_decimal_comma=comma)


@pytest.mark.parametrize(("cell", "comma"), [("1.234", True), ("1.234,5", True), ("1,234", False)])
def test_the_other_mark_groups_thousands_and_no_week_has_so_many(cell: str, comma: bool) -> None:
    assert "No week has so many hours." in fault_of(ColumnUse.HOURS_PER_WEEK, cell, has_decimal_comma=comma)


def test_a_number_that_an_export_keeps_from_excel_is_read_with_its_zeros() -> None:
    assert row_of(ColumnUse.MANAGER, '="000123"').manager_payroll_number == "000123"


def test_a_number_that_became_a_decimal_is_put_right() -> None:
    assert "may have lost zeros in front" in fault_of(ColumnUse.MANAGER, "123.0")
