"""Text files of every HR system become the same rows, and the reading says what it took and why."""

from io import BytesIO

import pytest

from people.feed.reading.opening import open_table
from people.feed.reading.tables import ReadingChoice, Table
from people.feed.reading.unreadable import UnreadableFile

HEADING = "Emp No,Name,Start Date"
TEXT = f"{HEADING}\n001234,Siân O’Brien,01/04/2019\n001235,Zoë Müller,15/09/2021\n"


def opened(data: bytes, **choice: object) -> Table:
    return open_table(BytesIO(data), choice=ReadingChoice(**choice))  # type: ignore[arg-type]


def rows(data: bytes, **choice: object) -> list[tuple[object, ...]]:
    return [row.cells for row in opened(data, **choice).rows()]


def refused(data: bytes, **choice: object) -> str:
    with pytest.raises(UnreadableFile) as raised:
        list(opened(data, **choice).rows())
    return " ".join(raised.value.findings)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "The letters are UTF-8: all of them fit"),
        ("utf-8-sig", "UTF-8 with a byte-order mark, as the file’s first bytes say"),
        ("utf-16", "UTF-16 (little-endian), as the file’s first bytes say"),
        ("utf-16-le", "the file does not say so, but every other byte is zero"),
        ("utf-16-be", "the file does not say so, but every other byte is zero"),
        ("cp1252", "Windows-1252, because line 2 holds bytes that UTF-8 does not know. Read so it says “Siân”"),
    ],
)
def test_every_encoding_gives_the_same_rows_and_says_why(encoding: str, said: str) -> None:
    table = opened(TEXT.encode(encoding))
    assert [row.cells for row in table.rows()] == [
        ("001234", "Siân O’Brien", "01/04/2019"),
        ("001235", "Zoë Müller", "15/09/2021"),
    ]
    assert table.headings == ("Emp No", "Name", "Start Date")
    assert said in table.how.sentences[0]


def test_utf_16_with_the_big_end_first_says_so_by_its_mark() -> None:
    table = opened("\ufeff".encode("utf-16-be") + TEXT.encode("utf-16-be"))
    assert next(table.rows()).cells[1] == "Siân O’Brien"


def test_plain_english_needs_no_decision() -> None:
    assert "every usual encoding writes alike" in opened(b"a,b\n1,2\n").how.sentences[0]


def test_the_mapping_decides_against_what_would_be_taken() -> None:
    table = opened("A;B\nSiân;x\n".encode(), encoding="cp1252")
    assert next(table.rows()).cells == ("SiÃ¢n", "x")
    assert "as the mapping says" in table.how.sentences[0]
    assert "“SiÃ¢n” looks as if its letters were spoilt" in " ".join(table.how.sentences)


def test_an_encoding_that_the_mapping_asks_for_has_to_fit() -> None:
    assert "Line 2 holds bytes that are not UTF-8" in refused(TEXT.encode("cp1252"), encoding="utf-8")


def test_a_file_put_together_from_two_encodings_is_refused() -> None:
    mixed = TEXT.encode() + "001236,Renée,01/02/2020\n".encode("cp1252")
    assert "Line 4 is not UTF-8, although others are" in refused(mixed)


def test_a_file_cut_off_inside_a_letter_is_refused() -> None:
    assert "Line 2 is not UTF-8, although others are" in refused("a,b\nSiân,Zoë".encode()[:-1])


@pytest.mark.parametrize(
    ("delimiter", "words"), [(",", "Commas"), (";", "Semicolons"), ("\t", "Tabs"), ("|", "Upright")]
)
def test_the_separator_is_what_gives_rows_of_one_width(delimiter: str, words: str) -> None:
    lines = [["No", "Name", "Team"], ["1", '"Day, night; all | of it"', "A"], ["2", "B", "C"]]
    table = opened("\n".join(delimiter.join(line) for line in lines).encode())
    assert [row.cells for row in table.rows()] == [("1", "Day, night; all | of it", "A"), ("2", "B", "C")]
    assert table.how.sentences[1].startswith(words)
    assert "3 of the first 3 rows have 3 cells that way" in table.how.sentences[1]


def test_the_separator_may_stand_in_a_first_line_of_its_own() -> None:
    table = opened(b"sep=;\r\nNo;Name\r\n1;Smith, Ann\r\n")
    assert [(row.number, row.cells) for row in table.rows()] == [(3, ("1", "Smith, Ann"))]
    assert "as the first line says" in table.how.sentences[1]


def test_rows_count_as_in_a_spreadsheet_with_empty_ones_and_line_breaks_in_cells() -> None:
    table = opened(b'No,Site\r\n1,"Town Hall\r\nHigh Street"\r\n\r\n,\r\n2,Depot\r\n')
    assert [(row.number, row.cells) for row in table.rows()] == [
        (2, ("1", "Town Hall\r\nHigh Street")),
        (5, ("2", "Depot")),
    ]


def test_a_report_may_begin_with_its_name_and_the_day() -> None:
    table = opened(b"Staff in post\nRun on,27/11/2026\n\nEmp No,Name,Team,Grade\n1,Ann,A,G4\n")
    assert table.headings == ("Emp No", "Name", "Team", "Grade")
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ("1", "Ann", "A", "G4"))]
    assert "The headings stand in row 4; what is above it is left out." in table.how.sentences


def test_columns_without_a_heading_go_by_their_letter() -> None:
    assert opened(b"No,,Team,,\n1,x,A,,\n").headings == ("No", "Column B", "Team")


