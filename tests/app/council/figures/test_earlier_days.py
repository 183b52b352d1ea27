"""Figures as at a day that is over, on their pages and in their files; the day stays in the address."""

import csv
from datetime import UTC, date, datetime, time
from io import BytesIO, StringIO
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from kernel.clock import local_day, utc_now
from people.organisations import UnitKind
from people.persons import Person
from people.reorganisation.applying import decide
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.steps import Merge, Move, Rename
from people.roles import Role
from tests.app.council.figures.conftest import LONG_AGO
from tests.builders.region import a_person, a_unit, an_account
from tests.reading import Browser
from tests.reports.taken_course import people_in

BEGAN = date(2023, 1, 10)
MARCH = date(2026, 3, 31)
THEN = "/council/halton?on=2026-03-31"


def staff(session, unit, how_many, course, complete=0):
    found = people_in(session, unit, how_many, course=course, at=LONG_AGO, complete=complete)
    began = datetime.combine(BEGAN, time(9), UTC)
    session.execute(update(Person).where(Person.id.in_([one.id for one in found])).values(created_at=began))
    session.commit()
    return found


def said(page):
    return " ".join(page.soup.get_text(" ").split()).replace("“ ", "“").replace(" ”", "”")


def test_the_page_says_which_day_which_units_and_which_names_hold(session, lead, care, course):
    staff(session, care, 123, course, complete=64)
    page = lead.open(THEN)
    assert page.status == 200
    assert "About 50% of about 120 people who counted on 31 March 2026 had finished." in page.text
    assert "As at 31 March 2026: the units and their names are those of that day" in page.text
    (row,) = page.table("Completion by directorate")
    assert (row["People"], row["Complete"], row["Not finished"], row["Share complete"]) == ("120", "60", "60", "50%")
    assert "In progress" not in page.text


def test_the_day_is_chosen_from_a_list_and_stays_in_the_address(session, lead, care, course):
    staff(session, care, 60, course)
    target, sent = lead.open("/council/halton").form("Show these figures")
    page = lead.open(f"{target}?{urlencode({**sent, 'on': '2026-03-31'}, doseq=True)}")
    assert "on=2026-03-31" in page.links["Adult Social Care"]
    assert "on=2026-03-31" in page.links["Download the figures (CSV)"]
    assert "on=2026-03-31" in page.links["Units"]
    assert "on=" not in page.links["People"]
    assert "on=" not in page.links["Who has finished by today, by name"]
    below = lead.open(page.links["Adult Social Care"])
    assert "About 0 of about 60 people who counted on 31 March 2026 had finished." in below.text
    assert "As at 31 March 2026" in lead.open(page.links["All units, as a tree"]).text
    assert "About 60 people counted on 31 March 2026" in lead.open(f"/council/halton/who-counts?on={MARCH}").text


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2023-01-20", "The first day of which there are figures is the last of that month."),
        ("2022-12-31", "The record of Halton Borough Council begins on 10 January 2023."),
        ("2999-12-31", "31 December 2999 has not come yet."),
        ("9999-12-31", "31 December 9999 has not come yet."),
        ("0001-01-31", "begins on 10 January 2023"),
        ("31/03/2026", "“31/03/2026” is not a day. Choose one from the list."),
        ("2026-02-30", "“2026-02-30” is not a day."),
        ("<b>", "“<b>” is not a day."),
    ],
)
def test_a_day_of_which_there_are_no_figures_gets_words_and_the_days_that_can_be_had(
    session, lead, care, course, on, words
):
    staff(session, care, 60, course)
    for address in ("/council/halton", "/council/halton/units", f"/council/halton/units/{care.id}"):
        page = lead.open(f"{address}?on={on}")
        assert page.status == 404
        assert words in said(page)
        assert "31 March 2026" in page.text
    for ending in ("csv", "xlsx", "svg"):
        refused = lead.open(f"/council/halton/completion.{ending}?on={on}")
        assert refused.status == 422
        assert words in refused.text


def test_today_is_no_earlier_day(session, lead, care, course):
    staff(session, care, 25, course, complete=16)
    page = lead.open(f"/council/halton?on={local_day(utc_now())}")
    assert "64% of the 25 people who count have finished." in page.text


