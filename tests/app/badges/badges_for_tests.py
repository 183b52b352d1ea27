"""What the tests of badges share: how one is made and taken along, and what a verifier elsewhere does."""

from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.jobs import badges as job
from certificates.history import Reason
from certificates.issuing import Certificate
from certificates.revoking import revoke
from kernel.clock import utc_now
from tests.builders import a_person, an_account
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

    def download(url: str) -> bytes:
        answer = fetched(stranger, url)
        assert answer.status_code == 200
        return answer.data

    OB3LdpVerifier().verify(credential, check_status=True, download=download)


def act(session: Session, certificate: Certificate, do: object) -> None:
    admin = an_account(session, a_person(session)).id
    assert callable(do)
    reason = Reason.WRONG_PERSON if do is revoke else Reason.TEMPLATE_FAULT
    do(session, number=certificate.number, reason=reason, words="", account_id=admin, now=utc_now())
    session.commit()
