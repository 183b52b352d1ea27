"""The report for a board: asked for by its address, made by a worker, handed out; with the words of the page."""

import json
import subprocess
from datetime import timedelta

from app.jobs.papers.making import delete_old_papers, make_papers
from app.platform.storage import file_store
from assignments.targets import Target, set_target
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.roles import Role
from reports.paper.record import PAPERS, Paper
from tests.builders.region import a_person, a_unit, an_account
from tests.reports.taken_course import people_in
from tests.reports.test_session_pack import PDFTOTEXT

PDF = "/council/halton/completion.pdf"


def work(app):
    with app.app_context():
        make_papers()


def read(browser, address):
    """All of a file; it is closed then."""
    with browser.client.get(address) as response:
        assert response.status_code == 200
        return response.get_data()


def words_of(data):
    done = subprocess.run([PDFTOTEXT, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_report_says_what_the_page_says(session, app, lead, halton, care, course):
    people_in(session, care, 120, course=course, complete=60, in_progress=20)
    people_in(session, a_unit(session, halton, "Parks"), 30, course=course, complete=9, in_progress=2)
    people_in(session, a_unit(session, halton, "Mayor’s office"), 3, course=course, complete=3)
    target = Target(90, local_day(utc_now()) + timedelta(days=120))
    set_target(
        session, organisation_id=halton.id, course_id=course.course_id, target=target, account_id=None, now=utc_now()
    )
    waiting = lead.open(PDF)
    assert waiting.response.status_code == 202
    assert "We are making the report" in waiting.text
    work(app)
    page = lead.open("/council/halton")
    words = words_of(read(lead, PDF))
    assert "47% of the 153 people who count have finished." in page.text
    assert "47% of the 153 people who count have finished." in words
    assert "The target is 90% by " in words
    assert "Parks" in words
    assert "50%" in words
    assert "not shown" in words
    assert "in progress" in words


def test_the_report_has_the_filters_of_the_page(session, app, lead, halton, care, course):
    people_in(session, care, 20, course=course, complete=5)
    people_in(session, a_unit(session, halton, "Parks"), 30, course=course, complete=9)
    address = f"{PDF}?unit={care.id}"
    assert lead.client.get(address).status_code == 202
    work(app)
    with lead.client.get(address) as response:
        assert "25% of the 20 people who count have finished." in words_of(response.get_data())
        assert response.mimetype == "application/pdf"
        assert f"halton-unit-{care.id}-test-course" in response.headers["Content-Disposition"]
    assert lead.client.get(PDF).status_code == 202  # another report


def test_asking_twice_makes_it_once_and_a_change_makes_another(session, app, lead, care, course):
    people_in(session, care, 20, course=course, complete=5)
    for _ in range(2):
        assert lead.client.get(PDF).status_code == 202
    assert session.query(Paper).count() == 1
    work(app)
    read(lead, PDF)
    people_in(session, care, 5, course=course, complete=5)
    assert lead.client.get(PDF).status_code == 202
    assert session.query(Paper).count() == 2


def test_a_manager_gets_their_unit_without_who_has_started(session, app, browser, halton, care, course):
    people_in(session, care, 20, course=course, complete=5, in_progress=5)
    manager = browser.enter_as(an_account(session, a_person(session), Role.MANAGER, unit=care))
    assert manager.client.get(PDF).status_code == 202
    work(app)
    words = words_of(read(manager, PDF))
    assert "15 not finished yet" in words
    assert "in progress" not in words


def test_nobody_else_gets_it(browser, session, lead, care, course):
    assert lead.client.get("/council/sefton/completion.pdf").status_code == 404
    learner = browser.enter_as(an_account(session, a_person(session)))
    assert learner.client.get(PDF).status_code in (403, 404)


def test_a_day_or_a_unit_that_is_not_there_is_said_in_words(lead, care, course):
    assert lead.client.get(f"{PDF}?unit=999999").status_code == 404
    assert lead.client.get(f"{PDF}?on=2999-01-01").status_code in (400, 404, 409, 422)


def test_a_week_later_its_file_is_gone_and_it_is_made_again_with_the_same_bytes(session, app, lead, care, course):
    people_in(session, care, 20, course=course, complete=5)
    lead.client.get(PDF)
    work(app)
    first = read(lead, PDF)
    paper = session.query(Paper).one()
    paper.ends_at = utc_now() - timedelta(minutes=1)
    session.commit()
    with app.app_context():
        delete_old_papers()
        assert not file_store().exists(paper.storage_key)
    session.expire_all()
    assert paper.state is TaskState.EXPIRED
    assert lead.client.get(PDF).status_code == 202
    work(app)
    assert read(lead, PDF) == first


def test_no_name_and_no_person_stands_in_what_is_kept(session, app, lead, care, course):
    people_in(session, care, 20, course=course, complete=5)
    lead.client.get(PDF)
    paper = session.query(Paper).one()
    assert "Ayọ̀" not in json.dumps(paper.facts, ensure_ascii=False)
    assert PAPERS.table is Paper
