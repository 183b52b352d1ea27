"""Month by month: the same rounded figures as each day that is over has on its own page, and nothing between them."""

from datetime import date

import pytest
from sqlalchemy import update

from kernel.clock import local_day, utc_now
from people.persons import Person
from reports.earlier_days import published_days
from tests.app.council.figures.conftest import LONG_AGO
from tests.builders.region import a_unit
from tests.reports.taken_course import people_in

PAGE = "/council/halton/trend"


@pytest.fixture
def parks(session, halton):
    return a_unit(session, halton, "Parks")


@pytest.fixture
def staff(session, care, parks, course):
    people_in(session, care, 123, course=course, complete=64, at=LONG_AGO)
    people_in(session, parks, 12, course=course, complete=12, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()


def test_each_month_says_what_its_own_page_says(session, lead, staff):
    page = lead.open(PAGE)
    rows = page.table("Finished by the end of each month")
    newest = published_days(first=date(2023, 1, 1), today=local_day(utc_now()))[:12]
    assert len(rows) == 12
    assert {(row["People"], row["Finished"], row["Share finished"]) for row in rows} == {("140", "80", "57%")}
    day = f"{newest[0].day} {newest[0]:%B %Y}"
    assert rows[0]["As at"] == day
    assert "About 57% of about 140 people" in lead.open(page.links[day]).text
    assert page.soup.find("svg", class_="cg-trend").find("title").get_text() == "Share finished, month by month"
    assert len(page.soup.find_all(class_="cg-trend__point")) == 12


def test_a_small_unit_has_no_months(lead, parks, staff):
    page = lead.open(f"{PAGE}?unit={parks.id}")
    assert {row["People"] for row in page.table("Finished by the end of each month")} == {"not shown"}
    assert "There is no share of a month that may be shown." in page.text
    assert page.soup.find("svg", class_="cg-trend") is None


def test_another_authority_is_not_there(lead, staff):
    assert lead.open("/council/sefton/trend").status == 404
