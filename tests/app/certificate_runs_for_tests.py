"""What the tests of certificates by the thousand share: addresses, people, and a worker that is rung for."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.jobs import certificate_runs as job
from app.jobs.certificate_runs import work_off_runs
from certificates.issuing import Certificate
from certificates.runs import CertificateRun
from courses.completion import CompletionSource
from people.organisations import Unit
from people.roles import Role
from tests.builders import a_course, a_person, an_account
from tests.reading import Browser, Page
from tests.thousands import completed

DESK = "/council/halton/certificates"
EVERY = "/council/every-authority/certificates"
ISSUE = f"{DESK}/issue?course=test-course"
IMPORTED = CompletionSource.IMPORTED


def an_admin(session: Session, app: Flask) -> Browser:
    account = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    return Browser(app).enter_as(account)


def complete(session: Session, unit: Unit, number: int, source: CompletionSource = CompletionSource.PLATFORM) -> None:
    completed(session, a_course(session), unit, number, source=source)
    session.commit()


def start(browser: Browser, number: int, url: str = ISSUE, **fields: str) -> Page:
    words = f"Issue {number} certificate{'' if number == 1 else 's'}"
    return browser.submit(url, words, **fields)


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
