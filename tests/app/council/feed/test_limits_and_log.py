"""Brakes on a page, with what each would have done; the log of files; and files that go back as they came."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.feeds import ChosenMapping, plan_file
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from kernel.spreadsheets import workbook
from people.accounts import Account
from people.feed.mapping.mappings import OnUnusable
from people.feed.mapping.stored import find_mapping, keep_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.planning.brakes import Limits
from people.feed.reading.opening import open_table
from people.feed.runs.record import FeedRun
from people.feed.runs.settings import limits_of
from people.organisations import Organisation
from people.roles import Role
from tests.builders.hr_files import plan_staff
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

LIMITS = "/council/sefton/feed/limits"
LOG = "/council/sefton/feed/log"
AS_THEY_ARE = {"leavers": "5", "moves": "20", "joiners": "20", "changed_keys": "1", "moved_emails": "1"}


def keep(browser: Browser, **changed: str) -> Page:
    return browser.submit(LIMITS, "Keep these limits", **{**AS_THEY_ARE, **changed})


def test_each_limit_says_what_it_would_have_done_to_the_last_files(bringer: Browser, stopped: FeedRun) -> None:
    words = bringer.open(LIMITS).text
    assert "Would have stopped 1 of the last 1 file: " in words
    assert "20 of 40 would end, 50 in 100" in words
    looked = bringer.submit(LIMITS, "Show what these would have done", **{**AS_THEY_ARE, "leavers": "60"})
    assert "Would have stopped none of the last 1 file. The most was 50 in 100" in looked.text
    assert "are kept" not in looked.text


def test_a_limit_that_is_changed_holds_and_is_on_record(
    session: Session, second: Browser, sefton: Organisation, stopped: FeedRun
) -> None:
    assert "The limits are kept" in keep(second, leavers="60").text
    assert limits_of(session, organisation_id=sefton.id) == Limits(leavers=60)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "feed-limits-changed")).one()
    assert entry.detail["leavers_percent"] == 60
    assert entry.actor_account_id is not None


def test_whoever_brought_a_stopped_file_raises_no_limit_but_may_lower_one(
    session: Session, bringer: Browser, sefton: Organisation, stopped: FeedRun
) -> None:
    page = keep(bringer, leavers="60")
    assert page.status == 422
    assert page.errors == [
        "A file that you brought in the last 14 days was stopped. Somebody else has to raise a limit"
    ]
    assert limits_of(session, organisation_id=sefton.id) == Limits()
    keep(bringer, leavers="3")
    assert limits_of(session, organisation_id=sefton.id) == Limits(leavers=3)


def test_what_is_no_share_is_said_beside_its_field_and_nothing_is_kept(
    session: Session, second: Browser, sefton: Organisation
) -> None:
    page = keep(second, leavers="lots", moves="101", joiners="-1")
    assert page.status == 422
    assert page.errors == [
        "Jobs that end: enter a whole number from 0 to 100, such as 5",
        "Jobs that go on in another unit: enter a whole number from 0 to 100, such as 5",
        "People who join: enter a whole number from 0 to 100, such as 5",
    ]
    assert limits_of(session, organisation_id=sefton.id) == Limits()


def test_what_happens_to_rows_that_cannot_be_used_is_a_new_version_of_the_mapping(
    session: Session, second: Browser, sefton: Organisation, stopped: FeedRun
) -> None:
    table = open_table(BytesIO(b"Payroll Number,Name,Unit\n1,Bo Li,Care\n"))
    keep_mapping(
        session, organisation_id=sefton.id, name="iTrent", mapping=suggest_mapping(table).mapping, by=None, now=NOON
    )
    session.commit()
    keep(second, rows_0="nothing")
    stored = find_mapping(session, organisation_id=sefton.id)
    assert stored is not None
    assert (stored.version, stored.mapping.on_unusable) == (2, OnUnusable.NOTHING)


def test_the_log_says_who_brought_and_who_decided_and_is_narrowed_down_and_taken_along(
    bringer: Browser, second: Browser, stopped: FeedRun
) -> None:
    second.submit(f"/council/sefton/feed/{stopped.id}/decide?choice=nothing", "Change nothing")
    page = bringer.open(LOG)
    assert "2 files." in page.text
    newest = page.table("HR files, newest first")[0]
    assert "by Kofi Darko" in newest["Who and when"]
    assert "Change nothing" in newest["Who and when"]
    assert "by Mei Lin Harper" in newest["Who and when"]
    assert "Was stopped." in newest["What it does"]
    assert "1 file like that." in bringer.open(f"{LOG}?state=dropped").text
    assert "1 file like that." in bringer.open(f"{LOG}?state=applied").text
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    assert "Nothing like that" in bringer.open(f"{LOG}?from={tomorrow}").text
    wrong = bringer.open(f"{LOG}?from=tomorrow&until=2026-02-30")
    assert wrong.errors == [
        "Enter the first day as it is written here: 2026-11-29",
        "Enter the last day as it is written here: 2026-11-29",
    ]
    for bad, words in (("state=lost", "Select one of these states"), ("from=tomorrow", wrong.errors[0])):
        for address in (LOG, f"{LOG}.csv"):
            refused = bringer.open(f"{address}?{bad}")
            assert (refused.status, refused.errors) == (422, [words])
    rows = list(
        csv.DictReader(
            StringIO(bringer.client.get(f"{LOG}.csv", buffered=True).get_data(as_text=True).lstrip("\ufeff"))
        )
    )
    assert [row["State"] for row in rows] == ["Not applied", "Applied"]
    assert (rows[0]["Jobs that end"], rows[0]["Brought by"], rows[0]["Decision"]) == (
        "20", "Kofi Darko", "Change nothing",
    )  # fmt: skip
    assert bringer.client.get(f"{LOG}?page=9").status_code == 404


def test_limits_and_log_are_for_those_who_look_after_the_files(app: Flask, session: Session, stopped: FeedRun) -> None:
    halton = an_organisation(session, "halton", "Halton")
    lead = an_account(session, a_person(session), Role.HR_LEAD, unit=a_unit(session, halton, "HR"))
    session.commit()
    browser = Browser(app).enter_as(lead)
    for address in (LIMITS, LOG, f"{LOG}.csv"):
        assert browser.client.get(address).status_code == 404


def test_an_admin_finds_the_files_of_every_authority(app: Flask, session: Session, stopped: FeedRun) -> None:
    an_organisation(session, "halton", "Halton")
    admin = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    page = Browser(app).enter_as(admin).open("/manage/hr-files")
    assert page.heading == "HR files"
    assert {"Halton", "Sefton"} <= {*page.text.split()}


def test_an_hr_lead_reaches_hr_files_from_people_and_past_learning_from_learning(bringer: Browser) -> None:
    assert bringer.open(bringer.open("/people").links["HR files"]).heading == "HR files"
    learning = bringer.open(bringer.open("/council/sefton").links["Learning"])
    assert bringer.open(learning.links["Past learning"]).heading == "Past learning"


def test_rows_of_a_workbook_come_back_as_a_workbook_in_which_nothing_is_alive(
    app: Flask, session: Session, bringer: Browser, sefton: Organisation, kofi: Account
) -> None:
    lines = [
        ("Payroll number", "Name", "Unit", "Job title"),
        ("000501", "Siân Nguyễn", "Adult Social Care", "Carer"),
        ("000502", "", "Adult Social Care", '=HYPERLINK("http://evil.example")'),
    ]
    data = workbook(lines, title="Staff", made_at=NOON)
    with app.app_context():
        mapping = suggest_mapping(open_table(BytesIO(data))).mapping
        run_id = plan_file(
            BytesIO(data), name="staff.xlsx", organisation_id=sefton.id, chosen=ChosenMapping(mapping), by=kofi.id
        )
    page = bringer.open(f"/council/sefton/feed/{run_id}")
    assert "Download them to put right and send again (Excel)" in page.text
    answer = bringer.client.get(f"/council/sefton/feed/{run_id}/to-put-right", buffered=True)
    assert answer.headers["Content-Disposition"].endswith(f"hr-file-{run_id}-to-put-right.xlsx")
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    heading, row = sheet.iter_rows()
    assert [cell.value for cell in heading] == ["Row in the file", "What is wrong", *lines[0]]
    assert [(cell.data_type, cell.value) for cell in row][2:] == [
        ("s", "000502"), ("s", ""), ("s", "Adult Social Care"), ("s", '=HYPERLINK("http://evil.example")'),
    ]  # fmt: skip
    again = open_table(BytesIO(answer.data))
    assert next(iter(again.rows())).cells[2] == "000502"
    record = load_workbook(
        BytesIO(bringer.client.get(f"/council/sefton/feed/{run_id}/record", buffered=True).data)
    ).active
    assert record is not None
    assert [cell.value for cell in next(iter(record.iter_rows(min_row=2)))][:2] == ["00000", "Person Nº0"]


def test_a_file_that_is_not_kept_any_more_is_said(
    app: Flask, session: Session, bringer: Browser, stopped: FeedRun
) -> None:
    stopped.file_key = "feeds/gone"
    session.commit()
    page = bringer.open(f"/council/sefton/feed/{stopped.id}/to-put-right")
    assert "The file is not kept any more. Send it again." in page.text


def test_plans_that_were_made_before_counts_were_kept_are_compared_too(
    app: Flask, session: Session, second: Browser, stopped: FeedRun, sefton: Organisation
) -> None:
    stopped.plan = {name: value for name, value in stopped.plan.items() if name != "watched"}
    session.commit()
    assert "20 of 40 would end, 50 in 100" in second.open(LIMITS).text
    with app.app_context():
        plan_staff(session, sefton, "00000,Person Nº0,Adult Social Care,Carer")
    assert "Would have stopped 1 of the last 2 files" in second.open(LIMITS).text
