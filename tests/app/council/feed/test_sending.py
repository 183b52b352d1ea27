"""Sending an HR file: the columns are asked about once, and from then on every file goes straight to its plan."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

from people.accounts import Account
from people.feed.mapping.stored import FeedMapping, find_mapping, mappings_of
from people.feed.mapping.uses import ColumnUse
from people.feed.runs.record import FeedRun
from people.organisations import Organisation
from people.roles import Role
from tests.app.everywhere.acting import filled_in
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

FEED = "/council/sefton/feed"
TEXT = (
    "Payroll Number;Surname;Forename;Directorate;Position Title;Category;Hours;Start Date;Notes\n"
    "000501;O’Brien;Siân;Adult Social Care;Carer;Perm;36,5;31/03/2019;-\n"
    "000502;Nguyễn;Minh;Street Cleansing;Driver;Zed;37;01/02/2020;-\n"
)


def sent(browser: Browser, text: str = TEXT, name: str = "staff.csv", **fields: str) -> Page:
    """The page that follows a file."""
    return browser.submit(FEED, "Read the file", **{"file": (BytesIO(text.encode()), name), "mapping": "new", **fields})


def form_of(page: Page) -> dict[str, Any]:
    """The form of the mapping as it stands on the page."""
    return filled_in(next(form for form in page.soup.find_all("form") if str(form.get("action")).endswith("/mapping")))


def kept(browser: Browser, page: Page, **changes: str) -> Page:
    """The page that follows when the mapping is kept with these changes."""
    return browser.post(f"{FEED}/mapping", {**form_of(page), **changes})


def test_a_first_file_is_shown_beside_suggestions_and_nothing_of_it_is_kept(
    session: Session, bringer: Browser, sefton: Organisation
) -> None:
    page = sent(bringer)
    assert page.heading == "What the columns hold"
    assert "nothing of staff.csv is kept" in page.text
    assert "Semicolons stand between the cells: 3 of the first 3 rows have 9 cells that way." in page.text
    assert "000501" in page.text
    fields = form_of(page)
    assert [fields[f"use_{place}"] for place in range(9)] == [
        "payroll-number", "family-name", "given-name", "unit", "job-title", "unused", "hours-per-week",
        "starts-on", "unused",
    ]  # fmt: skip
    assert (fields["numbers"], fields["dates"]) == (["comma"], ["day-first"])
    assert len(session.scalars(select(FeedRun)).all()) == 1  # that of the fixture
    assert mappings_of(session, organisation_id=sefton.id) == []


def test_a_mapping_that_is_kept_takes_the_file_to_its_plan(
    session: Session, bringer: Browser, sefton: Organisation, kofi: Account
) -> None:
    page = kept(bringer, sent(bringer), name="iTrent")
    assert "“iTrent” is kept as version 1." in page.text
    assert page.soup.find("option", selected=True)["value"] == "iTrent"  # type: ignore[index]
    plan = sent(bringer, mapping="iTrent")
    assert plan.heading == "What this file would do"
    run = session.scalars(select(FeedRun).order_by(FeedRun.id.desc())).first()
    stored = find_mapping(session, organisation_id=sefton.id)
    assert run is not None
    assert stored is not None
    assert (run.file_name, run.mapping_id, run.planned_by_account_id) == ("staff.csv", stored.id, kofi.id)
    assert run.plan["summary"] in bringer.open(FEED).text


def test_words_that_nobody_knows_are_asked_about(session: Session, bringer: Browser, sefton: Organisation) -> None:
    text = TEXT.replace("Category", "Employee Category")
    page = sent(bringer, text)
    assert "“Zed” in “Employee Category” means" in page.text
    kept(bringer, page, word_0="casual")
    stored = find_mapping(session, organisation_id=sefton.id)
    assert stored is not None
    column = stored.mapping.column_for(ColumnUse.KIND)
    assert column is not None
    assert column.values == {"zed": "casual"}


def test_a_new_or_a_lost_column_stops_the_file_and_asks_about_it_alone(bringer: Browser) -> None:
    kept(bringer, sent(bringer), name="iTrent", use_8="site")
    page = sent(bringer, TEXT.replace("Notes", "Remarks"), mapping="iTrent")
    assert page.status == 422
    assert page.errors == [
        "The column “Notes” is missing.",
        "The column “Remarks” is new: say in the mapping what it is, or that it is not used.",
    ]
    fields = form_of(page)
    assert (fields["use_0"], fields["use_8"], fields["name"]) == ("payroll-number", "unused", "iTrent")
    assert "is kept as version 2." in kept(bringer, page).text


def test_what_a_mapping_lacks_is_said_at_once_and_what_was_chosen_stays(bringer: Browser) -> None:
    page = kept(bringer, sent(bringer), use_0="unused", use_3="unused", use_8="job-title")
    assert page.status == 422
    assert page.errors == [
        "Say which column holds this: payroll number of the job.",
        "Say which column holds this: unit, from the top down.",
        "Only one column can be “Job title”: choose between “Position Title” and “Notes”.",
    ]
    assert form_of(page)["use_8"] == "job-title"


def test_a_wrong_answer_about_the_file_is_said_beside_it(bringer: Browser) -> None:
    page = kept(bringer, sent(bringer), name="", full_time_hours="lots", payroll_digits="99")
    assert page.status == 422
    assert page.errors == [
        "Enter a name for this mapping, such as Staff list",
        "Enter the hours of a full week as a number, such as 37 or 36.5",
        "Enter a number from 0 to 40, or leave it empty",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty. Nothing is changed by it."),
        ("%PDF-1.7", "This is a PDF. Export the list itself, as CSV or .xlsx."),
        ("GIF89a,b\n1,2\n", "This is not a list but a picture, whatever its name says."),
        ("\x01\x02,\x03\x04\x05\n\x06,\x07\x08\x0e\n", "This is not a list: no program writes such bytes in a table."),
        ('a,b\n1,"x\n', "In row 2 a quote begins and never closes"),
        (",".join("x" * 301), "headings and no rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(bringer: Browser, text: str, sentence: str) -> None:
    page = sent(bringer, text)
    assert page.status == 422
    assert sentence in page.errors[0]


def two_sheets() -> tuple[BytesIO, str]:
    """A workbook of which two sheets hold rows, the people in the second."""
    file, lines = BytesIO(), [line.split(";") for line in TEXT.splitlines()]
    with Workbook(file, {"in_memory": True}) as book:
        for name, rows in (("Leavers", lines[:2]), ("Staff", lines)):
            for place, row in enumerate(rows):
                (book.get_worksheet_by_name(name) or book.add_worksheet(name)).write_row(place, 0, row)
    return BytesIO(file.getvalue()), "staff.xlsx"


def test_the_sheet_that_was_named_is_the_one_that_a_saved_mapping_reads(session: Session, bringer: Browser) -> None:
    kept(bringer, sent(bringer), name="iTrent")
    send = {"file": two_sheets(), "mapping": "iTrent"}
    assert "Enter the name of the sheet" in bringer.submit(FEED, "Read the file", **send).errors
    send["file"] = two_sheets()
    assert bringer.submit(FEED, "Read the file", **send, sheet="Staff").heading == "What this file would do"
    run = session.scalars(select(FeedRun).order_by(FeedRun.id.desc())).first()
    assert run is not None
    assert (run.definition["reading"]["sheet"], run.plan["summary"]) == ("Staff", "Adds 2 people.")


def test_a_workbook_whose_mapping_is_looked_at_first_keeps_its_sheet(session: Session, bringer: Browser) -> None:
    kept(bringer, sent(bringer), name="iTrent")
    send = {"file": two_sheets(), "mapping": "iTrent", "sheet": "Staff", "looks_first": "y"}
    kept(bringer, bringer.submit(FEED, "Read the file", **send))
    stored = session.scalars(select(FeedMapping).order_by(FeedMapping.id.desc())).first()
    assert stored is not None
    assert stored.definition["reading"]["sheet"] == "Staff"


def test_no_file_is_asked_for(bringer: Browser) -> None:
    assert bringer.submit(FEED, "Read the file").errors == ["Select an HR file"]


def test_a_sample_of_another_authority_is_not_taken(app: Flask, session: Session, bringer: Browser) -> None:
    fields = form_of(sent(bringer))
    halton = a_unit(session, an_organisation(session), "Libraries")
    lead = an_account(session, a_person(session, name="Ada"), Role.HR_LEAD, unit=halton)
    session.commit()
    browser, file = Browser(app).enter_as(lead), (BytesIO(TEXT.encode()), "staff.csv")
    own = form_of(browser.submit("/council/halton/feed", "Read the file", file=file, mapping="new"))
    page = browser.post("/council/halton/feed/mapping", {**own, "sample": fields["sample"]})
    assert "That page was too old to be kept. Send the file again." in page.text
    assert mappings_of(session, organisation_id=halton.organisation_id) == []


def test_a_kept_mapping_can_be_looked_at_and_changed_without_a_file(
    session: Session, bringer: Browser, sefton: Organisation
) -> None:
    kept(bringer, sent(bringer), name="iTrent")
    page = bringer.open(f"{FEED}/mapping?before=iTrent")
    assert page.heading == "What the columns hold"
    kept(bringer, page, everybody="yes")
    stored = find_mapping(session, organisation_id=sefton.id)
    assert stored is not None
    assert (stored.version, stored.mapping.coverage.everybody) == (2, True)
    assert bringer.open(f"{FEED}/mapping?before=Oracle").status == 404


def test_nobody_else_finds_the_files_of_an_authority(app: Flask, session: Session, sefton: Organisation) -> None:
    learner = an_account(session, a_person(session, a_unit(session, sefton, "Libraries")))
    session.commit()
    browser = Browser(app).enter_as(learner)
    assert {browser.open(FEED).status, browser.open(f"{FEED}/mapping?before=x").status} <= {403, 404}
