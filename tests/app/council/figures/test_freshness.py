"""How long ago people finished: on its page, in its file and by its command the same, for those who may see figures."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import update

from kernel.clock import local_day, utc_now
from people.persons import Person
from people.roles import Role
from tests.app.council.figures.conftest import LONG_AGO
from tests.builders.region import a_person, a_unit, an_account
from tests.reports.taken_course import finish, people_in

PAGE = "/council/halton/freshness"


@pytest.fixture
def staff(session, halton, care, course):
    """Eighty in Care, of whom ten finished last month and five long ago; three in the Mayor’s Office, all lately."""
    lately = utc_now() - timedelta(days=30)
    people = people_in(session, care, 80, course=course, complete=10, at=lately)
    for one in people[10:15]:
        finish(session, course, one, care, at=LONG_AGO)
    people_in(session, a_unit(session, halton, "Mayor’s Office"), 3, course=course, complete=3, at=lately)
    people_in(session, a_unit(session, halton, "Parks"), 12)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return people


def lines(page):
    return list(csv.DictReader(StringIO(page.response.get_data(as_text=True).removeprefix("\ufeff"), newline="")))


def test_page_file_and_command_say_the_same(app, lead, staff):
    page = lead.open(PAGE)
    assert "14% of the 95 people who count finished within the last 12 months." in page.text
    rows = page.table("How long ago people finished, by directorate")
    assert [tuple(row.values())[:6] for row in rows[:2]] == [
        ("Halton Borough Council", "95", "14% (13)", "14% (13)", "14% (13)", "77"),
        ("Adult Social Care", "80", "13% (10)", "13% (10)", "13% (10)", "65"),
    ]
    assert [row["People"] for row in rows[2:]] == ["not shown", "not shown"]
    whole, care, *small = lines(lead.open(page.links["Download these figures (CSV)"]))
    assert (whole["people"], whole["within 12 months"], whole["at any time"], whole["within 12 months percent"]) == (
        "95", "13", "18", "14",
    )  # fmt: skip
    assert (care["within 36 months"], care["last finished: version 1"]) == ("10", "15")
    assert {row["within 12 months"] for row in small} == {"not shown"}
    words = ["figures", "halton", "--measure", "freshness"]
    said = json.loads(app.test_cli_runner().invoke(args=[*words, "--json"]).output)
    assert [(one["people"], one["finished"]) for one in said["groups"][:3]] == [(95, 18), (80, 15), (None, None)]
    assert said["definition"]["measure"] == "freshness"
    assert "Adult Social Care" in app.test_cli_runner().invoke(args=words).output


def test_of_a_day_that_is_over_it_is_in_tens_and_the_day_stays(lead, staff):
    day = local_day(utc_now()).replace(day=1) - timedelta(days=1)
    page = lead.open(f"{PAGE}?on={day}")
    assert "of about 100 people who counted finished within the last 12 months" in page.text
    assert f"on={day}" in page.links["Download these figures (CSV)"]
    assert f"on={day}" in page.links["Units"]


def test_a_manager_sees_their_own_unit_and_another_authority_is_not_there(session, browser, lead, staff, care, halton):
    manager = browser.enter_as(an_account(session, a_person(session, name="A Manager"), Role.MANAGER, unit=care))
    page = manager.open(PAGE)
    assert "13% of the 80 people who count" in page.text
    assert "Mayor’s Office" not in page.text
    assert manager.open("/council/sefton/freshness").status == 404
    assert manager.open("/council/sefton/freshness.csv").status == 404


def test_by_route_it_is_refused_in_words(lead, staff):
    page = lead.open(f"{PAGE}?by=route")
    assert page.status == 422
    assert "by unit, grade or contract, and not by route" in page.text


def test_a_day_that_is_typed_goes_before_the_list_and_stands_in_the_address(lead, staff):
    target, sent = lead.open("/council/halton").form("Show these figures")
    typed = {**sent, "another": ["12", "3", "2026"], "on": "2026-02-28"}
    answered = lead.client.get(target, query_string=typed)
    assert answered.status_code == 302
    assert "on=2026-03-12" in answered.headers["Location"]
    page = lead.open(answered.headers["Location"])
    assert "As at 12 March 2026: the units and their names are those of that day" in page.text
    _, sent = page.form("Show these figures")
    assert sent["on"] == "2026-03-12"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "2", "2026"), "The day must be a real date"),
        (("12", "", "2026"), "The day must include a month"),
        (("12", "3", "26"), "Year must include 4 numbers"),
        (("9" * 40, "\x00", "-1"), "The day must include a day from 1 to 31"),
        (("1", "1", "2999"), "1 January 2999 has not come yet."),
        (("1", "1", "1900"), "begins on"),
    ],
)
def test_each_day_that_is_none_gets_words_in_the_summary_and_at_the_field(lead, staff, typed, words):
    for address in ("/council/halton", PAGE, "/council/halton/units"):
        answered = lead.client.get(address, query_string={"another": list(typed)})
        page = answered.get_data(as_text=True)
        assert answered.status_code == 404
        assert page.count(words) >= 3  # in the sentence, in the summary, and beside the boxes
        assert "<title>Error: " in page
