"""An author says that a version puts another right: the page, the command, the queue, and what learners read."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs.corrections import move_waiting
from certificates.record.issuing import Certificate
from courses.catalogue.versions import publish
from courses.corrections.declaring import MOVE_ATTEMPTS
from courses.records.completion import Completion
from courses.records.moves import AttemptMove
from people.accounts import Account
from people.roles import Role
from tests.app.cli.test_course_command import folder_of, run
from tests.app.manage.publishing.test_publish import upload
from tests.builders.bundles import a_bundle
from tests.builders.region import FIRST, NOON, a_document, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.courses.corrections.test_correspondence import RIGHT_KEY, THOUGHT
from tests.reading import Browser

COURSE = "/courses/test-course"
PUBLISH = "Publish as version 2"


@pytest.fixture
def staff(session: Session) -> Account:
    publish(session, document=a_document(questions=RIGHT_KEY), account_id=None, now=NOON)
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), Role.AUTHOR)
    session.commit()
    return account


@pytest.fixture
def stuck(browser: Browser, staff: Account) -> Browser:
    """Somebody who gave every true answer, and cannot finish, because one key is wrong."""
    browser.enter_as(staff).submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    browser.submit(f"{COURSE}/first-steps/2", "Check my answer", answer="a")
    browser.submit(f"{COURSE}/first-steps/2", "Continue")
    browser.submit(f"{COURSE}/first-steps/3", "Finish this module")
    browser.submit(f"{COURSE}/second-steps/1", "Check my answer", answer=["a", "b"])
    assert "1 of 2 questions are right so far" in browser.open(COURSE).text
    return browser


def work_off(app: Flask) -> None:
    with app.app_context():
        move_waiting()


def test_the_page_says_who_moves_and_what_rises_and_publishing_does_it(
    app: Flask, stuck: Browser, session: Session, bell: ListeningBell
) -> None:
    address = upload(stuck, a_bundle())
    assert "It corrects version 1: 1 person moves, and 1 mark rises" in stuck.open(address).text
    stuck.submit(address, PUBLISH, puts_right="yes")
    assert MOVE_ATTEMPTS in bell.rung
    assert "0 people were moved, 0 marks rose, and 1 person waits" in stuck.open("/manage/courses/test-course").text
    work_off(app)
    assert "1 person was moved, 1 mark rose." in stuck.open("/manage/courses/test-course").text
    page = stuck.open(COURSE)
    assert "This course was corrected on" in page.text
    assert "1 of your answers counts as right now." in page.text
    assert "You finished this on" in page.text
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Completion)) == 1
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_without_saying_so_people_midway_stay_where_they_are(app: Flask, stuck: Browser, session: Session) -> None:
    stuck.submit(upload(stuck, a_bundle()), PUBLISH, puts_right="no")
    work_off(app)
    assert session.scalar(select(func.count()).select_from(AttemptMove)) == 0
    assert "1 of 2 questions are right so far" in stuck.open(COURSE).text


def test_the_author_is_asked_plainly_and_has_to_answer(stuck: Browser, session: Session) -> None:
    address = upload(stuck, a_bundle())
    page = stuck.submit(address, PUBLISH)
    assert (page.status, page.errors) == (422, ["Select yes if it puts an earlier version right"])
    assert "version 2" not in stuck.open("/manage/courses/test-course").text


def test_of_several_versions_the_author_says_which(stuck: Browser, session: Session) -> None:
    publish(session, document=a_document(questions=RIGHT_KEY, first=f"{FIRST}\nMore.\n"), account_id=None, now=NOON)
    session.commit()
    address = upload(stuck, a_bundle())
    page = stuck.submit(address, "Publish as version 3", puts_right="yes")
    assert (page.status, page.errors) == (422, ["Select which version it puts right"])
    stuck.submit(address, "Publish as version 3", puts_right="yes", corrects=["1"])
    assert "Version 3 corrects version 1" in stuck.open("/manage/courses/test-course").text


def test_each_version_says_what_it_corrects_or_what_corrects_it(app: Flask, stuck: Browser) -> None:
    stuck.submit(upload(stuck, a_bundle()), PUBLISH, puts_right="yes")
    work_off(app)
    newer = stuck.open("/manage/courses/test-course/versions/2").text
    assert "This corrects version 1: 1 person was moved, 1 mark rose." in newer
    assert "Version 2 corrects this one." in stuck.open("/manage/courses/test-course/versions/1").text


def test_what_stands_in_the_way_is_on_the_page_and_nothing_is_offered(stuck: Browser, session: Session) -> None:
    address = upload(stuck, a_bundle(first=FIRST.replace(THOUGHT, "Text.\n")))
    page = stuck.open(address)
    assert "It cannot put version 1 right" in page.text
    assert "Screen TC-M1-S3 has no place any more for what people wrote at TC-M1-R1." in page.text
    assert not page.soup.find("input", {"name": "corrects"})
    target, values = page.form(PUBLISH)
    refused = stuck.post(target, {**values, "corrects": ["1"]})
    assert refused.status == 422
    assert refused.errors[0].startswith("It cannot correct version 1.")
    assert "version 2" not in stuck.open("/manage/courses/test-course").text


@pytest.mark.parametrize("made_up", ["9", "x", "-1"])
def test_a_made_up_version_is_refused(stuck: Browser, made_up: str) -> None:
    target, values = stuck.open(upload(stuck, a_bundle())).form(PUBLISH)
    assert stuck.post(target, {**values, "puts_right": "yes", "corrects": [made_up]}).status == 422


def test_it_runs_twice_and_moves_once(app: Flask, stuck: Browser, session: Session) -> None:
    stuck.submit(upload(stuck, a_bundle()), PUBLISH, puts_right="yes")
    work_off(app)
    work_off(app)
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(AttemptMove)) == 1


def test_a_page_that_was_open_meanwhile_is_answered_in_the_corrected_version(
    app: Flask, browser: Browser, staff: Account
) -> None:
    browser.enter_as(staff).submit(COURSE, "Start this course")
    browser.submit(f"{COURSE}/first-steps/1", "Continue")
    target, values = browser.open(f"{COURSE}/first-steps/2").form("Check my answer")
    browser.submit(upload(browser, a_bundle()), PUBLISH, puts_right="yes")
    work_off(app)
    assert "Right. This is the one" in browser.post(target, {**values, "answer": "a"}).text


def test_the_command_says_it_too(app: Flask, stuck: Browser, session: Session, tmp_path: Path) -> None:
    result = run(app, "publish", folder_of(tmp_path), "--corrects", "1")
    assert "version 2 is published. It corrects version 1: people midway are moved to it." in result.output
    work_off(app)
    assert "You finished this on" in stuck.open(COURSE).text
    assert run(app, "publish", folder_of(tmp_path / "again"), "--corrects", "7").exit_code == 1
