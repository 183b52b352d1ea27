"""An HR file on its pages: what it would do, who lets it go on, how far it is, and taking it back."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.tasks.kinds import TaskState
from people.feed.runs.record import APPLY_FEEDS, FeedRun
from people.organisations import Organisation
from people.roles import Role
from tests.app.council.feed.conftest import an_hr_lead, work_off
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser, Page


def page_of(run: FeedRun) -> str:
    return f"/council/sefton/feed/{run.id}"


def decided(browser: Browser, run: FeedRun, choice: str) -> str:
    """What stands on the page after somebody has chosen and confirmed."""
    button = {"nothing": "Change nothing", "all": "Do all of it"}[choice]
    return said(browser.submit(f"{page_of(run)}/decide?choice={choice}", button))


def said(page: Page) -> str:
    """Everything on a page, also what was just done."""
    return " ".join(page.soup.get_text(" ").split())


def test_the_stop_stands_first_and_the_safe_choice_is_chosen(bringer: Browser, stopped: FeedRun) -> None:
    page = bringer.open(page_of(stopped))
    assert page.heading == "What this file would do"
    assert "Stopped: nothing has changed yet. The file would end 20 of the 40 jobs in Sefton." in page.text
    assert "20 jobs end" in page.text
    checked = page.soup.find("input", checked=True)
    assert checked is not None
    assert checked["value"] == "nothing"
    assert "above 5 in 100 a second person must decide." in page.text
    assert "The record stays as it is. Send a new file when there is one." in page.text
    assert "You brought this file and it was stopped, so a second person must decide." in page.text
    (row,) = page.table("Rows that cannot be used")
    assert row["Row"] == "22"
    assert page.soup.select("table .cg-wrap"), "a cell of hundreds of letters breaks on a phone"


def test_before_and_after_by_directorate_stands_in_a_table(bringer: Browser, stopped: FeedRun) -> None:
    rows = bringer.open(page_of(stopped)).table(
        "Jobs by directorate before and after this file, the greatest change first"
    )
    assert [(row["Directorate"], row["Change"], row["Before"], row["After"]) for row in rows] == [
        ("Adult Social Care", "10 fewer", "20", "10"),
        ("Street Cleansing", "10 fewer", "20", "10"),
        ("All of them", "20 fewer", "40", "20"),
    ]


def test_a_small_directorate_is_not_told_apart(
    app: Flask, session: Session, bringer: Browser, sefton: Organisation
) -> None:
    with app.app_context():
        run = plan_staff(session, sefton, "00200,Bo Li,Public Health,Carer")
    rows = bringer.open(page_of(run)).table("Jobs by directorate before and after this file, the greatest change first")
    by_name = {row["Directorate"]: row["Change"] for row in rows}
    assert by_name["Public Health"] == "too small to show"
    assert list(by_name.values()).count("too small to show") > 1


def test_who_is_meant_stands_on_a_page_of_its_own_that_is_on_record(
    session: Session, bringer: Browser, stopped: FeedRun
) -> None:
    page = bringer.open(f"{page_of(stopped)}/who/leave")
    assert page.heading == "Who leaves"
    assert {row["Name"] for row in page.table("Who leaves")} == {f"Person Nº{place}" for place in range(20, 40)}
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject_id, entry.detail["people"]) == ("names-listed", "hr-file", 20)
    assert bringer.client.get(f"{page_of(stopped)}/who/nobody").status_code == 404
    assert bringer.open(page.links["Person Nº20"]).heading == "Person Nº20"


def test_rows_to_put_right_come_back_in_the_shape_of_the_file(bringer: Browser, stopped: FeedRun) -> None:
    with bringer.client.get(f"{page_of(stopped)}/to-put-right") as answer:
        text = answer.get_data(as_text=True)
    heading, row = text.lstrip("\ufeff").splitlines()
    assert heading.endswith("Employee Number,Full Name,Department,Job Title")
    assert row.startswith("22,")


def test_the_record_comes_out_in_the_shape_of_the_file_and_changes_nothing_when_it_is_sent_again(
    app: Flask, session: Session, bringer: Browser, stopped: FeedRun, sefton: Organisation
) -> None:
    with bringer.client.get(f"{page_of(stopped)}/record") as answer:
        text = answer.get_data(as_text=True)
    heading, *rows = text.lstrip("\ufeff").splitlines()
    assert heading == "Employee Number,Full Name,Department,Job Title"
    # A leading apostrophe keeps the zeros of a number in a spreadsheet, and is taken off when it is read.
    assert rows[0] == "'00000,Person Nº0,Adult Social Care,Carer"
    edited = [*rows[:-1], rows[-1].replace("Carer", "Driver")]
    with app.app_context():
        plan = plan_staff(session, sefton, *edited, everybody=True).plan
    assert plan["summary"].startswith("Changes 1 job")


def test_whoever_brought_it_is_told_that_a_second_person_has_to_agree(
    session: Session, bringer: Browser, stopped: FeedRun
) -> None:
    page = bringer.open(f"{page_of(stopped)}/decide?choice=all")
    assert "You brought this file, and it was stopped." in page.text
    assert "Do all of it" not in page.buttons
    refused = bringer.submit(f"{page_of(stopped)}/decide?choice=nothing", "Change nothing", choice="all")
    assert refused.status == 422
    assert refused.errors == ["A second person must agree to this: somebody who did not bring the file"]
    assert session.get_one(FeedRun, stopped.id, populate_existing=True).is_planned


def test_a_second_person_lets_it_go_on_and_it_is_applied_watched_and_undone(
    app: Flask, session: Session, second: Browser, stopped: FeedRun, bell: ListeningBell
) -> None:
    assert "The file is being applied" in decided(second, stopped, "all")
    assert bell.rung == [APPLY_FEEDS]
    assert second.client.get(f"{page_of(stopped)}/status").status_code == 202
    work_off(app)
    page = second.open(page_of(stopped))
    assert page.heading == "What this file did"
    assert "decided by Mei Lin Harper" in page.text
    assert second.client.get(f"{page_of(stopped)}/status").status_code == 200
    preview = second.open(f"{page_of(stopped)}/undo")
    assert "20 jobs that ended go on, and their accounts open again" in preview.text
    assert "The file is being undone" in said(second.submit(f"{page_of(stopped)}/undo", "Undo this file"))
    work_off(app)
    page = second.open(page_of(stopped))
    assert page.heading == "What this file did until it was undone"
    assert "by Mei Lin Harper. It had ended 20 jobs. All of that is undone." in page.text
    [newest, _] = second.open("/council/sefton/feed/log").table("HR files, newest first")
    assert "It had ended 20 jobs. All of that is undone." in newest["What it does"]
    assert newest["Who and when"].count("by Mei Lin Harper") == 2
    assert "It had ended 20 jobs." in second.open("/council/sefton/feed").text
    assert session.get_one(FeedRun, stopped.id, populate_existing=True).state is TaskState.EXPIRED
    assert "This file has been undone already" in said(second.open(f"{page_of(stopped)}/undo"))


def test_the_first_file_of_an_authority_with_jobs_is_said_to_be_compared(app: Flask, session: Session) -> None:
    halton = an_organisation(session, "halton", "Halton")
    a_person(session, a_unit(session, halton, "Libraries"), "Bo Li")
    lead = an_hr_lead(session, halton, "Ada")
    browser = Browser(app).enter_as(lead)
    text = browser.open("/council/halton/feed").text
    assert "1 job is in the record already. The first file is compared with it by payroll number" in text
    assert "adds everybody whom it names" not in text


def test_a_choice_has_to_be_made_and_is_made_once(second: Browser, stopped: FeedRun) -> None:
    assert "Select what should happen" in said(second.open(f"{page_of(stopped)}/decide"))
    assert "Nothing has changed" in decided(second, stopped, "nothing")
    again = said(second.open(f"{page_of(stopped)}/decide?choice=all"))
    assert "Somebody has decided about this file already" in again


def test_the_files_of_others_do_not_exist(app: Flask, session: Session, sefton: Organisation, stopped: FeedRun) -> None:
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    manager = an_account(
        session, a_person(session, name="A manager"), Role.MANAGER, unit=a_unit(session, sefton, "Teams")
    )
    others = [an_hr_lead(session, halton, "Of Halton"), manager]
    for account in others:
        browser = Browser(app).enter_as(account)
        assert browser.client.get(page_of(stopped)).status_code == 404
        assert browser.client.get(f"/council/halton/feed/{stopped.id}").status_code == 404
        assert browser.client.get(f"{page_of(stopped)}/to-put-right").status_code == 404
    admin = an_account(session, a_person(session, unit, "An admin"), Role.ADMIN)
    session.commit()
    assert Browser(app).enter_as(admin).open(page_of(stopped)).status == 200
