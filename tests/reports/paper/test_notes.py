"""The sheet of notes of a workbook of figures."""

from dataclasses import replace
from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from reports.csv_export import completion_workbook
from reports.groups import Counts, RoundedCounts
from reports.paper.notes import Made
from reports.suppression import LeftOutFigure, LeftOutFigures
from tests.reports.test_csv_export import a_part, figures_with

ADDRESS = "https://learn.example.org/council/halton?course=race-equality-essentials&on=2026-11-21"
MADE = Made("=Siân Lead", ADDRESS, ("FIG-7K4M-29QX-C",))
LEFT_OUT = LeftOutFigures((LeftOutFigure("Left before this date", 25), LeftOutFigure("Agency worker", None)))


def notes_of(figures, made=MADE):
    book = load_workbook(BytesIO(completion_workbook(figures, made)))
    assert book.sheetnames == ["Halton", "Notes"]
    assert book.active.title == "Halton"
    assert [sheet.freeze_panes for sheet in book] == ["A2", "A2"]
    assert book["Notes"].column_dimensions["B"].width > 60
    rows = list(book["Notes"].iter_rows(values_only=True))
    assert rows[0] == ("about", "note")
    return dict(rows[1:])


def test_the_notes_say_who_is_counted_who_is_left_out_when_and_by_whom():
    notes = notes_of(replace(figures_with(a_part("Care", Counts(60, 40))), left_out=LEFT_OUT))
    assert notes["Authority"] == "Halton"
    assert notes["Day of the figures"].date() == date(2026, 11, 21)
    assert notes["Who is counted"].startswith("A person counts once")
    assert (notes["People who are counted"], notes["Left out: Left before this date"]) == (100, 25)
    assert notes["Left out: Agency worker"] == "not shown"
    assert notes["Small groups"].startswith("A group of fewer than 10 people is not shown")
    assert notes["Rounding"].startswith("Counts are exact.")
    assert notes["Made by"] == "=Siân Lead"
    assert notes["The same figures"] == ADDRESS
    assert notes["Published as"] == "FIG-7K4M-29QX-C"


def test_figures_of_a_day_that_is_over_say_how_they_are_rounded():
    figures = figures_with()
    then = RoundedCounts(100, 60, step=10, on=date(2026, 10, 31))
    earlier = replace(figures, step=10, small_groups_on=date(2026, 10, 31), total=replace(figures.total, counts=then))
    notes = notes_of(earlier, Made("Siân Lead", ADDRESS))
    assert notes["Rounding"].startswith("Figures of a day that is over are rounded to the nearest 10")
    assert notes["Small groups"].startswith("Groups of fewer than 50 people")
    assert notes["Day of groups that are not large"].date() == date(2026, 10, 31)
    assert "Published as" not in notes
