"""Large files of past learning are read by a worker; rows that came to nothing go back in the shape they came in."""

import csv
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select

from app.council.history import uploading
from app.jobs.imports import past_learning as job
from app.jobs.imports.past_learning import work_off_history
from courses.history.stored import WORK_OFF_HISTORY, HistoryRow, HistoryRun, Stage
from kernel.audit import AuditEntry
from kernel.tasks.kinds import TaskState
from people.feed.reading.unreadable import UnreadableFile
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation

HISTORY = "/council/halton/history"
HEADINGS = "Staff No;Delegate;Venue;Course;Date"


@pytest.fixture
def care(session):
    a_course(session)
    return a_unit(session, an_organisation(session))


@pytest.fixture
def lead(session, browser, care):
    a_person(session, care, payroll_number="0001")
    return browser.enter_as(an_account(session, a_person(session, name="Ayọ̀ Lead"), Role.HR_LEAD, unit=care))


@pytest.fixture
def large(monkeypatch):
    """Every file is large."""
    monkeypatch.setattr(uploading, "PLANNED_AT_ONCE_BYTES", 10)


def send(lead, *lines, headings=HEADINGS):
    file = BytesIO("\r\n".join([headings, *lines, ""]).encode()), "records.csv"
    fields = {"file": file, "order": "day-first", "source": "Classroom sessions"}
    return lead.submit(f"{HISTORY}/new", "Show what it would do", **fields)


def work(app):
    with app.app_context():
        work_off_history()


def stored(store):
    return [path for path in store.root.rglob("past-learning/*/*") if path.is_file()]


@pytest.mark.usefixtures("large")
def test_a_large_file_is_read_by_a_worker_and_kept_nowhere_afterwards(session, app, lead, store, bell):
    page = send(lead, "0001;;Hall;TC;31/03/2024")
    assert WORK_OFF_HISTORY in bell.rung
    assert "Being read" in page.text
    assert lead.client.get(f"{page.url}/status").status_code == 202
    (kept,) = stored(store)
    assert b"Hall" not in kept.read_bytes()
    work(app)
    page = lead.open(page.url)
    assert "1 completion is added to somebody’s record." in page.text
    assert lead.client.get(f"{page.url}/status").status_code == 200
    assert stored(store) == []
    lead.submit(page.url, "Add these completions")
    work(app)
    assert "Applied 1 completion added" in lead.open(page.url).text
    work(app)
    assert session.scalars(select(HistoryRun.done)).all() == [1]


@pytest.mark.usefixtures("large")
def test_a_large_file_that_cannot_be_read_to_its_end_says_so_on_its_page(session, app, lead, store, monkeypatch):
    page = send(lead, "0001;;Hall;TC;31/03/2024")

    def broken_off(*_):
        raise UnreadableFile("The file ends in the middle of row 9,000.", "Save it again.")

    with monkeypatch.context() as patch:
        patch.setattr(job, "planned_from_store", broken_off)
        work(app)
    page = lead.open(page.url)
    assert "Could not be read Nothing has changed. The file ends in the middle of row 9,000. Save it" in page.text
    assert lead.open(page.links["Send it again"]).heading == "Send a file of past learning"
    run = session.scalars(select(HistoryRun)).one()
    assert (run.stage, run.state) == (Stage.UNREADABLE, TaskState.DONE)
    assert stored(store) == []
    assert "Put away" in lead.submit(page.url, "Put this file away").text


@pytest.mark.usefixtures("large")
def test_columns_that_are_missing_are_said_at_once(lead, store):
    page = send(lead, "1;2", headings="Colour;Shape")
    assert page.status == 422
    assert "No column holds the course." in page.errors[0]
    assert stored(store) == []


@pytest.mark.usefixtures("large")
def test_a_file_is_put_away_before_a_worker_has_read_it(session, app, lead, store):
    page = send(lead, "0001;;Hall;TC;31/03/2024")
    lead.submit(page.url, "Put this file away")
    assert stored(store) == []
    work(app)
    assert session.scalars(select(HistoryRun.stage)).all() == [Stage.DISCARDED]
    assert session.scalars(select(HistoryRow)).all() == []


