"""Figures by grade or of one part, on pages and in files; and who is counted in just that."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from kernel.clock import local_day, utc_now
from people.organisations import UnitKind
from people.roles import Role
from reports.figures.definition import ONE_AT_A_TIME
from tests.app.council.figures.conftest import LONG_AGO
from tests.builders.region import a_person, a_unit, an_account, change_job, job_of
from tests.reading import Browser
from tests.reports.taken_course import people_in

DAY = timedelta(days=1)


@pytest.fixture
def home(session, halton, care, course):
    """A service of 24 in Adult Social Care, beside 16 directly in it; of two grades there are few, and one finished."""
    today = local_day(utc_now())
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    people = people_in(session, home, 24, course=course, complete=13, at=LONG_AGO)
    people_in(session, care, 16, course=course, complete=4, at=LONG_AGO)
    people_in(session, home, 11, course=course, at=LONG_AGO, ends_on=today - DAY)
    for one in people[:12]:
        change_job(session, job_of(session, one), today - DAY, grade="G9")
    for place, one in enumerate(people[12:23]):
        change_job(session, job_of(session, one), today - DAY, grade="G12" if place < 2 else "G11")
    session.commit()
    return home


def test_figures_by_grade_stand_on_the_page_and_in_the_file(lead, home):
    page = lead.open("/council/halton?by=grade")
    rows = {row["Grade"]: (row["People"], row["Complete"]) for row in page.table("Completion by grade")}
    assert rows == {"G5": ("17", "4"), "G9": ("12", "12"), "Other grades": ("11", "1")}
    text = lead.open(page.links["Download the figures (CSV)"]).response.get_data(as_text=True)
    lines = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [(one["level"], one["grade"], one["people"]) for one in lines] == [
        ("authority", "", "40"),
        ("grade", "G5", "17"),
        ("grade", "G9", "12"),
        ("grade", "Other grades", "11"),
    ]


def test_each_share_leads_to_who_is_counted_in_it_and_who_is_not(lead, care, home):
    page = lead.open(f"/council/halton/units/{care.id}")
    explained = lead.open(page.links["54%"])
    assert "Home Care, Halton Borough Council" in explained.text
    assert "24 people count today." in explained.text
    (row,) = (one for one in explained.table("People who are not counted") if one["Reason"].startswith("Left"))
    assert row["People"] == "11"
    of_grade = lead.open(lead.open("/council/halton?by=grade").links["100%"])
    assert "12 people count today." in of_grade.text


@pytest.mark.parametrize("address", ["", "/who-counts", "/completion.csv", "/completion.xlsx", "/completion.svg"])
def test_what_cannot_be_asked_is_refused_in_words_everywhere(lead, home, address):
    for asked, words in (
        (f"by=grade&unit={home.id}", ONE_AT_A_TIME),
        ("grade=G5&contract=Permanent", ONE_AT_A_TIME),
        ("grade=G12", "few people have it, or nobody"),
        ("grade=G77", "few people have it, or nobody"),
        ("by=shoe-size", "Figures cannot be broken down by “shoe-size”."),
    ):
        page = lead.open(f"/council/halton{address}?{asked}")
        assert page.status == 422
        assert words in page.text
    for unit in ("987654", "Parks", "-1", "9" * 30):
        assert lead.open(f"/council/halton{address}?unit={unit}").status == 404


def test_a_manager_asks_about_units_of_theirs_and_nothing_else(session, app, halton, care, home):
    parks = a_unit(session, halton, "Parks")
    people_in(session, parks, 20)
    boss = Browser(app).enter_as(an_account(session, a_person(session), Role.MANAGER, unit=care))
    page = boss.open("/council/halton")
    explained = boss.open(page.links["54%"])
    assert "Home Care, Halton Borough Council" in explained.text
    for asked in (f"unit={parks.id}", "by=grade", "grade=G9", "by=route"):
        for address in ("", "/who-counts", "/completion.csv"):
            assert boss.open(f"/council/halton{address}?{asked}").status == 404
