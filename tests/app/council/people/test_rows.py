"""Rows of a list that leave the platform, on a disk or on paper: who may, why, and what stands in them."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.council.people import downloading
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.accounts import Account
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role, RoleGrant
from people.row_downloads.right import RowDownloadRight, give_row_downloads, may_download_rows
from reports.listing.people_rows import HEADER
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

ROWS, WHO = "/council/halton/people/rows", "/council/halton/people/rows/who-may"
REASON = "The depot manager has no account"


@pytest.fixture
def care(session: Session) -> Unit:
    unit = a_unit(session, an_organisation(session))
    a_course(session)
    a_person(session, unit, name="Siân Nguyễn")
    a_person(session, unit, name="\u200b=HYPERLINK(1)")
    session.commit()
    return unit


@pytest.fixture
def lead(session: Session, care: Unit) -> Account:
    account = an_account(session, a_person(session), Role.HR_LEAD, unit=care)
    session.commit()
    return account


@pytest.fixture
def admin(session: Session, care: Unit) -> Account:
    account = an_account(session, a_person(session, name="Bethan Rimington"), Role.ADMIN)
    session.commit()
    return account


def give(session: Session, care: Unit, lead: Account, admin: Account, days: int = 30) -> None:
    now = utc_now()
    give_row_downloads(
        session,
        account_id=lead.id,
        organisation_id=care.organisation_id,
        reason=REASON,
        ends_on=local_day(now) + timedelta(days=days),
        by=admin.id,
        now=now,
    )
    session.commit()


def lines(page: Page) -> list[dict[str, str]]:
    text = page.response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_an_hr_lead_without_the_right_is_told_where_it_comes_from(browser: Browser, lead: Account) -> None:
    page = browser.enter_as(lead).open(f"{ROWS}?course=test-course")
    assert "Ask an administrator for the right to download rows" in page.text
    assert "Download the file" not in page.text


def test_the_list_leads_to_the_file_for_those_who_may_and_says_to_others_who_gives_the_right(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    here = browser.enter_as(lead)
    page = here.open("/council/halton/people?course=test-course")
    assert "Download these rows" not in page.links
    assert page.text.count("An administrator can give you the right to download them.") == 1
    give(session, care, lead, admin)
    page = here.open("/council/halton/people?course=test-course")
    assert "Download these rows" in page.links
    assert "An administrator can give you" not in page.text
    page = Browser(browser.client.application).enter_as(admin).open("/council/halton/people?course=test-course")
    assert page.links["the right to download rows"] == WHO


def test_with_the_right_and_a_reason_every_row_says_who_took_it(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    name = session.get_one(Person, lead.person_id).chosen_name
    page = browser.enter_as(lead).submit(f"{ROWS}?course=test-course", "Download the file", reason=REASON, file="csv")
    rows = lines(page)
    assert {row["name"] for row in rows} >= {"Siân Nguyễn"}
    assert {row["downloaded by"] for row in rows} == {name}
    assert all(row["downloaded at"] for row in rows)
    assert "=HYPERLINK" not in {row["name"].lstrip("\u200b") for row in rows if row["name"].startswith("=")}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rows-downloaded")).one()
    assert (entry.detail["people"], entry.detail["reason"]) == (len(rows), REASON)


def test_a_name_that_is_a_formula_behind_an_invisible_character_does_not_come_alive(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    page = browser.enter_as(lead).submit(f"{ROWS}?course=test-course", "Download the file", reason=REASON, file="csv")
    (name,) = (row["name"] for row in lines(page) if "HYPERLINK" in row["name"])
    assert name.startswith("'")


def test_the_workbook_has_typed_cells_a_heading_that_stays_and_the_same_mark(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    name = session.get_one(Person, lead.person_id).chosen_name
    _, fields = browser.enter_as(lead).open(f"{ROWS}?course=test-course").form("Download the file")
    sent = {**fields, "reason": REASON, "file": "xlsx"}
    with browser.client.post(f"{ROWS}?course=test-course", data=sent) as answer:
        assert answer.content_length == len(answer.data)
        sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet.freeze_panes == "A2"
    heading, *rows = sheet.iter_rows(values_only=True)
    assert heading == HEADER
    found = {row[0]: dict(zip(heading, row, strict=True)) for row in rows}
    assert {"Siân Nguyễn", "\u200b=HYPERLINK(1)"} <= set(found)
    assert {(row["downloaded by"], row["state"]) for row in found.values()} == {(name, "Not started")}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rows-downloaded")).one()
    assert (entry.detail["people"], entry.detail["reason"]) == (len(rows), REASON)


def test_the_heading_leaves_first_and_what_is_on_record_is_what_was_made(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    pieces = begin_csv(browser, lead)
    assert next(pieces).decode() == "\ufeff" + ",".join(HEADER) + "\r\n"
    assert noted(session) == []
    a_person(session, care, name="Came meanwhile")
    session.commit()
    rows = list(csv.reader(StringIO(b"".join(pieces).decode(), newline="")))
    assert "Came meanwhile" in {row[0] for row in rows}
    assert noted(session) == [len(rows)]


def test_rows_that_break_off_in_the_middle_leave_nothing_on_record_and_nothing_of_them(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(session, care, lead, admin)

    def broken(*_: object, **__: object) -> Iterator[tuple[str, ...]]:
        yield ("Siân Nguyễn",)
        raise OSError("the database has gone away")

    pieces = begin_csv(browser, lead)
    monkeypatch.setattr(downloading, "rows_of", broken)
    assert next(pieces).startswith("\ufeffname".encode())
    with pytest.raises(OSError, match="gone away"):
        next(pieces)
    assert noted(session) == []


def begin_csv(browser: Browser, lead: Account) -> Iterator[bytes]:
    _, fields = browser.enter_as(lead).open(f"{ROWS}?course=test-course").form("Download the file")
    sent = {**fields, "reason": REASON, "file": "csv"}
    answer = browser.client.post(f"{ROWS}?course=test-course", data=sent, buffered=False)
    assert (answer.status_code, answer.content_length) == (200, None)
    return iter(answer.response)


def noted(session: Session) -> list[int]:
    """How many rows were taken out, by each entry of the trail."""
    session.expire_all()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "rows-downloaded"))
    return [entry.detail["people"] for entry in entries]


def test_without_a_reason_there_is_no_file(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    page = browser.enter_as(lead).submit(f"{ROWS}?course=test-course", "Download the file", reason=" ", file="csv")
    assert (page.status, "Enter why you need these rows" in page.text) == (422, True)


def test_whoever_loses_the_right_between_the_page_and_the_button_is_told_so(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    give(session, care, lead, admin)
    browser.enter_as(lead)
    _, fields = browser.open(f"{ROWS}?course=test-course").form("Download the file")
    for right in session.scalars(select(RowDownloadRight)):
        right.taken_at = utc_now()
    session.commit()
    answer = browser.client.post(f"{ROWS}?course=test-course", data={**fields, "reason": REASON, "file": "csv"})
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.get_data(as_text=True)
    for grant in session.scalars(select(RoleGrant).where(RoleGrant.account_id == lead.id)):
        grant.revoked_at = utc_now()
    session.commit()
    assert browser.open(ROWS).status == 404


def test_an_admin_gives_the_right_with_a_last_day_and_takes_it_back(
    session: Session, browser: Browser, care: Unit, lead: Account, admin: Account
) -> None:
    last = local_day(utc_now()) + timedelta(days=30)
    sent = {"account": str(lead.id), "reason": REASON, "ends_on": [str(last.day), str(last.month), str(last.year)]}
    page = browser.enter_as(admin).submit(WHO, "Give the right", **sent)
    (row,) = page.table("Who may download rows")
    assert row["Why"] == REASON
    held = {"account_id": lead.id, "organisation_id": care.organisation_id}
    assert may_download_rows(session, on=last, **held)
    assert not may_download_rows(session, on=last + timedelta(days=1), **held)
    page = browser.submit(WHO, "Take it back from Siân Nguyễn")
    assert "Nobody may download rows about people." in page.text


def test_nobody_gives_it_to_themselves_or_for_longer_than_a_year_or_to_a_stranger(
    session: Session, care: Unit, lead: Account, admin: Account
) -> None:
    with pytest.raises(RuleBroken, match="Somebody else has to give you this right"):
        give(session, care, admin, admin)
    with pytest.raises(RuleBroken, match="at most a year ahead"):
        give(session, care, lead, admin, days=500)
    with pytest.raises(NotFound):
        give(session, care, an_account(session, a_person(session)), admin)


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.AUTHOR])
def test_for_others_neither_page_exists(session: Session, browser: Browser, care: Unit, role: Role | None) -> None:
    account = an_account(session, a_person(session), *([role] if role else []), unit=care)
    session.commit()
    browser.enter_as(account)
    assert [browser.open(page).status for page in (ROWS, WHO)] == [404, 404]


def test_a_list_for_the_wall_has_names_or_initials_and_its_opening_is_on_record(
    session: Session, browser: Browser, lead: Account
) -> None:
    page = browser.enter_as(lead).open("/council/halton/people/printed?course=test-course")
    assert "Siân Nguyễn" in {row["Name"] for row in page.table("People to print")}
    page = browser.open(page.links["With initials only"])
    assert "S. N." in {row["Initials"] for row in page.table("People to print")}
    assert "Siân" not in page.text
    kinds = {one.subject_id for one in session.scalars(select(AuditEntry).where(AuditEntry.action == "names-listed"))}
    assert "people-printed" in kinds


def test_somebody_is_found_by_payroll_number_and_by_unit(
    session: Session, browser: Browser, care: Unit, lead: Account
) -> None:
    halton = session.get_one(Organisation, care.organisation_id)
    parks = a_unit(session, halton, "Highways and Parks")
    a_person(session, parks, name="Gurpreet Dhaliwal")
    session.commit()
    browser.enter_as(lead)
    for typed in ("highways", "gurpreet parks"):
        page = browser.open(f"/council/halton/people?course=test-course&name={typed}")
        assert [row["Name"] for row in page.table("People, Test course")] == ["Gurpreet Dhaliwal"], typed
    assert browser.open(f"/council/halton/people?course=test-course&name={'x' * 10_000}").status == 200
    assert browser.open("/council/halton/people?course=test-course&slug=other&_anchor=x").status == 200
