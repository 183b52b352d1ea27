"""From a file to rows of past learning: which column is which, and everything that is wrong with a row."""

from datetime import date

import pytest

from courses.history.reading import read_entries
from courses.history.rows import HistoryEntry
from courses.history.sentences import report_line_sentences
from people.feed.reading.opening import open_table
from people.feed.reading.unreadable import UnreadableFile
from people.feed.rows import ReportLine, UnusableRow
from tests.courses.history.files import HEADINGS, HOW, a_file

TODAY = date(2026, 11, 21)


def read(*lines: str, headings: str = HEADINGS) -> list[HistoryEntry | UnusableRow | ReportLine]:
    return list(read_entries(open_table(a_file(*lines, headings=headings)), HOW, on=TODAY))


def test_a_row_is_read_with_its_zeros_its_letters_and_its_number() -> None:
    assert read("004411,Nguyễn Thị Minh,17/05/1980,RE,31/03/2024,Register 7") == [
        HistoryEntry(
            row_number=2,
            course="RE",
            completed_on=date(2024, 3, 31),
            payroll_number="004411",
            name="Nguyễn Thị Minh",
            born_on=date(1980, 5, 17),
            source="Training records",
            evidence="Register 7",
        )
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "Employee No.,Delegate Name,DOB,Training Course,Date Attended,Notes",
        "STAFF ID;Full name;Date of Birth;Course title;Completed on;Ref",
        "Assignment Number\tLearner\tBirth date\tEvent\tCompletion Date\tCertificate number",
    ],
)
def test_columns_are_known_by_the_usual_words(headings: str) -> None:
    between = next(one for one in ",;\t" if one in headings)
    line = between.join(["7", "王芳", "1980-05-17", "RE", "2024-03-31", "x"])
    (row,) = read(line, headings=headings)
    assert isinstance(row, HistoryEntry)
    assert (row.payroll_number, row.name, row.evidence) == ("7", "王芳", "x")


def test_a_row_says_where_it_comes_from_or_the_file_does() -> None:
    headings = "Payroll number,Course,Date completed,Source"
    first, second = read("7,RE,31/03/2024,Bootle classroom", "7,RE,01/04/2024,", headings=headings)
    assert isinstance(first, HistoryEntry)
    assert isinstance(second, HistoryEntry)
    assert (first.source, second.source) == ("Bootle classroom", "Training records")


def test_everything_that_is_wrong_with_a_row_is_said_at_once() -> None:
    (row,) = read(",,soon,,31/02/2024,")
    assert isinstance(row, UnusableRow)
    assert {(one.column, one.stands, one.problem) for one in row.problems} == {
        ("Date completed", "31/02/2024", "This is no date in the order that was said."),
        ("Date of birth", "soon", "This is no date in the order of this file."),
        ("Course", "", "No course stands here."),
        (None, "", "This row does not say who it was."),
    }
    assert all(one.mend for one in row.problems)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "No date stands here."),
        ("22/11/2026", "This day is still to come."),
        ("31/03/1924", "This day lies before the year 2000."),
        ("03/31/2024", "This is no date in the order that was said."),
    ],
)
def test_a_day_that_cannot_be_is_said(cell: str, words: str) -> None:
    (row,) = read(f"7,,,RE,{cell},")
    assert isinstance(row, UnusableRow)
    assert [one.problem for one in row.problems] == [words]
    assert row.payroll_number == "7"


def test_today_is_a_day_on_which_something_was_completed() -> None:
    (row,) = read("7,,,RE,21/11/2026,")
    assert isinstance(row, HistoryEntry)


def test_words_that_fit_into_no_column_are_said() -> None:
    (row,) = read(f"{'7' * 41},,,{'x' * 201},31/03/2024,")
    assert isinstance(row, UnusableRow)
    assert [one.column for one in row.problems] == ["Payroll number", "Course"]


@pytest.mark.parametrize(("cell", "year"), [("17/05/80", 1980), ("17/05/09", 2009), ("17/05/1938", 1938)])
def test_two_figures_of_a_year_of_birth_are_read_as_in_hr_files(cell: str, year: int) -> None:
    (row,) = read(f"7,,{cell},RE,31/03/2024,")
    assert isinstance(row, HistoryEntry)
    assert row.born_on == date(year, 5, 17)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("17/05/13", "Nobody who works was born in any year with these two figures."),
        ("17/05/2013", "By this date of birth they are under 14."),
        ("17/05/1899", "Nobody who works today was born before 1900."),
    ],
)
def test_a_birth_of_nobody_who_works_cannot_be_used(cell: str, words: str) -> None:
    (row,) = read(f"7,,{cell},RE,31/03/2024,")
    assert isinstance(row, UnusableRow)
    assert [one.problem for one in row.problems] == [words]


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        ("Name,Course", "No column holds the date completed."),
        ("Name,Date completed", "No column holds the course."),
        ("Course,Date completed", "No column says who it was."),
        ("Name,Course,Date completed,Completion date", "could each be the date completed"),
    ],
)
def test_a_file_without_what_is_needed_is_refused_whole(headings: str, words: str) -> None:
    with pytest.raises(UnreadableFile) as problem:
        read(*(["x," * headings.count(",") + "x"]), headings=headings)
    assert words in str(problem.value)
    assert "The columns of the file are “" in str(problem.value)


@pytest.mark.parametrize("line", ["Total,,,,,", "Total,2", "2 rows", "*** End of report ***", "Report run by,Jo Smith"])
def test_a_total_or_the_end_of_a_report_is_nobodys_completion(line: str) -> None:
    *_, last = read("004411,,,RE,31/03/2024,", "004412,,,RE,31/03/2024,", line)
    assert isinstance(last, ReportLine)
    assert (last.row_number, last.stated or 2) == (4, 2)


def test_a_file_of_past_learning_that_is_cut_short_is_found_by_its_last_line() -> None:
    _, line = read("004411,,,RE,31/03/2024,", "310 rows")
    assert report_line_sentences([line]) == (  # type: ignore[list-item]
        "Row 3 looks like a total or the end of the report: left out. “310 rows”",
        "“310 rows” states more rows than were read, which were 1. It looks as if a part of the file is missing.",
    )
