"""Month by month: the same rounded figures as each day that is over has on its own page, and nothing between them."""

from datetime import date

import pytest
from sqlalchemy import update

from kernel.clock import local_day, utc_now
from people.persons import Person
from reports.earlier_days import published_days
from reports.kept.keeping import count_day, keep
from reports.kept.record import close_days
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


def keep_months(session, halton, course):
    days = published_days(first=date(2023, 6, 1), today=local_day(utc_now()))[:12]
    close_days(session, days[0], now=utc_now())
    for on in days:
        keep(session, count_day(session, organisation_id=halton.id, course_id=course.course_id, on=on, now=utc_now()))
    session.commit()
    return days


def test_the_overview_draws_the_months_that_are_kept_and_today(session, lead, halton, care, parks, course, staff):
    assert lead.open("/council/halton").soup.find(class_="cg-small-trend") is None, "it counts no month itself"
    days = keep_months(session, halton, course)
    people_in(session, care, 10, course=course, complete=10, starts_on=local_day(utc_now()))
    session.commit()
    page = lead.open("/council/halton")
    drawn = page.soup.find(class_="cg-small-trend")
    first = f"{days[-1].day} {days[-1]:%B %Y}"
    assert drawn.find("desc").get_text() == f"About 57% had finished on {first}, and 59% have today."
    assert [one.get_text() for one in drawn.find_all("text")] == ["57%", "59%", first, "today"]
    assert lead.open(drawn.find("a")["href"]).soup.find("h1").get_text() == "Month by month"
    # A small unit has no months, and so no line.
    assert lead.open(f"/council/halton?unit={parks.id}").soup.find(class_="cg-small-trend") is None
    # Of a day that is over there is none either; and once a month is to be counted anew, none is drawn.
    assert lead.open(f"/council/halton?on={days[0]}").soup.find(class_="cg-small-trend") is None
    people_in(session, care, 1, starts_on=days[-1])
    session.commit()
    assert lead.open("/council/halton").soup.find(class_="cg-small-trend") is None


def test_months_carry_their_year(lead, staff):
    words = [one.get_text() for one in lead.open(PAGE).soup.find_all(class_="cg-trend__month")]
    newest = published_days(first=date(2023, 1, 1), today=local_day(utc_now()))[:12]
    assert words[0] == f"{newest[-1]:%b%Y}"
    assert [one for one in words if one.startswith("Jan")] == [f"Jan{day.year}" for day in newest if day.month == 1]
