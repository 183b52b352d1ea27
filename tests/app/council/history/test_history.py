"""Past learning, from the file to the record of its people and back, as an HR lead sees it."""

from io import BytesIO

import pytest
from sqlalchemy import select

from app.jobs.imports.past_learning import work_off_history
from courses.history.stored import HistoryRun, Stage
from courses.records.completion import Completion, is_standing
from kernel.audit import AuditEntry
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

HISTORY = "/council/halton/history"
SHOW = "Show what it would do"


@pytest.fixture
def care(session):
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session):
    return a_course(session)


@pytest.fixture
def sian(session, care):
    return a_person(session, care, payroll_number="0001")


@pytest.fixture
def lead(session, browser, care):
    return browser.enter_as(an_account(session, a_person(session, name="Ayọ̀ Lead"), Role.HR_LEAD, unit=care))


def a_file(*lines, headings="Payroll number,Name,Course,Date completed,Evidence", name="records.csv"):
    return BytesIO("\r\n".join([headings, *lines, ""]).encode()), name


def send(lead, *lines, **changes):
    fields = {"file": a_file(*lines), "order": "day-first", "source": "Classroom sessions", **changes}
    return lead.submit(f"{HISTORY}/new", SHOW, **fields)


def work(app):
    with app.app_context():
        work_off_history()


def standing(session):
    return session.scalars(select(Completion).where(is_standing())).all()


def test_a_file_is_planned_applied_shown_to_its_person_and_undone(session, app, lead, sian, course):
    page = send(lead, "0001,,TC,31/03/2024,Register 7", ",Somebody Else,TC,31/03/2024,")
    assert page.heading == "What this file would do"
    assert "Nothing has changed yet." in page.text
    assert "1 completion is added to somebody’s record. Test course: 1." in page.text
    assert "1 row is kept as evidence" in page.text
    assert standing(session) == []
    address = page.url

    assert "Being applied 0 of 1 completion added." in lead.submit(address, "Add these completions").text
    work(app)
    page = lead.open(address)
    assert "Applied 1 completion added" in page.text
    assert "issue?course=test-course&imported=yes" in page.links["Who would get a certificate for Test course"]

    learner = Browser(app).enter_as(an_account(session, sian))
    words = "Your authority told us of it: Classroom sessions. It has no certificate here."
    assert words in learner.open("/courses/test-course").text
    assert words in learner.open("/learning").text

    lead.submit(address, "Undo this file")
    work(app)
    assert "Undone 1 completion taken back" in lead.open(address).text
    assert standing(session) == []
    text = learner.open("/courses/test-course").text
    assert "that no longer counts: “The file that it came from was taken back by your authority”" in text


def test_everything_that_is_wrong_with_the_form_is_said_at_once(lead, course):
    page = lead.submit(f"{HISTORY}/new", SHOW)
    assert (page.status, page.errors) == (
        422,
        ["Select a file", "Select how dates are written", "Enter where it comes from, in up to 200 characters"],
    )


def test_a_file_that_cannot_be_read_leaves_nothing(session, lead, course):
    page = send(lead, file=a_file("x,y", headings="Delegate,Room"))
    assert page.status == 422
    assert "No column holds the course." in page.errors[0]
    assert "No column holds the date completed." in page.errors[0]
    assert session.scalars(select(HistoryRun)).all() == []


def test_rows_that_cannot_be_used_say_why_and_what_mends_them(lead, sian, course):
    page = send(lead, "0001,,TC,31/02/2024,", "0001,,,01/03/2024,")
    rows = lead.open(f"{page.url}/rows/unusable").table("Rows that cannot be used")
    assert [row["Row"] for row in rows] == ["2", "3"]
    assert (
        "“31/02/2024”. This is no date in the order that was said. Write it as day/month/year"
        in rows[0]["Why it is here"]
    )
    assert "No course stands here." in rows[1]["Why it is here"]


def test_a_name_of_a_course_is_learnt_on_the_page_of_the_plan(lead, sian, course):
    page = send(lead, "0001,,EDI 2022,31/03/2024,")
    assert "Courses that have another name here" in page.text
    page = lead.submit(page.url, "Keep these and plan again", **{"course-0": "test-course"})
    assert "1 completion is added to somebody’s record." in page.text
    assert "Courses that have another name here" not in page.text
    assert "1 completion is added" in send(lead, "0001,,edi 2022,01/04/2024,").text


