"""Screens that each reader meets in their own way: hard detail, tables to sort, and examples that fit the job."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.example_sets import ExampleChoice
from courses.records.answers import Answer
from courses.records.attempts import ModuleProgress
from people.accounts import Account
from people.roles import Role
from tests.builders import region
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

COURSE = "/courses/test-course"
FIRST = f"{COURSE}/first-steps"
CAPTION = "People in each area"

SETS = """
examples:
  - {id: libraries, name: Libraries, default: true}
  - {id: parks, name: Parks and depots}
tokens:
  colleague:
    sets: {libraries: Rukhsana at the enquiry desk, parks: Derek at the depot}
modules:"""

SCREENS = """---
id: TC-M1
slug: first-steps
title: First steps
minutes: 4
---
# Detail: what happened {#TC-M1-S1}

::: detail racist violence
The short version in one sentence.
:::

The whole of it, with {{colleague}}.

# Areas {#TC-M1-S2}

::: table own-first sortable People in each area
| Area | Residents | Share |
| --- | --- | --- |
| Halton | 128,478 | 6.4% (8,177) |
| St Helens | 183,248 | 6.3% (11,702) |
| City region | 1,551,764 | 12.2% (189,140) |

[1] has [2] residents.
:::

::: table sortable folded A second table
| Name | Figure |
| --- | --- |
| **Beta** | 2 |
| Alpha | 10 |
:::

# Your examples {#TC-M1-S3}

::: examples
The stories can take place in your own kind of work.
:::

# A story {#TC-M1-S4}

You work with {{colleague}}.

# A question {#TC-M1-S5}

::: question TC-M1-Q1
:::
"""


@pytest.fixture
def enter(browser: Browser, session: Session) -> Callable[[str], Browser]:
    """Somebody of an authority who has just begun the course."""
    a_course(session, course=region.COURSE.replace("modules:", SETS.strip("\n")), first=SCREENS)

    def begin(slug: str) -> Browser:
        unit = a_unit(session, an_organisation(session, slug, slug))
        account: Account = an_account(session, a_person(session, unit))
        session.commit()
        browser.enter_as(account)
        browser.submit(COURSE, "Start this course")
        return browser

    return begin


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


def reach_the_choice(browser: Browser) -> None:
    browser.submit(f"{FIRST}/1", "Continue")
    browser.submit(f"{FIRST}/2", "Continue")


def test_who_picks_no_set_reads_the_default(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue")
    assert "You work with Rukhsana at the enquiry desk." in page.text


def test_the_set_that_was_picked_is_read_from_then_on_and_can_be_changed(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue", examples="parks")
    assert "You work with Derek at the depot." in page.text
    assert "Your examples: Parks and depots" in browser.open(COURSE).text
    page = browser.submit(f"{COURSE}/examples", "Save your choice", examples="libraries")
    assert "Your choice is saved" in page.response.get_data(as_text=True)
    assert "Rukhsana" in browser.open(f"{FIRST}/4").text
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 1


def test_a_set_that_there_is_not_is_refused_beside_the_choice(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    page = browser.post(
        f"{COURSE}/examples",
        {
            "csrf_token": browser.open(f"{COURSE}/examples").form("Save your choice")[1]["csrf_token"],
            "examples": "zebra",
        },
    )
    assert page.status == 422
    assert page.errors == ["Select the examples that fit your job"]
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 0


def test_the_choice_of_one_person_is_not_that_of_another(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    browser.submit(f"{FIRST}/3", "Continue", examples="parks")
    enter("wirral")
    assert "Your examples: Libraries" in browser.open(COURSE).text


def test_the_page_of_examples_leads_back_before_the_course_is_begun(browser: Browser, session: Session) -> None:
    a_course(session)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    session.commit()
    assert browser.enter_as(account).open(f"{COURSE}/examples").heading == "Test course"
    browser.submit(COURSE, "Start this course")
    assert browser.open(f"{COURSE}/examples").status == 404


PREVIEW = "/manage/courses/test-course/versions/1/preview/first-steps"


@pytest.fixture
def author(browser: Browser, session: Session) -> Browser:
    """An author, where the course is published with a question for some people only."""
    first = SCREENS.replace(
        "TC-M1-Q1\n", "TC-M1-Q1 for=another-course,others\n:::\n\n::: question TC-M1-Q2 for=third\n"
    )
    more = region.QUESTIONS + region.QUESTIONS.split("- id: TC-M2-Q1")[0].replace("M1-Q1", "M1-Q2")
    course = region.COURSE.replace("modules:", SETS.strip("\n"))
    a_course(session, course=course, first=first, questions=more)
    account = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "Rukhsana"), ("?examples=parks", "Derek"), ("?examples=zebra", "Rukhsana"), ("?examples=", "Rukhsana")],
)
def test_authors_preview_any_set(author: Browser, query: str, words: str) -> None:
    assert f"You work with {words}" in author.open(f"{PREVIEW}/4{query}").text


def test_authors_see_both_versions_of_hard_detail_and_the_table(author: Browser) -> None:
    page = author.open(f"{PREVIEW}/1?examples=parks")
    assert "This screen mentions racist violence" in page.text
    assert "The short version in one sentence" in page.text
    assert "The whole of it, with Derek" in page.text
    assert "Next" in " ".join(page.links)
    table = author.open(f"{PREVIEW}/2").table(f"{CAPTION}. Order: As in the source")
    assert [row["Area"] for row in table] == ["Halton", "St Helens", "City region"]


def test_authors_see_for_whom_a_question_is(author: Browser) -> None:
    page = author.open(f"{PREVIEW}/5")
    assert "for people who completed another-course, and for those who get no other of these questions" in page.text
    assert "This question is for people who completed third." in page.text


def test_another_set_leaves_answers_as_they_were(enter: Callable[[str], Browser], session: Session) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    browser.submit(f"{FIRST}/3", "Continue")
    browser.submit(f"{FIRST}/4", "Continue")
    browser.submit(f"{FIRST}/5", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/examples", "Save your choice", examples="parks")
    assert session.scalars(select(Answer.response)).all() == ["a"]
    assert "This is the one that the test course asks for" in browser.open(f"{FIRST}/5").text


def test_a_set_that_somebody_made_up_is_refused_on_its_screen(
    enter: Callable[[str], Browser], session: Session
) -> None:
    browser = enter("halton")
    reach_the_choice(browser)
    page = browser.submit(f"{FIRST}/3", "Continue", examples="zebra")
    assert page.status >= 400
    assert "Select the examples that fit your job" in page.text
    assert session.scalar(select(func.count()).select_from(ExampleChoice)) == 0