def rows_of(lead, page, outcome):
    response = lead.client.get(f"{page.url}/rows/{outcome}/file", buffered=True)
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    return list(csv.reader(StringIO(response.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


@pytest.mark.parametrize("is_large", [False, True])
def test_rows_go_back_in_the_shape_they_came_in_and_formulas_are_dead(session, app, lead, monkeypatch, is_large):
    if is_large:
        monkeypatch.setattr(uploading, "PLANNED_AT_ONCE_BYTES", 10)
    page = send(lead, "0099;=cmd|' /C calc'!A0;Hall;TC;31/03/2024", "0001;;Annexe;TC;31/13/2024", "0001;;X;TC;1/3/2024")
    work(app)
    page = lead.open(page.url)
    words = "Download these rows as they were sent, to put right and send again (CSV)"
    assert words in lead.open(f"{page.url}/rows/unmatched").links
    heading, row = rows_of(lead, page, "unmatched")
    assert heading == [
        "Row in the file",
        "What is wrong",
        "Mark of the row",
        "Staff No",
        "Delegate",
        "Venue",
        "Course",
        "Date",
    ]
    assert row[0] == "2"
    assert "No job here has this payroll number." in row[1]
    assert row[3:] == ["'0099", "'=cmd|' /C calc'!A0", "Hall", "TC", "'31/03/2024"]
    _, unusable = rows_of(lead, page, "unusable")
    assert unusable[0] == "3"
    assert "This is no date in the order that was said." in unusable[1]
    assert [one.removeprefix("'") for one in unusable[3:]] == ["0001", "", "Annexe", "TC", "31/13/2024"]
    assert lead.client.get(f"{page.url}/rows/matched/file").status_code == 404
    opened = session.scalars(select(AuditEntry.detail).where(AuditEntry.subject_id == "past-learning")).all()
    assert any(one.get("kind") == "file" for one in opened)


def test_rows_that_were_put_right_are_sent_again(app, lead):
    page = send(lead, "0001;;Annexe;TC;31/13/2024")
    page = lead.open(page.url)
    heading, row = rows_of(lead, page, "unusable")
    row[-1] = "31/12/2024"
    again = send(lead, ";".join(row).replace("\n", " "), headings=";".join(heading))
    assert "1 completion is added to somebody’s record." in again.text
    row[-1] = "31/13/2024"
    page = send(lead, ";".join(row), headings=";".join(heading))
    assert rows_of(lead, page, "unusable")[0] == heading


def test_a_row_that_comes_again_settles_the_one_of_before_until_that_file_is_undone(app, lead):
    first = send(lead, "0099;;Annexe;TC;31/12/2024")
    lead.submit(first.url, "Keep the rest as evidence")
    work(app)
    heading, row = rows_of(lead, first, "unmatched")
    number = first.url.rsplit("/", 1)[-1]
    assert row[2] == f"file {number} row 2"
    row[3] = "0001"
    again = send(lead, ";".join(one.removeprefix("'") for one in row).replace("\n", " "), headings=";".join(heading))
    assert "Came again" not in lead.open(f"{first.url}/rows/unmatched").text
    lead.submit(again.url, "Add these completions")
    work(app)
    listed = lead.open(f"{first.url}/rows/unmatched")
    words = f"Came again in file {again.url.rsplit('/', 1)[-1]}, row 2"
    assert lead.open(listed.links[words]).url == again.url
    lead.submit(again.url, "Undo this file")
    work(app)
    assert "Came again" not in lead.open(f"{first.url}/rows/unmatched").text


def test_a_file_that_was_planned_before_rows_were_kept_comes_in_our_own_columns(session, lead):
    page = send(lead, "0099;Somebody Else;Hall;TC;31/03/2024")
    session.scalars(select(HistoryRun)).one().shape = {}
    session.scalars(select(HistoryRow)).one().sent = []
    session.commit()
    response = lead.client.get(f"{page.url}/rows/unmatched/file", buffered=True).get_data(as_text=True)
    heading, row = csv.reader(StringIO(response.removeprefix("\ufeff")))
    assert heading[3:] == ["Payroll number", "Name", "Date of birth", "Course", "Date completed", "Source", "Evidence"]
    assert [one.removeprefix("'") for one in row[3:7]] == ["0099", "Somebody Else", "", "TC"]
