"""A follow-up, page by page: hidden, announced, open, and finished with thanks instead of a certificate."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.learn.courses import course as courses
from app.learn.courses import home
from app.platform.storage import file_store
from assignments.requirements import require_course
from certificates.record.issuing import Certificate
from certificates.record.missing_certificates import completions_without_certificate
from courses.catalogue.shipped import publish_library
from courses.catalogue.uploads import CourseUpload
from courses.catalogue.versions import CourseVersion
from courses.records.completion import record_completion
from people.accounts import Account
from people.organisations import Organisation
from tests.builders.region import NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser, Page

FOLLOW_UP = "/courses/look-back-fu"
TITLE = "Look back 2"
REFUSAL = "This opens on 5 December 2026, two weeks after you finished Test course."
A_DAY_LATER, WHEN_OPEN = NOON + timedelta(days=1), NOON + timedelta(days=14)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def staff(session: Session, organisation: Organisation) -> Account:
    """A member of staff, where the test course and its follow-up are published."""
    account = an_account(session, a_person(session, a_unit(session, organisation)))
    a_course(session)
    a_follow_up(session)
    session.commit()
    return account


@pytest.fixture
def learner(browser: Browser, staff: Account) -> Browser:
    return browser.enter_as(staff)


def complete(session: Session, staff: Account) -> None:
    course = a_course(session)  # published already, so this finds it
    record_completion(
        session,
        person_id=staff.person_id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    session.commit()


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for module in (home, courses):
        monkeypatch.setattr(module, "utc_now", lambda: now)


def finish(learner: Browser) -> Page:
    learner.submit(FOLLOW_UP, "Start this course")
    learner.submit(f"{FOLLOW_UP}/first-steps/1", "Continue")
    learner.submit(f"{FOLLOW_UP}/first-steps/2", "Check my answer", answer="a")
    learner.submit(f"{FOLLOW_UP}/first-steps/2", "Continue")
    learner.submit(f"{FOLLOW_UP}/first-steps/3", "Finish this module")
    return learner.submit(f"{FOLLOW_UP}/second-steps/1", "Check my answer", answer=["a", "b"])


def test_nobody_hears_of_a_follow_up_before_the_course_it_follows(learner: Browser) -> None:
    page = learner.open("/learning")
    assert "Test course" in page.links
    assert TITLE not in page.text


def test_its_own_page_says_what_comes_first(learner: Browser) -> None:
    page = learner.open(FOLLOW_UP)
    assert "This opens two weeks after you finish Test course." in page.text
    assert "Start this course" not in page.buttons


def test_it_is_announced_with_its_day_once_the_course_is_completed(
    learner: Browser, staff: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, A_DAY_LATER)
    page = learner.open("/learning")
    assert "Opens on 5 December 2026" in page.text
    assert TITLE in page.links
    page = learner.open(FOLLOW_UP)
    assert REFUSAL in page.text
    assert "Start this course" not in page.buttons


def test_a_form_that_comes_too_early_is_refused_with_the_reason(
    learner: Browser, staff: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, WHEN_OPEN)
    target, values = learner.open(FOLLOW_UP).form("Start this course")
    set_clock(monkeypatch, A_DAY_LATER)
    page = learner.post(target, values)
    assert page.status == 422
    assert REFUSAL in page.text


def test_from_its_day_on_it_can_be_taken(
    learner: Browser, staff: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, WHEN_OPEN)
    page = learner.open("/learning")
    assert "Opens on" not in page.text
    assert "If you would like to" in page.text
    assert learner.submit(FOLLOW_UP, "Start this course").heading == "Hello"


def test_follow_ups_stand_in_the_order_in_which_they_open(
    learner: Browser, staff: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_follow_up(session, weeks=12, code="FV")
    complete(session, staff)
    set_clock(monkeypatch, A_DAY_LATER)
    page = learner.open("/learning")
    assert [title for title in page.links if title.startswith("Look back")] == [TITLE, "Look back 12"]


def test_one_that_an_authority_asks_for_is_announced_but_not_offered_first(
    learner: Browser,
    staff: Account,
    session: Session,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    follow_up = a_follow_up(session)
    require_course(
        session, course_id=follow_up.course_id, organisation_ids=[organisation.id], account_id=None, now=NOON
    )
    complete(session, staff)
    set_clock(monkeypatch, A_DAY_LATER)
    page = learner.open("/learning")
    assert "Opens on 5 December 2026" in page.text
    assert "Everyone at Halton Borough Council is asked to take part" in page.text
    assert "Start when it suits you" not in page.text
    assert "Everything asked of you is done" not in page.text
    set_clock(monkeypatch, WHEN_OPEN)
    assert "Start when it suits you" in learner.open("/learning").text


def test_finishing_one_is_thanked_and_no_page_speaks_of_its_certificate(
    learner: Browser, staff: Account, session: Session, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, WHEN_OPEN)
    assert "You have finished Look back 2. Thank you." in finish(learner).text
    for address in (f"{FOLLOW_UP}/finished", FOLLOW_UP):
        page = learner.open(address)
        assert "Thank you." in page.text
        assert "certificate" not in page.soup.main.get_text().lower()
    assert session.scalars(select(Certificate)).all() == []
    assert bell.rung == []


def test_the_done_line_thanks_and_the_other_course_still_has_its_certificate(
    learner: Browser, staff: Account, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, WHEN_OPEN)
    finish(learner)
    done = learner.open("/learning").text.partition(" Done ")[2]
    assert done.count("Thank you.") == 1
    assert done.count("Your certificate will be ready in a few minutes.") == 1


def test_housekeeping_owes_nothing_for_one(
    learner: Browser, staff: Account, session: Session, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, staff)
    set_clock(monkeypatch, WHEN_OPEN)
    finish(learner)
    with learner.client.application.app_context():
        run_housekeeping()
    session.expire_all()
    assert session.scalars(select(Certificate.course_title)).all() == ["Test course"]
    assert completions_without_certificate(session, limit=10) == []


def test_the_shipped_follow_ups_find_their_course_published(app: Flask, session: Session) -> None:
    with app.app_context():
        publish_library(session, store=file_store(), now=NOON)
    uploads = session.scalars(select(CourseUpload.warnings)).all()
    assert [warning for warnings in uploads for warning in warnings if warning["file"] == "course.yaml"] == []
    follows = select(CourseVersion.follows_slug, CourseVersion.follows_weeks).where(~CourseVersion.gives_certificate)
    assert sorted(map(tuple, session.execute(follows))) == [("race-equality-essentials", weeks) for weeks in (2, 6, 12)]
