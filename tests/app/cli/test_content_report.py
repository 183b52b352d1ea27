"""The content report: every screen of the shipped courses, what to mend first, and what nobody looked at."""

import csv
import json
from pathlib import Path

import pytest
from flask import Flask

from app.cli.content_report_files import NOT_LOOKED_AT, make_report
from courses.catalogue.shipped import LIBRARY


def run(app: Flask, folder: Path, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["content-report", "--into", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return str(result.output)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_screen_of_every_shipped_course_has_a_row(app: Flask, tmp_path: Path) -> None:
    run(app, tmp_path)
    screens = rows(tmp_path / "screens.csv")
    assert {row["Course"] for row in screens} == {
        folder.name for folder in LIBRARY.iterdir() if (folder / "course.yaml").exists()
    }
    assert len({row["Screen"] for row in screens}) == len(screens) > 200
    assert len(rows(tmp_path / "modules.csv")) > 20


def test_without_a_browser_the_report_says_so_plainly(app: Flask, tmp_path: Path) -> None:
    printed = run(app, tmp_path, "--pages", str(tmp_path / "missing.json"))
    assert "No page was looked at in a browser" in printed
    assert {row["Accessibility"] for row in rows(tmp_path / "screens.csv")} == {NOT_LOOKED_AT}
    assert "No page was looked at in a browser" in (tmp_path / "report.md").read_text("utf-8")


def test_what_the_browser_found_comes_first(app: Flask, tmp_path: Path) -> None:
    pages = tmp_path / "pages.json"
    pages.write_text(json.dumps({"RE-M5-S1": ["axe color-contrast: Text is hard to see"], "RE-M5-S2": []}), "utf-8")
    printed = run(app, tmp_path, "--pages", str(pages))
    assert "2 of " in printed
    assert "RE-M5-S1" in printed
    first, *others = rows(tmp_path / "screens.csv")
    assert (first["Screen"], first["Accessibility"]) == ("RE-M5-S1", "axe color-contrast: Text is hard to see")
    assert next(row for row in others if row["Screen"] == "RE-M5-S2")["Accessibility"] == "none"


def test_the_hardest_screen_to_read_stands_above_easier_ones() -> None:
    ages = [one.readability.reading_age or 0 for one in make_report(LIBRARY, None).worst if not one.faults]
    assert ages == sorted(ages, reverse=True)


def test_the_glossary_can_be_read_at_eleven() -> None:
    assert (make_report(LIBRARY, None).glossary_age or 99) <= 11


def test_no_shipped_screen_is_too_long_or_too_hard_to_read() -> None:
    """Reading age 11, sentences of 25 words and screens of 120: the aim of the brief, for every course."""
    assert {one.screen_id: one.faults for one in make_report(LIBRARY, None).screens if one.faults} == {}


def test_every_shipped_module_keeps_to_its_budget_of_words() -> None:
    """550 to 700 words for nine minutes, and as much for each minute of the add-ons and follow-ups."""
    modules = make_report(LIBRARY, None).modules
    assert {one.module_id: one.verdict for one in modules if one.verdict != "within"} == {}


def test_a_course_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "course.yaml").write_text("format: 2", "utf-8")
    with pytest.raises(ValueError, match="broken"):
        make_report(tmp_path, None)
