"""The table for a spreadsheet."""

import csv
from datetime import date
from io import StringIO

import pytest

from kernel.spreadsheets import safe_cell
from reports.completion import CompletionFigures
from reports.csv_export import COLUMNS, completion_csv, file_name
from reports.groups import Counts, Group, Level
from reports.suppression import LeftOutFigures
from tests.builders.region import NOON


def a_part(name: str, counts: Counts | None, *children: Group, level: Level = Level.DIRECTORATE) -> Group:
    return Group(level, name, 7, (name, "", ""), counts, children)


def figures_with(*parts: Group, unit_id: int | None = None) -> CompletionFigures:
    total = Group(Level.AUTHORITY, "Halton", unit_id, ("", "", ""), Counts(100, 64, 20), parts)
    return CompletionFigures(
        organisation_name="Halton",
        organisation_slug="halton",
        course_title="Race equality essentials",
        course_slug="race-equality-essentials",
        course_version=3,
        on=date(2026, 11, 21),
        as_at=NOON,
        smallest_shown=10,
        total=total,
        left_out=LeftOutFigures(()),
    )


def rows_of(figures: CompletionFigures) -> list[dict[str, str]]:
    text = "".join(completion_csv(figures))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_there_is_one_line_for_each_group_from_the_top_down():
    rows = rows_of(figures_with(a_part("Care", Counts(60, 40, 10)), a_part("Parks", Counts(40, 24, 10))))
    assert [(row["level"], row["directorate"], row["complete"]) for row in rows] == [
        ("authority", "", "64"),
        ("directorate", "Care", "40"),
        ("directorate", "Parks", "24"),
    ]
    assert rows[1] == dict(zip(COLUMNS, ["directorate", "Care", "", "", "60", "40", "10", "10", "67", ""], strict=True))


def test_a_hidden_group_says_so_in_every_figure_and_in_the_note():
    row = rows_of(figures_with(a_part("Mayor", None)))[1]
    assert {row[column] for column in COLUMNS[4:9]} == {"not shown"}
    assert row["note"].startswith("Fewer than 10 people, or hidden")


def test_a_group_without_people_has_no_percentage():
    row = rows_of(figures_with(a_part("Empty", Counts())))[1]
    assert (row["people"], row["complete percent"]) == ("0", "")
    assert row["note"] == "Nobody here counts on this date"


@pytest.mark.parametrize(
    "name",
    [
        "Care, Health",
        'The "Hub"',
        "Two\nlines",
        "Seán Ó Súilleabháin’s team",
        "გუნდი ทีม 团队 צוות فريق",
        "Família & Đặng",
    ],
)
def test_names_come_back_as_they_were(name):
    assert rows_of(figures_with(a_part(name, Counts(20))))[1]["directorate"] == name


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_a_name_that_a_spreadsheet_would_run_is_only_text(sign):
    name = f"{sign}HYPERLINK(1)"
    assert safe_cell(name) == f"'{name}"
    assert rows_of(figures_with(a_part(name, Counts(20))))[1]["directorate"] == f"'{name}"


def test_lines_are_made_one_by_one():
    lines = completion_csv(figures_with(*(a_part(f"Part {n}", Counts(20)) for n in range(50))))
    assert next(lines) == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert sum(1 for _ in lines) == 51


def test_the_file_name_says_whose_figures_of_what_and_when():
    assert file_name(figures_with(), "csv") == "halton-race-equality-essentials-version-3-2026-11-21.csv"
    assert file_name(figures_with(unit_id=12), "xlsx").startswith("halton-unit-12-race")
