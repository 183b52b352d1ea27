"""One question asked in every place: page, file, workbook, picture, command, list of people. All say one number.

In the data are leavers, people with two jobs, people who moved here and away, who are exempt or on leave, one person
who was recorded twice, a unit with a new name, and a certificate that was revoked with its completion.
"""

import csv
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import ExemptionReason
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from kernel.clock import local_day, utc_now
from people.merging.merging import merge_people
from people.organisations import UnitKind
from people.reorganisation.steps import Rename
from people.roles import Role
from tests.builders.certificates import completed_by, issued_for
from tests.builders.region import a_person, a_unit, an_account, an_employment, an_organisation, change_job, job_of
from tests.builders.reorganisations import reorganised
from tests.reports.taken_course import begin, finish, people_in

LONG_AGO = datetime(2023, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """What a place says of the whole, and of each directorate by name."""

    people: int
    complete: int
    parts: dict[str, tuple[int, int]]


@pytest.fixture
def region(session, halton, care, course, lead):
    """Of Adult Social Care 30 count and 14 have finished, of Parks 21 and 12."""
    today, parks = local_day(utc_now()), a_unit(session, halton, "Parks")
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    staff = people_in(session, care, 30, course=course, complete=14, in_progress=5, at=LONG_AGO)
    others = people_in(session, parks, 16, course=course, complete=8, at=LONG_AGO)
    people_in(session, care, 11, course=course, complete=11, at=LONG_AGO, ends_on=today - DAY)  # left
    people_in(session, parks, 12, course=course, complete=12, at=LONG_AGO, away_from=today - DAY)  # on leave
    for one in staff[:3]:
        an_employment(session, one, parks, is_main=False)  # two jobs
    for one in people_in(session, care, 3, course=course, complete=3, at=LONG_AGO):
        change_job(session, job_of(session, one), today - DAY, unit_id=parks.id)  # moved within
    for one in people_in(session, parks, 2, course=course, complete=2, at=LONG_AGO, ends_on=today - DAY):
        an_employment(session, one, sefton, starts_on=today)  # moved away
    came = a_person(session, sefton, ends_on=today - DAY)
    an_employment(session, came, parks, starts_on=today)  # came from elsewhere, and had finished there
    finish(session, course, came, sefton, at=LONG_AGO)
    twice = [a_person(session, parks), a_person(session, parks)]
    begin(session, course, twice[0], LONG_AGO)
    merge_people(session, kept_person_id=twice[0].id, merged_person_id=twice[1].id, by=None, now=utc_now())
    for one in people_in(session, care, 10):
        reason, until = ExemptionReason.EQUAL_TRAINING, today + 90 * DAY
        new = NewExemption(one.id, halton.id, course.course_id, reason, "Shown", today, until)
        give_exemption(session, new, by=None, now=utc_now())
    certificate = issued_for(session, completed_by(session, others[15].id, course))
    admin = an_account(session, a_person(session), Role.ADMIN)
    revoke(
        session,
        certificate_number=certificate.number,
        reason=Reason.ISSUED_IN_ERROR,
        words="The wrong person",
        account_id=admin.id,
        now=utc_now(),
    )
    home = a_unit(session, halton, "Home", parent=parks, kind=UnitKind.SERVICE)
    reorganised(session, home, Rename(home.id, "At home"), on=today)
    session.commit()
    return Said(51, 26, {"Adult Social Care": (30, 14), "Parks": (21, 12)})


def the_page(lead, _app):
    page = lead.open("/council/halton")
    share, people = re.search(r"(\d+)% of the (\d+) people who count have finished", page.text).groups()
    rows = {row["Directorate"]: _of_a_row(row) for row in page.table("Completion by directorate")}
    complete = int(re.search(r"(\d+) finished", page.text)[1])
    assert int(share) == 51
    return Said(int(people), complete, rows)


def _of_a_row(row):
    if row["People"] == "":
        return None
    people = int(row["People"].replace(",", ""))
    return people, people - int(row["Not finished"].replace(",", ""))


def the_file(lead, _app):
    text = lead.open("/council/halton/completion.csv").response.get_data(as_text=True).removeprefix("\ufeff")
    return _from_rows(list(csv.DictReader(StringIO(text, newline=""))))


def the_workbook(lead, _app):
    sheet = load_workbook(BytesIO(lead.client.get("/council/halton/completion.xlsx").get_data())).active
    heading, *rows = list(sheet.iter_rows(values_only=True))
    return _from_rows([dict(zip(heading, row, strict=True)) for row in rows])


def _from_rows(rows):
    found = {row["directorate"]: _pair(row) for row in rows if row["level"] == "directorate"}
    (total,) = (_pair(row) for row in rows if row["level"] == "authority")
    return Said(*total, found)


def _pair(row):
    return int(row["people"]), int(row["complete"])


def the_command(_lead, app):
    said = app.test_cli_runner().invoke(args=["figures", "halton", "--json"])
    groups = json.loads(said.output)["groups"]
    parts = {one["name"]: (one["people"], one["complete"]) for one in groups if one["level"] == "directorate"}
    return Said(groups[0]["people"], groups[0]["complete"], parts)


def the_list_of_people(lead, _app):
    def found(**wanted):
        words = "&".join(f"{key}={value}" for key, value in wanted.items())
        return int(re.search(r"(\d[\d,]*) (?:people|person)", lead.open(f"/council/halton/people?{words}").text)[1])

    units = {
        name: int(re.search(r"/units/(\d+)", lead.open("/council/halton").links[name])[1])
        for name in ("Adult Social Care", "Parks")
    }
    parts = {name: (found(unit=key), found(unit=key, state="finished")) for name, key in units.items()}
    return Said(found(), found(state="finished"), parts)


PLACES = {
    "page": the_page,
    "csv": the_file,
    "xlsx": the_workbook,
    "json": the_command,
    "people": the_list_of_people,
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_says_the_same_number(region, lead, app, place):
    assert PLACES[place](lead, app) == region


def test_the_sentence_beside_the_picture_says_it_too(region, lead):
    picture = lead.open("/council/halton/completion.svg").response.get_data(as_text=True)
    assert "51% of the 51 people who count have finished. Complete by part: " in picture
    assert "Adult Social Care 47%" in picture
    assert "Parks 57%" in picture


def test_who_is_left_out_makes_up_everybody_with_a_job_here(region, lead):
    """11 who left, 12 on leave, two who moved away and 10 who are exempt."""
    page = lead.open("/council/halton/who-counts")
    said = {row["Reason"]: row["People"] for row in page.table("People who are not counted")}
    assert said == {
        "Left before this date": "13",
        "On long leave on this date": "12",
        "Exempt: not asked to take this course on this date, and not finished": "10",
        "All who are not counted": "35",
    }