def test_evidence_is_matched_by_hand_by_name(session, app, lead, sian, course):
    page = send(lead, ",Siân Nguyễn,TC,31/03/2024,Register 7")
    lead.submit(page.url, "Keep the rest as evidence")
    work(app)
    page = lead.open(HISTORY)
    (row,) = page.table("Past learning that belongs to nobody yet")
    assert row["Why it is here"] == "A name alone may be somebody else’s."
    evidence = page.links["Siân Nguyễn"]
    assert "It could be" in lead.open(evidence).text
    page = lead.submit(evidence, "Add it to this person’s record")
    assert (page.status, page.errors) == (422, ["Select a person"])
    page = lead.submit(f"{evidence}?name=nguyen", "Add it to this person’s record", person=str(sian.id))
    assert page.heading == "Past learning"
    assert "Matched. It stands in the person’s record now" in page.soup.get_text(" ")
    assert "Nothing waits" in page.text
    assert [one.person_id for one in standing(session)] == [sian.id]
    actions = session.scalars(select(AuditEntry.action)).all()
    assert {"past-learning-planned", "past-learning-applied", "past-learning-matched", "names-listed"} <= {*actions}


def test_a_search_that_finds_nobody_says_so_and_a_match_without_it_asks_for_one(session, app, lead, sian, course):
    page = send(lead, ",Nobody Known,Lifting,31/03/2024,")
    lead.submit(page.url, "Keep the rest as evidence")
    work(app)
    evidence = lead.open(HISTORY).links["Nobody Known"]
    assert "Nobody who worked for Halton Borough Council is called “ 王芳 ”" in lead.open(f"{evidence}?name=王芳").text
    _, values = lead.open(f"{evidence}?name=nguyen").form("Add it to this person’s record")
    assert lead.post(evidence, {**values, "name": "王芳"}).errors == ["Select a person"]


def test_a_file_that_brings_nothing_new_can_only_be_put_away(app, lead, sian, course):
    first = send(lead, "0001,,TC,31/03/2024,", ",Nobody Known,TC,31/03/2024,")
    lead.submit(first.url, "Add these completions")
    work(app)
    page = send(lead, "0001,,TC,31/03/2024,", ",Nobody Known,TC,31/03/2024,")
    assert "so there is nothing to apply" in page.text
    assert "Put this file away" in page.buttons
    assert not {"Add these completions", "Keep the rest as evidence"} & {*page.buttons}


def test_a_plan_can_be_put_away(session, lead, sian, course):
    page = send(lead, "0001,,TC,31/03/2024,")
    page = lead.submit(page.url, "Put this file away")
    assert page.heading == "Past learning"
    assert session.scalars(select(HistoryRun.stage)).all() == [Stage.DISCARDED]


def test_whoever_does_not_lead_this_authority_finds_nothing(session, app, browser, lead, care, sian, course):
    address = send(lead, "0001,,TC,31/03/2024,").url
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    others = [
        an_account(session, a_person(session, sefton), Role.HR_LEAD, unit=sefton),
        an_account(session, a_person(session, care), Role.MANAGER, unit=care),
        an_account(session, a_person(session, care)),
    ]
    for account in others:
        stranger = Browser(app).enter_as(account)
        for place in (HISTORY, f"{HISTORY}/new", address, f"{address}/status", f"{address}/rows/matched"):
            assert stranger.open(place).status in (403, 404)
    admin = Browser(app).enter_as(an_account(session, a_person(session), Role.ADMIN))
    assert admin.open(address).status == 200
    assert admin.open("/manage/past-learning").heading == "Past learning"
    wrong = address.replace("halton", "sefton")
    assert admin.open(wrong).status == 404


def test_a_file_that_is_cut_short_takes_a_second_person(session, app, lead, sian, course, care):
    page = send(lead, "0001,,TC,31/03/2024,", "310 rows")
    assert "Stopped: nothing has changed yet." in page.text
    assert "You brought this file, and a part of it seems to be missing, so a second person must decide." in page.text
    assert "Add these completions" not in page.text
    _, values = page.form("Put this file away")
    assert "A second person must agree" in lead.post(f"{page.url}/apply", values).text
    assert standing(session) == []

    colleague = an_account(session, a_person(session, name="Other Lead"), Role.HR_LEAD, unit=care)
    other = Browser(app).enter_as(colleague)
    assert "You did not bring it, so you may agree to it as it is." in other.open(page.url).text
    assert "Being applied" in other.submit(page.url, "Add these completions").text
    work(app)
    assert len(standing(session)) == 1
