"""Every page and file about an authority, as everybody: no small number to pass on, no name for strangers."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.platform.pages.opened_names import LISTED
from assignments.requirements import require_course
from kernel.audit import AuditEntry
from people.accounts import Account
from people.organisations import Organisation, Unit, UnitKind
from people.roles import Role
from people.visibility import WHO_SEES_WHAT
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page
from tests.reports.taken_course import people_in

LONG_AGO = datetime(2023, 5, 4, 12, tzinfo=UTC)
TEAM = "Night shift"
NAMES = ("Zebedee Uniquename", "Yolanda Uniquename", "Xanthe Uniquename", "Wilfred Uniquename")
# Whoever may act on names: nobody else finds one on any page or in any file.
MAY_SEE_NAMES = {
    "council.certificates_issue": {"lead", "admin"},
    "council.people": {"lead", "manager", "admin"},
    "council.people_printed": {"lead", "manager", "admin"},
}
SMALL_NUMBER = re.compile(r"\b[1-9]\b")


@pytest.fixture
def team(session: Session) -> Unit:
    """Four people in Halton: two are complete and one has begun. Larger units stand beside and above them."""
    halton = an_organisation(session)
    course = a_course(session)
    asked = [halton.id]
    require_course(session, course_id=course.course_id, organisation_ids=asked, account_id=None, now=LONG_AGO)
    care = a_unit(session, halton)
    people_in(session, care, 30, course=course, complete=11, in_progress=12, at=LONG_AGO)
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    people_in(session, home, 24, course=course, complete=13, in_progress=10, at=LONG_AGO)
    team = a_unit(session, halton, TEAM, parent=home, kind=UnitKind.TEAM)
    four = people_in(session, team, 4, course=course, complete=2, in_progress=1, at=LONG_AGO)
    for person, name in zip(four, NAMES, strict=True):
        person.chosen_name = name
    session.commit()
    return team


def visitors(session: Session, team: Unit) -> dict[str, Account]:
    """Somebody of each role, here and elsewhere; none of them works here."""
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    home = session.get_one(Unit, team.parent_id)
    halton = session.get_one(Organisation, home.organisation_id)
    beside = a_unit(session, halton, "Day shift", parent=home, kind=UnitKind.TEAM)
    held: dict[str, tuple[tuple[Role, ...], Unit | None]] = {
        "staff": ((), None),
        "author": ((Role.AUTHOR,), None),
        "admin": ((Role.ADMIN,), None),
        "lead": ((Role.HR_LEAD,), team),
        "lead elsewhere": ((Role.HR_LEAD,), sefton),
        "manager": ((Role.MANAGER,), team),
        "manager beside": ((Role.MANAGER,), beside),
        "manager elsewhere": ((Role.MANAGER,), sefton),
    }
    found = {who: an_account(session, a_person(session), *roles, unit=unit) for who, (roles, unit) in held.items()}
    session.commit()
    return found


def addresses(app: Flask, team: Unit) -> Iterator[tuple[Rule, str]]:
    """Every page and file about an authority, for the team where that can be said."""
    for rule in app.url_map.iter_rules():
        # The workbook is made of the same lines as the CSV, and cannot be read as text.
        if not rule.rule.startswith("/council/") or "GET" not in (rule.methods or ()) or "xlsx" in rule.rule:
            continue
        address = rule.rule.replace("<slug>", "halton")
        address = re.sub(r"<[^>]*unit_id>", str(team.id), address)
        address = re.sub(r"<[^>]*>", "1", address)
        yield rule, address
        yield rule, f"{address}?course=test-course&unit={team.id}&imported=yes"
        yield rule, f"{address}?unit={team.id}"
        yield rule, f"{address}?course=test-course"


def rows(page: Page) -> Iterator[list[str]]:
    """The rows of every table of a page, or of a file."""
    if page.response.mimetype == "text/csv":
        yield from csv.reader(StringIO(page.response.get_data(as_text=True).removeprefix("\ufeff"), newline=""))
        return
    if page.response.mimetype != "text/html":
        return
    for row in page.soup.find_all("tr"):
        yield [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]


@pytest.mark.parametrize(
    "who", ["staff", "author", "admin", "lead", "lead elsewhere", "manager", "manager beside", "manager elsewhere"]
)
def test_no_table_and_no_file_holds_a_small_number_and_no_stranger_reads_a_name(
    app: Flask, session: Session, team: Unit, who: str
) -> None:
    browser = Browser(app).enter_as(visitors(session, team)[who])
    opened = 0
    for rule, address in addresses(app, team):
        if rule.rule.endswith("/status"):  # a part of a page that is read below as a whole
            assert b"Uniquename" not in browser.client.get(address).get_data(), address
            continue
        page = browser.open(address, follow=False)
        if page.status != 200:
            continue
        opened += 1
        if who not in MAY_SEE_NAMES.get(rule.endpoint, ()):
            assert b"Uniquename" not in page.response.get_data(), address
        for row in rows(page):
            if any(TEAM in cell for cell in row) and not any(name in row for name in NAMES):
                figures = [cell for cell in row if TEAM not in cell and "Fewer than 10" not in cell]
                assert not [cell for cell in figures if SMALL_NUMBER.search(cell)], (address, row)
    assert (opened > 0) is (who in {"admin", "lead", "manager", "manager beside"})


def test_the_page_that_issues_certificates_lists_names_and_counts_no_team(
    app: Flask, session: Session, team: Unit
) -> None:
    lead = Browser(app).enter_as(visitors(session, team)["lead"])
    page = lead.open(f"/council/halton/certificates/issue?course=test-course&unit={team.id}&imported=yes")
    assert {row["Name"] for row in page.table("Who would get one")} == set(NAMES[:2])
    assert "completed it" not in page.text
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == LISTED)).all()
    assert entry.subject_id == "certificates-to-issue"
    assert entry.detail == {
        "authority": "halton",
        "course": "test-course",
        "unit": team.id,
        "imported": "yes",
        "page": 1,
    }


def test_a_run_for_a_small_team_is_no_figure_in_the_table_of_runs(app: Flask, session: Session, team: Unit) -> None:
    lead = Browser(app).enter_as(visitors(session, team)["lead"])
    url = f"/council/halton/certificates/issue?course=test-course&unit={team.id}"
    lead.submit(url, "Issue 2 certificates")
    (row,) = lead.open("/council/halton/certificates").table("Runs")
    assert row["Issued"] == "fewer than 10"


def test_managers_see_who_has_finished_and_not_who_has_started(app: Flask, session: Session, team: Unit) -> None:
    home = session.get_one(Unit, team.parent_id)
    account = an_account(session, a_person(session), Role.MANAGER, unit=home)
    session.commit()
    manager = Browser(app).enter_as(account)
    for address in ("/council/halton", f"/council/halton/units/{home.id}", "/council/halton/units"):
        page = manager.open(address)
        assert not re.search(r"\d+ (in progress|not started)", page.text), address
    assert "15 complete, 13 not finished yet" in manager.open("/council/halton").text
    table = manager.open("/council/halton/completion.csv").response.get_data(as_text=True)
    assert table.splitlines()[0].endswith("team,people,complete,not finished,complete percent,note")
    picture = manager.open("/council/halton/completion.svg").response.get_data(as_text=True)
    assert "in progress" not in picture
    assert "not finished yet" in picture


def test_every_foot_and_the_privacy_page_say_the_one_rule(app: Flask, session: Session, team: Unit) -> None:
    lead = Browser(app).enter_as(visitors(session, team)["lead"])
    for address in ("/council/halton", "/learning", "/privacy", "/courses/test-course"):
        assert WHO_SEES_WHAT in lead.open(address).response.get_data(as_text=True)
    text = Browser(app).open("/privacy").text
    assert (
        "Tables and files of figures may be passed on by anybody, so small groups are hidden in them, always." in text
    )
