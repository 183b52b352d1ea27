"""In every file for a spreadsheet, words are words, figures are figures, and nothing runs."""

import csv
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from tempfile import TemporaryFile
from time import perf_counter
from typing import BinaryIO, cast
from xml.etree import ElementTree as Tree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from kernel.spreadsheets import Cell, csv_lines, safe_cell, unguarded, workbook, write_workbook

VALUES = [
    "12", "007", "12%", "1/2", "1-2", "5 - 10", "1 1/2", "10:30", "10 am", "10:30 PM", "£5", "5 €", "(5)",
    "1,234", "1’234", "1e5", "1.5E3", "2026-11-21", "21/11/2026", "21.11.2026", "March 2026", "5 Nov", "Nov-26",
    "Mar 5", "sept 2026", "5 November 2026", "Nov 5, 2026", "21/11/2026 10:30", "2026-11-21T10:30", "TRUE",
    "True", "#N/A", " 12", "12 ", "\u00a012", "１２", "٥", "=1+1", "+44", "-5", "−5", "@SUM", "\t12", "\n12",
    "＝1",
]  # fmt: skip
WORDS = [
    "Care", "May", "March", "Team 5", "Unit 1/2", "1st floor", "12 people", "3 in 10", "10²", "½", "Mayor 5",
    "5 Novelties", "RE-7K4M-29QX-C", "version 3", "not shown", "Two\nlines", 'The "Hub"', "Seán Ó Súilleabháin",
    "გუნდი ทีม 团队 צוות فريق", "am",
]  # fmt: skip
MADE = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def in_csv(*cells: Cell) -> list[str]:
    text = "".join(csv_lines([["heading"], cells]))
    assert text.startswith("\ufeffheading\r\n")
    return list(csv.reader(StringIO(text, newline="")))[1]


def in_workbook(*cells: Cell) -> list[tuple[str, str]]:
    """The type and content of each cell of the second row, as the file says them: "s" is a text and "n" a number."""
    file = ZipFile(BytesIO(workbook([["heading"], cells], title="Halton", made_at=MADE)))
    sheet = Tree.fromstring(file.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    assert sheet.findall(".//m:f", NAMES) == []  # no formula
    found = []
    for cell in sheet.findall(".//m:row[@r='2']/m:c", NAMES):
        if cell.get("t") == "inlineStr":
            found.append(("s", cell.findtext("m:is/m:t", "", NAMES)))
        else:
            found.append((cell.get("t", "n"), cell.findtext("m:v", "", NAMES)))
    return found


@pytest.mark.parametrize("word", VALUES)
def test_a_word_that_looks_like_a_value_has_an_apostrophe_before_it_in_csv(word: str) -> None:
    assert safe_cell(word) == f"'{word}"
    assert in_csv(word) == [f"'{word}"]


@pytest.mark.parametrize("word", WORDS)
def test_other_words_stand_in_csv_as_they_are(word: str) -> None:
    assert in_csv(word) == [word]


@pytest.mark.parametrize("word", [*VALUES, *WORDS])
def test_every_word_is_a_text_in_a_workbook_letter_by_letter(word: str) -> None:
    assert in_workbook(word) == [("s", word)]


def test_figures_and_days_are_what_they_are_in_both() -> None:
    cells = (12, 0.5, Decimal("3.3"), date(2026, 11, 21), None)
    assert in_csv(*cells) == ["12", "0.5", "3.3", "2026-11-21", ""]
    assert in_workbook(*cells) == [("n", "12"), ("n", "0.5"), ("n", "3.3"), ("n", "46347")]


def test_a_text_longer_than_a_cell_is_cut_and_odd_signs_do_not_break_the_file() -> None:
    assert in_workbook("x" * 40_000, "a\x01b_x0041_") == [("s", "x" * 32_767), ("s", "a_x0001_b_x005F_x0041_")]


def test_looking_at_a_long_text_takes_no_time() -> None:
    started = perf_counter()
    for text in ("1" * 50_000, "1 " * 50_000 + "x", " " * 50_000, "nov 1-" * 10_000, "1 " * 18 + "x", "1-" * 18):
        safe_cell(text)
    assert perf_counter() - started < 0.5


@pytest.mark.parametrize("text", [*VALUES, *WORDS])
def test_whoever_reads_a_file_of_ours_gets_what_was_written(text: str) -> None:
    assert unguarded(safe_cell(text)) == text


def test_an_apostrophe_of_a_persons_own_stays() -> None:
    assert unguarded("'s-Hertogenbosch") == "'s-Hertogenbosch"


@pytest.mark.parametrize("before", ["\u200b", "\ufeff", "\u2060\u00a0", "\u00ad", "\u202e", "\x0b", "\u0301"])
def test_a_formula_behind_characters_that_nobody_sees_is_guarded(before: str) -> None:
    assert safe_cell(f"{before}=HYPERLINK(1)") == f"'{before}=HYPERLINK(1)"
    assert unguarded(safe_cell(f"{before}=1")) == f"{before}=1"
    assert safe_cell(f"{before}Siân") == f"{before}Siân"


@pytest.mark.parametrize("inside", ["", "<t>bold</t>"])
def test_a_name_that_looks_like_the_xml_of_a_workbook_is_words(inside: str) -> None:
    assert in_workbook(f"<r>{inside}</r>", "beside") == [("s", f"<r>{inside}</r> "), ("s", "beside")]


def test_the_heading_stays_in_sight_and_columns_are_as_wide_as_their_words() -> None:
    file = BytesIO()
    rows = [("heading", "x"), ("A name of some length", 1), ("short", 12_345)]
    write_workbook(file, rows, title="Halton", made_at=MADE, notes=[("About", "Rows")])
    book = load_workbook(file)
    assert book.sheetnames == ["Halton", "Notes"]
    assert book["Halton"].freeze_panes == "A2"
    assert book["Halton"].column_dimensions["A"].width > book["Halton"].column_dimensions["B"].width > 4


def test_a_large_workbook_takes_no_more_memory_than_a_small_one() -> None:
    def most_in_memory(count: int) -> int:
        tracemalloc.start()
        with TemporaryFile() as file:
            rows = ((f"Person {place}", f"W{place:07}", place) for place in range(count))
            write_workbook(cast(BinaryIO, file), rows, title="People", made_at=MADE)
            most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    most_in_memory(10)  # what is made once stays
    assert most_in_memory(4_000) < 2 * most_in_memory(400)
