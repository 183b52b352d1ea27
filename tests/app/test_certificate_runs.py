"""Certificates by the thousand, on their pages: preview, confirm, watch, pause, cancel; and who may not."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs import certificate_runs as job
from app.jobs.certificate_runs import RunsFailed, work_off_runs
from app.jobs.housekeeping import PATIENCE, keep_house
from certificates.issuing import Certificate, issue_for_completion
from certificates.rendering import RENDER_CERTIFICATES
from certificates.runs import WORK_OFF_RUNS, CertificateRun, RunState
from courses.completion import CompletionSource
from kernel.audit import entries_for
from kernel.clock import utc_now
from kernel.outbox import Promise
from kernel.unit_of_work import UnitOfWork
from people.organisations import Unit
from people.roles import Role
from tests.builders import NOON, a_course, a_follow_up, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser, Page
from tests.thousands import completed

DESK = "/council/halton/certificates"
EVERY = "/council/every-authority/certificates"
ISSUE = f"{DESK}/issue?course=test-course"
IMPORTED = CompletionSource.IMPORTED


@pytest.fixture
def unit(session: Session) -> Unit:
    """A directorate of Halton; the test course is there."""
    a_course(session)
    unit = a_unit(session, an_organisation(session))
    session.commit()
    return unit


@pytest.fixture
def lead(session: Session, unit: Unit, browser: Browser) -> Browser:
    account = an_account(session, a_person(session, unit, "Lead Okafor"), Role.HR_LEAD, unit=unit)
    session.commit()
    return browser.enter_as(account)


def an_admin(session: Session, app: Flask) -> Browser:
    account = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    return Browser(app).enter_as(account)


def complete(session: Session, unit: Unit, number: int, source: CompletionSource = CompletionSource.PLATFORM) -> None:
    completed(session, a_course(session), unit, number, source=source)
    session.commit()


def start(browser: Browser, number: int, url: str = ISSUE) -> Page:
    words = f"Issue {number} certificate{'' if number == 1 else 's'}"
    return browser.submit(url, words)


def token(browser: Browser) -> dict[str, str]:
    """What a form of this browser sends along."""
    _, values = browser.open(DESK).form("Sign out")
    return {"csrf_token": values["csrf_token"]}


def work_off(browser: Browser) -> None:
    """What a worker does when the bell rings."""
    with browser.client.application.app_context():
        work_off_runs()


def one_batch(browser: Browser, session: Session) -> None:
    run_id = the_run(session).id
    with browser.client.application.app_context():
        job._goes_on(run_id, [])


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


def the_run(session: Session) -> CertificateRun:
    session.expire_all()
    return session.scalars(select(CertificateRun)).one()


def test_a_desk_without_runs_says_what_it_is_for(lead: Browser) -> None:
    page = lead.open(DESK)
    assert page.heading == "Certificates by the thousand"
    assert "No runs yet" in page.text
    assert "Issue certificates anew" not in page.links


def test_the_preview_says_who_and_how_many_and_who_is_left_out(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    complete(session, unit, 30, IMPORTED)
    page = lead.open(ISSUE)
    assert "2 people would get a certificate." in page.text
    assert "30 completed it before it was here." in page.text
    assert [row["Name"] for row in page.table("Who would get one")] == ["Nguyễn Thị Minh", "Siân Jones"]
    page = lead.open(page.links["Give them one as well"])
    assert "32 people would get a certificate. 30 of them completed the course before it was here." in page.text
    assert len(page.table("Who would get one")) == 25
    assert len(lead.open(f"{ISSUE}&imported=yes&page=2").table("Who would get one")) == 7
    assert lead.open(f"{ISSUE}&imported=yes&page=3").status == 404


def test_what_is_confirmed_is_issued_and_shown(
    lead: Browser, session: Session, unit: Unit, bell: ListeningBell
) -> None:
    complete(session, unit, 3, IMPORTED)
    page = start(lead, 3, f"{ISSUE}&imported=yes")
    assert page.heading.endswith(": issue certificates")
    assert "Under way 0 of 3 certificates issued." in page.text
    assert bell.rung == [WORK_OFF_RUNS]
    assert lead.client.get(f"{page.url}/status").status_code == 202
    work_off(lead)
    assert bell.rung == [WORK_OFF_RUNS, RENDER_CERTIFICATES]
    text = lead.open(page.url).text
    assert "Done 3 of 3 certificates issued." in text
    assert "0 files are ready, 3 are being made." in text
    assert "Included on purpose" in text
    (row,) = lead.open(DESK).table("Runs")
    assert (row["What"], row["State"], row["Issued"]) == ("Issue: Test course", "Done", "3 of 3")
    (entry,) = entries_for(session, subject_type="certificate-run", subject_id=the_run(session).id)
    assert (entry.action, entry.detail["wanted"]) == ("certificate-run-started", 3)


def test_numbers_that_changed_are_shown_and_asked_for_again(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    target, values = lead.open(ISSUE).form("Issue 2 certificates")
    complete(session, unit, 1)
    page = lead.post(target, values)
    assert page.status == 422
    assert page.errors == ["The numbers have changed since you looked. Look at them again, then confirm"]
    target, values = page.form("Issue 3 certificates")
    assert lead.post(target, values).heading.endswith(": issue certificates")


def test_confirming_twice_starts_one_run(lead: Browser, session: Session, unit: Unit) -> None:
    complete(session, unit, 2)
    target, values = lead.open(ISSUE).form("Issue 2 certificates")
    lead.post(target, values)
    page = lead.post(target, values)
    assert page.errors == ["A run for the same people is under way. Let it finish or cancel it first"]


def test_a_run_is_paused_resumed_and_cancelled(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    complete(session, unit, 5)
    url = start(lead, 5).url
    one_batch(lead, session)
    assert "Paused. Nothing more is issued until you resume" in lead.submit(url, "Pause").text
    work_off(lead)
    assert how_many(session) == 2
    assert "It goes on" in lead.submit(url, "Resume").text
    one_batch(lead, session)
    page = lead.submit(url, "Cancel the rest")
    assert "Cancelled 4 of 5 certificates issued." in page.text
    assert page.buttons == lead.open(DESK).buttons
    work_off(lead)
    assert how_many(session) == 4
    page = lead.post(f"{url}/resume", token(lead))
    assert "Only a paused run can be resumed" in page.text
    assert lead.post(f"{url}/eat", token(lead)).status == 404


@pytest.mark.parametrize("is_late", [False, True], ids=["before the batch", "just before its commit"])
def test_a_worker_that_dies_at_any_step_loses_and_doubles_nothing(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    monkeypatch.setattr(job, "BATCH", 3)
    complete(session, unit, 10)
    start(lead, 10)
    real, deadly, calls = job.unit_of_work, 0, 0

    @contextmanager
    def work_or_die() -> Iterator[UnitOfWork]:
        nonlocal calls
        calls += 1
        if calls == deadly and not is_late:
            raise SystemExit("killed")
        with real() as work:
            yield work
            if calls == deadly:
                raise SystemExit("killed")

    monkeypatch.setattr(job, "unit_of_work", work_or_die)
    for step in range(1, 6):
        calls, deadly = 0, step
        with suppress(SystemExit):
            work_off(lead)
    calls, deadly = 0, 0
    work_off(lead)
    run = the_run(session)
    assert (run.state, run.issued, how_many(session)) == (RunState.DONE, 10, 10)


def test_a_batch_that_fails_is_rolled_back_said_and_tried_again(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, unit, 2)
    url = start(lead, 2).url
    with monkeypatch.context() as patch:
        patch.setitem(job.STEPS, "issue", lambda *_args, **_more: 1 / 0)
        for _ in range(3):
            with pytest.raises(RunsFailed, match="division by zero"):
                work_off(lead)
    assert "It was paused because it failed three times in a row: division by zero" in lead.open(url).text
    lead.submit(url, "Resume")
    work_off(lead)
    assert "Done 2 of 2 certificates issued." in lead.open(url).text


def test_a_lost_bell_is_rung_again_by_housekeeping(
    lead: Browser, session: Session, unit: Unit, bell: ListeningBell
) -> None:
    complete(session, unit, 2, IMPORTED)
    start(lead, 2, f"{ISSUE}&imported=yes")
    bell.rung.clear()
    session.scalars(select(Promise)).one().made_at = utc_now() - PATIENCE * 2
    session.commit()
    with lead.client.application.app_context():
        keep_house()
    assert bell.rung == [WORK_OFF_RUNS]


def test_nobody_to_issue_to_is_said_plainly(lead: Browser, session: Session, unit: Unit) -> None:
    assert "Nobody here has completed this course" in lead.open(ISSUE).text
    completed(session, a_follow_up(session), unit, 2)
    session.commit()
    assert "This course gives no certificate" in lead.open(f"{DESK}/issue?course=look-back-fu").text
    (only,) = completed(session, a_course(session), unit, 1)
    issue_for_completion(session, completion_id=only, now=NOON)
    session.commit()
    page = lead.open(ISSUE)
    assert "Nobody would get a certificate." in page.text
    page = lead.post(f"{DESK}/issue", {**token(lead), "course": "test-course", "seen": "0-0-0"})
    assert page.errors == ["Nobody here would get a certificate, so there is nothing to issue"]


def test_a_choice_that_is_not_there_is_an_error_beside_the_field(lead: Browser, session: Session) -> None:
    page = lead.open(f"{DESK}/issue?course=no-such&unit=999999")
    assert page.status == 422
    assert page.errors == ["Select a course", "Select a directorate, service or team of this authority"]
    assert lead.open(f"{DESK}/issue?course=").errors == ["Select a course"]


def test_a_unit_of_another_authority_cannot_be_chosen(lead: Browser, session: Session) -> None:
    other = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    session.commit()
    page = lead.open(f"{ISSUE}&unit={other.id}")
    assert page.errors == ["Select a directorate, service or team of this authority"]


def test_an_hr_lead_sees_nothing_of_another_authority(lead: Browser, session: Session, unit: Unit, app: Flask) -> None:
    complete(session, a_unit(session, an_organisation(session, "wirral", "Wirral Council")), 2)
    there = "/council/wirral/certificates"
    url = start(an_admin(session, app), 2, f"{there}/issue?course=test-course").url
    for address in (there, f"{there}/issue", f"{there}/reissue", url, f"{url}/status", EVERY, f"{DESK}/reissue"):
        assert lead.open(address).status == 404
    assert lead.open(url.replace("wirral", "halton")).status == 404
    assert lead.post(f"{url}/cancel", token(lead)).status == 404
    assert lead.post(url.replace("wirral", "halton") + "/cancel", token(lead)).status == 404
    assert the_run(session).state is RunState.RUNNING


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.AUTHOR])
def test_nobody_else_may_issue(session: Session, unit: Unit, app: Flask, role: Role | None) -> None:
    account = an_account(session, a_person(session, unit), *([role] if role else []), unit=unit)
    session.commit()
    for address in (DESK, f"{DESK}/issue", f"{DESK}/reissue"):
        assert Browser(app).enter_as(account).open(address).status == 404


def test_an_admin_issues_for_every_authority_at_once(session: Session, unit: Unit, app: Flask) -> None:
    complete(session, unit, 2)
    complete(session, a_unit(session, an_organisation(session, "wirral", "Wirral Council")), 1)
    admin = an_admin(session, app)
    page = admin.open(f"{EVERY}/issue?course=test-course")
    assert [row["Authority"] for row in page.table("By authority")] == ["Halton Borough Council", "Wirral Council"]
    start(admin, 3, f"{EVERY}/issue?course=test-course")
    work_off(admin)
    assert how_many(session) == 3


def test_an_admin_replaces_certificates_with_a_reason(session: Session, unit: Unit, app: Flask) -> None:
    complete(session, unit, 3)
    admin = an_admin(session, app)
    start(admin, 3)
    work_off(admin)
    url = f"{DESK}/reissue?course=test-course"
    assert admin.submit(url, "Replace 3 certificates").errors == ["Select a reason"]
    page = admin.submit(url, "Replace 3 certificates", reason="other")
    assert page.errors == ["Say what the reason is. The holder reads it"]
    page = admin.submit(url, "Replace 3 certificates", reason="template-fault", words="The logo was wrong")
    assert page.heading.endswith(": issue certificates anew")
    work_off(admin)
    assert "Done 3 of 3 certificates issued." in admin.open(page.url).text
    assert how_many(session) == 6
