"""Workbooks are read as they look: with zeros in front, days as days, and nothing of a hidden sheet."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook as PlainWorkbook
from xlsxwriter import Workbook

from people.feed.mapping.cells import text_of
from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import SheetNeeded, UnreadableFile


def made(*sheets: tuple[str, list[list[object]]]) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        for name, lines in sheets:
            sheet = book.add_worksheet(name)
            for down, line in enumerate(lines):
                sheet.write_row(down, 0, line)
    return file.getvalue()


def opened(data: bytes, **choice: object) -> Table:
    return open_table(BytesIO(data), choice=ReadingChoice(**choice))  # type: ignore[arg-type]


def refused(data: bytes, **choice: object) -> str:
    with pytest.raises(UnreadableFile) as raised:
        list(opened(data, **choice).rows())
    return " ".join(raised.value.findings)


def changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old, new) if name == member else content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_payroll_numbers_keep_their_zeros_as_text_and_by_format() -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Staff")
        formats = [book.add_format({"num_format": one}) for one in ("000000", '"W"00000', "General", "#,##0.00")]
        sheet.write_row(0, 0, ["No", "Other", "Plain", "Hours", "Text", "Yes"])
        for column, (value, form) in enumerate(zip((1234, 77, 1234, 36.5), formats, strict=True)):
            sheet.write_number(1, column, value, form)
        sheet.write_string(1, 4, "001234")
        sheet.write_boolean(1, 5, True)
    row = next(opened(file.getvalue()).rows())
    assert row.cells == ("001234", "W00077", 1234, 36.5, "001234", True)
    assert row.number == 2


def test_line_ends_that_a_workbook_stores_as_letters_are_spaces() -> None:
    data = made(("Staff", [["Payroll\r\nnumber", "Unit", "Team"], ["1", "Parks\r\nNorth", "Roads\r"]]))
    table = opened(data)
    (row,) = table.rows()
    assert table.headings == ("Payroll number", "Unit", "Team")
    assert [text_of(cell) for cell in row.cells] == ["1", "Parks North", "Roads"]


def test_days_are_days_whatever_they_look_like() -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["No", "Start", "End"])
        sheet.write_string(1, 0, "1")
        sheet.write_datetime(
            1, 1, datetime(2019, 4, 1, tzinfo=UTC).replace(tzinfo=None), book.add_format({"num_format": "d mmm yy"})
        )
        sheet.write_datetime(
            1,
            2,
            datetime(2026, 3, 31, 17, 30, tzinfo=UTC).replace(tzinfo=None),
            book.add_format({"num_format": "m/d/yyyy h:mm"}),
        )
    assert next(opened(file.getvalue()).rows()).cells == ("1", date(2019, 4, 1), date(2026, 3, 31))


def test_the_results_of_formulas_are_read_and_said() -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["No", "Name"])
        sheet.write_string(1, 0, "1")
        sheet.write_formula(1, 1, '=A2&" Ann"', None, "1 Ann")
        sheet.write_formula(1, 2, "=A9", None, "gone")
    data = changed(file.getvalue(), SHEET, b"<v>gone</v>", b"<v></v>")  # as Excel stores a result without letters
    table = opened(data)
    assert [str(cell or "") for cell in next(table.rows()).cells] == ["1", "1 Ann"]
    assert "Formulas: 2. Their results are read as they were stored last." in table.how.sentences


def test_formulas_whose_results_were_never_stored_stop_the_file() -> None:
    book, file = PlainWorkbook(), BytesIO()
    book.active.append(["No", "Name"])
    book.active.append(["1", "=A1"])
    book.save(file)
    assert "never stored: 1." in refused(file.getvalue())


def test_what_is_hidden_or_merged_is_said() -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Staff")
        for down in range(4):
            sheet.write_row(down, 0, [f"a{down}", f"b{down}", "c"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})
        sheet.merge_range("A5:A6", "both")
        hidden = book.add_worksheet("Old")
        hidden.write_row(0, 0, ["x", "y"])
        hidden.hide()
    table = opened(file.getvalue())
    said = " ".join(table.how.sentences)
    assert "The sheet “Staff” is read: no other holds rows. A hidden sheet is left out." in said
    assert "hidden or filtered away: 1." in said
    assert "Some columns of the sheet are hidden" in said
    assert "Merged cells: 1." in said
    assert [row.cells for row in table.rows()][:2] == [("a1", "b1", "c"), ("a2", "b2", "c")]


def test_several_sheets_with_rows_are_asked_about() -> None:
    data = made(("Staff", [["a", "b"], ["1", "2"]]), ("Leavers", [["a", "b"], ["3", "4"]]), ("Notes", []))
    with pytest.raises(SheetNeeded) as raised:
        opened(data)
    assert raised.value.sheets == ("Staff", "Leavers")
    assert next(opened(data, sheet="Leavers").rows()).cells == ("3", "4")
    assert "no sheet “Gone”. It has “Staff”, “Leavers”, “Notes”" in refused(data, sheet="Gone")


def test_rows_that_end_early_in_a_sheet_are_whole() -> None:
    row = next(opened(made(("S", [["a", "b", "c"], ["1"]]))).rows())
    assert (row.cells, row.problem) == (("1", None, None), None)


def test_empty_rows_count_and_are_left_out() -> None:
    table = opened(made(("S", [["a", "b"], [], ["1", "2"]])))
    assert [(row.number, row.cells) for row in table.rows()] == [(3, ("1", "2"))]


SMALL = made(("S", [["a", "b"], ["1", "2"]]))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (SMALL[:400], "damaged or was cut off"),
        (changed(SMALL, SHEET, b"<sheetData>", b"<sheetData"), "is damaged"),
        (changed(SMALL, SHEET, b'r="B2"', b'r="NTP2"'), "Row 2 has 10,000 columns, and can have 1,000."),
        (made(("S", [["a", "b"]])), "headings and no rows"),
        (made(("S", [])), "No sheet of this workbook that can be seen holds rows"),
    ],
)
def test_a_workbook_that_cannot_be_used_says_why(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_a_sheet_that_claims_a_million_columns_is_as_wide_as_it_is() -> None:
    data = changed(SMALL, SHEET, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert [row.cells for row in opened(data).rows()] == [("1", "2")]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["mimetype", "content.xml"], "OpenDocument spreadsheet"),
        (["xl/workbook.bin"], "binary workbook (.xlsb)"),
        (["staff.csv"], "a zip, and no workbook"),
    ],
)
def test_other_zips_are_told_what_they_are(names: list[str], sentence: str) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert sentence in refused(file.getvalue())


def test_a_workbook_that_would_fill_the_memory_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("people.feed.reading.archives.MOST_UNPACKED_BYTES", 2_000)
    assert "too large once it is unpacked" in refused(SMALL)