def test_files_and_the_picture_are_of_that_day(session, lead, care, course):
    staff(session, care, 123, course, complete=64)
    page = lead.open("/council/halton/completion.csv?on=2026-03-31")
    assert "2026-03-31.csv" in page.response.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(page.response.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert {row["as at"] for row in rows} == {"2026-03-31"}
    assert (rows[1]["people"], rows[1]["complete"]) == ("120", "60")
    workbook = lead.client.get("/council/halton/completion.xlsx?on=2026-03-31")
    assert "2026-03-31.xlsx" in workbook.headers["Content-Disposition"]
    with ZipFile(BytesIO(workbook.get_data())) as parts:
        assert any(b"46112" in parts.read(name) for name in parts.namelist())  # that day, as workbooks count days
    picture = lead.open("/council/halton/completion.svg?on=2026-03-31").response.get_data(as_text=True)
    assert "On 31 March 2026, about 50% of about 120 people who counted had finished." in picture


def test_small_groups_are_not_shown_and_no_remainder_tells_of_them(session, lead, halton, care, course):
    staff(session, care, 60, course, complete=30)
    staff(session, a_unit(session, halton, "Mayor’s Office"), 3, course, complete=3)
    page = lead.open(THEN)
    rows = {row["Directorate"]: row for row in page.table("Completion by directorate")}
    assert rows["Mayor’s Office"]["People"] == "not shown"
    assert rows["Adult Social Care"]["People"] == "60"
    assert "Together they are" not in page.text


def test_a_reorganisation_leaves_what_was_said_of_last_march(session, app, lead, halton, care, course):
    """Before it, after it is decided, and after its day: the same tables, the same files, by the old names."""
    home = a_unit(session, halton, "Home care", parent=care, kind=UnitKind.SERVICE)
    day = a_unit(session, halton, "Day care", parent=care, kind=UnitKind.SERVICE)
    parks = a_unit(session, halton, "Parks")
    for unit, people, complete in ((home, 71, 40), (day, 55, 12), (parks, 120, 66), (care, 3, 1)):
        staff(session, unit, people, course, complete=complete)
    before = what_is_said_of_march(lead, care)
    steps = (Rename(care.id, "Adults"), Merge(home.id, day.id), Move(day.id, parks.id))
    wanted = Wanted("The new shape", local_day(utc_now()), steps)
    seen = preview(session, organisation=halton, wanted=wanted, now=utc_now())
    assert seen.findings == ()
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=utc_now())
    session.commit()
    assert what_is_said_of_march(lead, care) == before
    today = lead.open("/council/halton")
    assert {row["Directorate"] for row in today.table("Completion by directorate")} == {"Adults", "Parks"}


def what_is_said_of_march(lead: Browser, care) -> tuple[str, ...]:
    unit = f"/council/halton/units/{care.id}"
    pages = ("/council/halton?", "/council/halton/units?open=all&", f"{unit}?")
    texts = [lead.open(f"{address}on=2026-03-31").text for address in pages]
    files = [lead.open(f"/council/halton/completion.{end}?on=2026-03-31").response.get_data() for end in ("csv", "svg")]
    assert "Adult Social Care" in texts[0]
    assert "Home care" in texts[1]
    return (*texts, *map(repr, files))


def test_a_unit_that_is_newer_than_the_day_is_said_to_be_no_part_of_it(session, lead, halton, care, course):
    staff(session, care, 60, course)
    today = local_day(utc_now())
    late = a_unit(session, halton, "Parks")
    wanted = Wanted("Adults", today, (Merge(late.id, care.id),))
    seen = preview(session, organisation=halton, wanted=wanted, now=utc_now())
    decide(session, organisation=halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=utc_now())
    session.commit()
    assert lead.open(f"/council/halton/units/{late.id}").status == 404
    gone = lead.open("/council/halton/units/987654?on=2026-03-31")
    assert gone.status == 404
    assert "This unit is not in the figures of 31 March 2026." in gone.text


def test_a_manager_sees_their_own_unit_as_it_was(session, app, halton, care, course):
    staff(session, care, 60, course, complete=30)
    other = a_unit(session, halton, "Parks")
    staff(session, other, 80, course)
    boss = Browser(app).enter_as(an_account(session, a_person(session, name="Bo Li"), Role.MANAGER, unit=care))
    page = boss.open(THEN)
    assert "About 30 of about 60 people who counted on 31 March 2026 had finished." in page.text
    assert "Parks" not in said(page)
    assert boss.open(f"/council/halton/units/{other.id}?on=2026-03-31").status == 404
