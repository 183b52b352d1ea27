"""What the tests of certificates for many people at once share: addresses, people, and a worker that is rung for."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.jobs import certificate_runs as job
from app.jobs.certificate_runs import work_off_runs
from app.platform.work import unit_of_work
from certificates.record.issuing import Certificate
from certificates.record.runs import RUNS, CertificateRun
from courses.records.completion import CompletionSource
from kernel.clock import utc_now
from people.organisations import Unit
from people.roles import Role
from tests.builders.certificate_batches import completed
from tests.builders.region import a_course, a_person, an_account
from tests.builders.tasks import in_hand
from tests.reading import Browser, Page

CERTIFICATES = "/council/halton/certificates"
EVERY = "/council/every-authority/certificates"
ISSUE = f"{CERTIFICATES}/issue?course=test-course"
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
    _, values = browser.open(CERTIFICATES).form("Sign out")
    return {"csrf_token": values["csrf_token"]}


def work_off(browser: Browser) -> None:
    """What a worker does when the bell rings."""
    with browser.client.application.app_context():
        work_off_runs()


def one_batch(browser: Browser, session: Session) -> None:
    run_id = the_run(session).id
    with browser.client.application.app_context():
        with unit_of_work() as work:
            claimed = in_hand(work.session, RUNS, run_id, now=utc_now())
        job._batch(claimed)


def let_time_pass(session: Session) -> None:
    """Leases on runs have run out, and what failed is due again."""
    then = utc_now() - RUNS.lease - timedelta(seconds=5)
    session.execute(update(CertificateRun).where(CertificateRun.claimed_at.is_not(None)).values(claimed_at=then))
    session.execute(update(CertificateRun).where(CertificateRun.retry_at.is_not(None)).values(retry_at=then))
    session.execute(update(CertificateRun).values(started_at=then))
    session.commit()


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


def the_run(session: Session) -> CertificateRun:
    session.expire_all()
    return session.scalars(select(CertificateRun)).one()
