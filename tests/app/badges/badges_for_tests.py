"""What the tests of badges share: how one is made and taken along, and what a verifier elsewhere does."""

from collections.abc import Callable

from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.jobs import badges as job
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from tests.builders.region import a_person, an_account
from tests.reading import Browser, Page

SITE = "https://learn.example.org"


def address(certificate: Certificate, rest: str = "") -> str:
    return f"/certificates/{certificate.number}/badge{rest}"


def make(browser: Browser, certificate: Certificate, app: Flask, **fields: str) -> Page:
    """Ask for the badge, and let the worker do its part."""
    browser.submit(address(certificate), "Make my badge", **fields)
    work(app)
    return browser.open(address(certificate))


def work(app: Flask) -> None:
    with app.app_context():
        job.sign_badges()
        job.publish_status()


def taken(browser: Browser, certificate: Certificate, kind: str) -> TestResponse:
    return browser.client.get(address(certificate, f"/files/{kind}"))


def fetched(browser: Browser, url: str, accept: str = "*/*") -> TestResponse:
    assert url.startswith(SITE)
    return browser.client.get(url.removeprefix(SITE), headers={"Accept": accept})


def check(stranger: Browser, credential: str) -> None:
    """What a verifier elsewhere does, who knows nothing but the badge."""
    OB3LdpVerifier().verify(credential, check_status=True, download=download_by(stranger))


def download_by(stranger: Browser) -> Callable[[str], bytes]:
    """How a verifier in Python fetches what it needs."""

    def download(url: str) -> bytes:
        # openbadgeslib 4.6.3 reads no signed list but a token.
        answer = fetched(stranger, url, "application/vc+jwt, application/json;q=0.5")
        assert answer.status_code == 200
        return answer.data

    return download


def act(session: Session, certificate: Certificate, do: object) -> None:
    admin = an_account(session, a_person(session)).id
    assert callable(do)
    reason = Reason.WRONG_PERSON if do is revoke else Reason.TEMPLATE_FAULT
    do(session, certificate_number=certificate.number, reason=reason, words="", account_id=admin, now=utc_now())
    session.commit()