def test_a_row_with_fewer_or_more_cells_says_so_and_the_others_go_on() -> None:
    found = list(opened(b"No,Name,Team\n1,Ann\n2,Bo,A,B\n3,Cy,C,,\n4,Di,D").rows())
    assert [row.problem for row in found] == [
        "This row ends after 2 of 3 cells.",
        "This row has 4 cells, and there are 3 headings.",
        None,
        None,
    ]
    assert found[2].cells == ("3", "Cy", "C")


def test_a_file_without_a_last_line_end_is_said_to_be_perhaps_cut_off() -> None:
    assert "may have been cut off there" in " ".join(opened(b"No,Name\n1,Ann\n2,B").how.sentences)
    assert "cut off" not in " ".join(opened(b"No,Name\n1,Ann\n2,Bo\n").how.sentences)


def test_a_quote_inside_a_quoted_cell_spoils_its_row_alone() -> None:
    found = list(opened(b'No,Name\n1,"Anne "Annie" Bell"\n2,Bo\n').rows())
    assert found[0].problem == 'A quote stands inside a quoted cell: 1,"Anne "Annie" Bell"'
    assert found[1].cells == ("2", "Bo")


@pytest.mark.parametrize("below", [3, 50_000])
def test_a_quote_that_never_closes_stops_the_whole_file(below: int) -> None:
    text = 'No,Name\n1,Ann\n2,"Bo\n' + "3,Cy\n" * below
    assert "In row 3 a quote begins and never closes" in refused(text.encode())


def test_a_name_of_a_million_characters_spoils_its_row_alone() -> None:
    found = list(opened(b"No,Name\n1," + b"A" * 1_000_000 + b"\n2,Bo\n").rows())
    assert found[0].problem == "A cell of this row is longer than 32,767 characters."
    assert found[1].cells == ("2", "Bo")


def test_a_file_that_is_one_endless_line_is_refused() -> None:
    assert "longer than 4 million characters" in refused(b"No,Name\n" + b"A," * 2_500_000)


def test_ten_thousand_columns_are_refused() -> None:
    line = ",".join(f"c{number}" for number in range(10_000))
    assert "The file has 10,000 columns, and can have 1,000." in refused(f"{line}\n{line}\n".encode())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "nothing but blanks"),
        (b"No,Name\r\n", "headings and no rows"),
        (b"No,Name\r\n,\r\n", "headings and no rows"),
        (b"Ann\r\nBo\r\n", "one column only"),
        (b"%PDF-1.7 ...", "This is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old workbook (.xls), or one with a password"),
        (b"\x1f\x8b\x08", "packed (gzip)"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "This is a web page or XML"),
        (b"\r\n <?xml version='1.0'?><Workbook/>", "This is a web page or XML"),
        ("<html><table>".encode("utf-16"), "This is a web page or XML"),
        (b"No,Name\n1,\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_what_is_no_table_is_told_what_it_is(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("people.feed.reading.opening.MOST_BYTES", 1024 * 1024)
    assert "The file has 2 MB, and can have 1." in refused(b"a,b\n" * 500_000)


def test_more_rows_than_a_region_has_jobs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("people.feed.reading.delimited.MOST_ROWS", 100)
    assert "more than 100 rows" in refused(b"a,b\n" * 200)


def test_nul_bytes_reach_the_cell_that_has_them() -> None:
    assert rows(b"No,Name\n1,An\x00n\n") == [("1", "An\x00n")]


def test_a_table_can_be_read_again_from_its_first_row() -> None:
    table = opened(TEXT.encode())
    assert list(table.rows()) == list(table.rows())


def test_what_was_taken_reads_the_file_in_the_same_way_again() -> None:
    data = TEXT.replace(",", ";").encode("cp1252")
    table = opened(data)
    again = open_table(BytesIO(data), choice=table.how.choice)
    assert list(again.rows()) == list(table.rows())


def test_sixty_empty_rows_may_stand_above_the_first_one_and_the_only_row_may_be_broken() -> None:
    far = f"{HEADING}\n" + ",,\n" * 60 + "001234,Siân O’Brien,01/04/2019\n"
    assert rows(far.encode()) == [("001234", "Siân O’Brien", "01/04/2019")]
    broken = f'{HEADING}\n001234,"Siân" O’Brien,01/04/2019\n'
    assert [row.problem is not None for row in opened(broken.encode()).rows()] == [True]


@pytest.mark.parametrize(
    "above", ["\n" * 80, "Staff list\n" + "\n" * 120, "Printed,28 November 2026\n" * 60, "A line of the report\n" * 300]
)
def test_headings_are_found_below_many_lines_of_a_report(above: str) -> None:
    people = "".join(f"{number},Ann Wu,Homes,Carer\n" for number in range(1000, 1400))
    table = open_table(BytesIO(f"{above}No,Name,Unit,Job\n{people}".encode()))
    assert table.headings == ("No", "Name", "Unit", "Job")
    assert f"The headings stand in row {above.count(chr(10)) + 1}" in " ".join(table.how.sentences)
    assert len(list(table.rows())) == 400


def test_headings_that_stand_too_far_down_are_refused_in_words() -> None:
    with pytest.raises(UnreadableFile, match=r"no row of headings among the first 1,000 rows"):
        open_table(BytesIO(b"sep=,\n" + b"A line of the report\n" * 1_200 + b"No,Name\n1,Ann Wu\n"))
