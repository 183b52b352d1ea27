"""A holder makes a badge of their certificate, takes it along and shows it; nobody else can."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3Verifier
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import badges as job
from app.jobs.task_loop import TasksFailed
from certificates.badges.making import SIGN_BADGES
from certificates.badges.records import Badge
from certificates.record.issuing import Certificate
from people.persons import Person
from tests.app.badges.badges_for_tests import SITE, address, check, download_by, make, taken, work
from tests.builders.region import a_person, an_account
from tests.conftest import ListeningBell
from tests.reading import Browser


def test_the_certificate_leads_to_the_badge(browser: Browser, certificate: Certificate) -> None:
    page = browser.open(f"/certificates/{certificate.number}")
    assert page.links["Show this certificate elsewhere"] == address(certificate)
    page = browser.open(address(certificate))
    assert page.heading == "Show it elsewhere"
    assert "Not your full name" in page.text
    assert "You can take the badge back" in page.text


def test_a_badge_is_made_in_the_queue_and_then_taken_along(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate, bell: ListeningBell
) -> None:
    page = browser.submit(address(certificate), "Make my badge")
    assert "We are making your badge" in page.text
    assert bell.rung == [SIGN_BADGES]
    assert browser.client.get(address(certificate, "/status")).status_code == 202
    work(app)
    assert browser.client.get(address(certificate, "/status")).status_code == 200
    page = browser.open(address(certificate))
    assert {"Download the badge", "Download the statement alone"} <= set(page.links)
    picture, credential, token = (taken(browser, certificate, kind) for kind in ("picture", "credential", "jwt"))
    assert [one.mimetype for one in (picture, credential, token)] == [
        "image/svg+xml",
        "application/vc",
        "application/vc+jwt",
    ]
    assert all("attachment" in one.headers["Content-Disposition"] for one in (picture, credential, token))
    assert json.loads(OB3Verifier.extract_token_from_svg(picture.data)) == json.loads(credential.text)
    check(stranger, credential.text)
    download = download_by(stranger)
    verifier = OB3Verifier.for_issuer_did("did:web:learn.example.org:badges", download=download)
    assert verifier.verify(token.text, check_status=True, download=download)


def test_only_its_holder_may_make_see_and_take_back_a_badge(
    app: Flask, session: Session, browser: Browser, stranger: Browser, certificate: Certificate
) -> None:
    make(browser, certificate, app)
    assert stranger.open(address(certificate), follow=False).is_redirect
    stranger.enter_as(an_account(session, a_person(session)))
    session.commit()
    for rest in ("", "/status", "/files/picture", "/files/credential", "/files/jwt"):
        assert stranger.client.get(address(certificate, rest)).status_code == 404
    assert browser.client.get(address(certificate, "/files/pdf")).status_code == 404


def test_an_email_address_goes_in_only_by_choice(app: Flask, browser: Browser, certificate: Certificate) -> None:
    make(browser, certificate, app, has_email="y")
    badge = taken(browser, certificate, "credential")
    assert [one["identityType"] for one in json.loads(badge.text)["credentialSubject"]["identifier"]] == [
        "identifier",
        "emailAddress",
    ]
    assert "halton.example" not in badge.text
    assert "in a scrambled form" in browser.open(address(certificate)).text


def test_somebody_without_an_address_is_not_asked(session: Session, browser: Browser, certificate: Certificate) -> None:
    session.get_one(Person, certificate.person_id).email = None
    session.commit()
    assert "email" not in browser.open(address(certificate)).text


def test_linkedin_is_told_the_course_and_not_the_name(browser: Browser, certificate: Certificate) -> None:
    link = urlsplit(browser.open(address(certificate)).links["Add to LinkedIn"])
    assert (link.hostname, link.path) == ("www.linkedin.com", "/profile/add")
    assert parse_qs(link.query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Test course"],
        "organizationName": ["Halton Borough Council"],
        "issueYear": [str(certificate.completed_on.year)],
        "issueMonth": [str(certificate.completed_on.month)],
        "expirationYear": ["2999"],
        "expirationMonth": ["6"],
        "certUrl": [f"{SITE}/verify/{certificate.number}"],
        "certId": [certificate.number],
    }


def test_a_badge_that_could_not_be_signed_says_so_and_can_be_asked_for_again(
    app: Flask, session: Session, browser: Browser, certificate: Certificate, key: Path
) -> None:
    text = key.read_text()
    key.write_text("no key")
    browser.submit(address(certificate), "Make my badge")
    with app.app_context(), pytest.raises(TasksFailed):
        job.sign_badges()
    assert "Something went wrong on our side" in browser.open(address(certificate)).text
    reason = session.scalar(select(Badge.failure_reason))
    assert reason is not None
    assert "not a private key" in reason
    key.write_text(text)
    assert "Download the badge" in make(browser, certificate, app).links


def test_without_a_key_there_are_no_badges_and_linkedin_stays(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate
) -> None:
    _, form = browser.open(address(certificate)).form("Make my badge")
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"badge_key_file": None})
    page = browser.open(address(certificate))
    assert "Make my badge" not in page.buttons
    assert "Add to LinkedIn" in page.links
    page = browser.post(address(certificate), form)
    assert (page.status, page.errors) == (422, ["Badges are not made here at the moment"])
    for place in ("did.json", "issuer", "status/1", "achievements/RE-1", "achievements/RE-1/picture", "secret"):
        assert stranger.client.get(f"/badges/{place}").status_code == 404
