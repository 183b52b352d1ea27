"""Screens that each reader meets in their own way: hard detail, and tables to sort."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.records.attempts import ModuleProgress
from tests.app.learn.screens.conftest import CAPTION, FIRST
from tests.reading import Browser


def test_hard_detail_begins_with_its_short_version_and_the_rest_stays_shut(enter: Callable[[str], Browser]) -> None:
    page = enter("halton").open(f"{FIRST}/1")
    assert "This screen mentions racist violence" in page.text
    rest = page.soup.find("details")
    assert "The short version in one sentence" in page.text.split("Read all of it")[0]
    assert "The whole of it, with Rukhsana" in rest.get_text()
    assert not rest.has_attr("open")
    assert [form["method"] for form in page.soup.find("main").find_all("form")] == ["post"]


def test_neither_version_has_an_address_and_both_count_alike(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    page = browser.open(f"{FIRST}/1")
    assert [link["href"] for link in page.soup.find("main").find_all("a") if "detail" in link["href"]] == []
    assert browser.submit(f"{FIRST}/1", "Continue").heading == "Areas"
    assert session.scalars(select(ModuleProgress.screens_done)).all() == [1]


@pytest.mark.parametrize("query", ["detail=full", "detail=short", "open=1"])
def test_an_address_from_elsewhere_opens_nothing(enter: Callable[[str], Browser], query: str) -> None:
    browser = enter("halton")
    plain = browser.open(f"{FIRST}/1").soup.find("main").find("details")
    assert str(browser.open(f"{FIRST}/1?{query}").soup.find("main").find("details")) == str(plain)


def areas(browser: Browser, query: str, order: str) -> list[str]:
    page = browser.open(f"{FIRST}/2{query}")
    return [row["Area"] for row in page.table(f"{CAPTION}. Order: {order}")]


@pytest.mark.parametrize(
    ("slug", "order"),
    [
        ("halton", ["Halton (your area)", "St Helens", "City region"]),
        ("st-helens", ["St Helens (your area)", "Halton", "City region"]),
        ("combined-authority", ["City region (your area)", "Halton", "St Helens"]),
    ],
)
def test_the_table_begins_with_the_area_of_the_reader(
    enter: Callable[[str], Browser], slug: str, order: list[str]
) -> None:
    browser = enter(slug)
    browser.submit(f"{FIRST}/1", "Continue")
    assert areas(browser, "", f"{order[0].split(' (')[0]} first") == order


def test_what_one_reader_sees_is_not_kept_for_readers_elsewhere(enter: Callable[[str], Browser]) -> None:
    for slug, first in (("halton", "Halton"), ("st-helens", "St Helens"), ("wirral", None)):
        browser = enter(slug)
        browser.submit(f"{FIRST}/1", "Continue")
        plain = f"{first} first" if first else "As in the source"
        for _ in range(2):
            assert areas(browser, "", plain)[0] == (f"{first} (your area)" if first else "Halton")
            # The order that somebody asks for is for that page alone.
            assert areas(browser, "?sort=2-descending", "Residents, highest first")[0] == "City region"


def test_the_table_is_sorted_by_figures_and_says_so(enter: Callable[[str], Browser]) -> None:
    browser = enter("halton")
    browser.submit(f"{FIRST}/1", "Continue")
    by_people = areas(browser, "?sort=2-descending", "Residents, highest first")
    assert by_people == ["City region", "St Helens", "Halton (your area)"]
    assert areas(browser, "?sort=3-ascending", "Share, lowest first")[0] == "St Helens"
    assert areas(browser, "?sort=1-ascending", "Area, A to Z")[0] == "City region"
    page = browser.open(f"{FIRST}/2?sort=2-descending")
    assert [cell.get("aria-sort") for cell in page.soup.find_all("th", scope="col")][:3] == [
        None,
        "descending",
        None,
    ]
    assert "City region has 1,551,764 residents." in page.text


def test_a_second_table_keeps_the_order_of_the_first(enter: Callable[[str], Browser]) -> None:
    browser = enter("halton")
    browser.submit(f"{FIRST}/1", "Continue")
    page = browser.open(f"{FIRST}/2?sort=2-descending&sort2=1-ascending")
    assert [row["Name"] for row in page.table("A second table. Order: Name, A to Z")] == ["Alpha", "Beta"]
    assert [form.find_all("input")[0]["name"] for form in page.soup.find_all("form", class_="cg-sort")] == [
        "sort2",
        "sort",
    ]
    folded = browser.open(f"{FIRST}/2").soup.find("details", id="sort2-table")
    assert folded is not None
    assert not folded.has_attr("open")
    assert page.soup.find("details", id="sort2-table").has_attr("open")


@pytest.mark.parametrize("nonsense", ["9-ascending", "0-descending", "2", "two-descending", "<b>"])
def test_an_order_that_there_is_not_leaves_the_table_as_it_was(enter: Callable[[str], Browser], nonsense: str) -> None:
    browser = enter("halton")
    browser.submit(f"{FIRST}/1", "Continue")
    assert areas(browser, f"?sort={nonsense}", "Halton first")[0] == "Halton (your area)"
