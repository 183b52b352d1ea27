"""A holder makes a badge, takes it along and takes it back; anybody may check it, and learns no more than by number."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.badges import write_key
from app.jobs import badges as job
from app.jobs.housekeeping import keep_house
from certificates.badges.keys import new_key
from certificates.badges.making import SIGN_BADGES
from certificates.badges.records import Badge, BadgeStatusList
from certificates.badges.status import PUBLISH_STATUS, SIGN_EVERY
from certificates.history import Reason
from certificates.issuing import Certificate, CertificateState, issue_for_completion
from certificates.reissuing import reissue
from certificates.revoking import revoke
from courses.completion import record_completion
from kernel.clock import utc_now
from people.accounts import Account
from people.persons import Person
from tests.app.test_query_counts import counted
from tests.builders import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser, Page

SITE = "https://learn.example.org"


@pytest.fixture(autouse=True)
def key(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A site on https with a key of its own."""
    path, before = tmp_path / "key.pem", app.config["SETTINGS"]
    write_key(path, new_key())
    app.config["SETTINGS"] = before.model_copy(update={"badge_key_file": str(path), "public_url": SITE})
    yield path
    app.config["SETTINGS"] = before


@pytest.fixture
def account(session: Session) -> Account:
    person = a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    person.email = "sian.nguyen@halton.example"
    return an_account(session, person)


@pytest.fixture
def certificate(session: Session, account: Account, browser: Browser, bell: ListeningBell) -> Certificate:
    """A ready certificate of the person who is signed in."""
    course = a_course(session)
    (event,) = record_completion(
        session,
        person_id=account.person_id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    outcome = issue_for_completion(session, completion_id=event.completion_id, now=NOON)
    assert outcome is not None
    found = session.get_one(Certificate, outcome.certificate_id)
    found.state, found.ready_at, found.storage_key = CertificateState.READY, NOON, "certificates/none.pdf"
    found.sha256, found.size_bytes = "0" * 64, 60_000
    found.valid_until = date(2999, 6, 30)
    session.commit()
    browser.enter_as(account)
    return found


@pytest.fixture
def stranger(app: Flask, session: Session) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)


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
    verifier = OB3Verifier.for_issuer_did(
        "did:web:learn.example.org:badges", download=lambda url: fetched(stranger, url).data
    )
    assert verifier.verify(token.text, check_status=True, download=lambda url: fetched(stranger, url).data)


def test_nothing_that_anybody_may_fetch_says_whose_badge_it_is(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate
) -> None:
    make(browser, certificate, app)
    badge = json.loads(taken(browser, certificate, "credential").text)
    subject = badge["credentialSubject"]
    urls = [badge["id"], subject["achievement"]["id"], subject["achievement"]["image"]["id"]]
    urls += [badge["credentialStatus"]["statusListCredential"], f"{SITE}/badges/did.json", f"{SITE}/badges/issuer"]
    for url in urls:
        answer = fetched(stranger, url)
        assert answer.status_code == 200
        assert [word for word in ("Siân", "Nguyễn", "sian", "Si\\u00e2n", "S•••") if word in answer.text] == []
        assert "Set-Cookie" not in answer.headers
    assert json.loads(fetched(stranger, badge["id"]).text) == badge
    assert certificate.number not in badge["id"]


def test_a_person_who_follows_the_address_comes_to_the_page_that_checks(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate
) -> None:
    make(browser, certificate, app)
    badge = json.loads(taken(browser, certificate, "credential").text)
    answer = fetched(stranger, badge["id"], "text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status_code, answer.location) == (303, f"/verify/{certificate.number}")
    assert badge["evidence"][0]["id"] == f"{SITE}/verify/{certificate.number}"


def test_who_may_read_what_and_for_how_long(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate
) -> None:
    make(browser, certificate, app)
    badge = json.loads(taken(browser, certificate, "credential").text)
    keys, status = fetched(stranger, f"{SITE}/badges/did.json"), fetched(stranger, f"{SITE}/badges/status/1")
    assert (keys.mimetype, status.mimetype) == ("application/did", "application/vc+jwt")
    for answer in (keys, status):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["ETag"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    hosted = fetched(stranger, badge["id"])
    assert hosted.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in hosted.headers
    again = stranger.client.get("/badges/status/1", headers={"If-None-Match": status.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


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


def test_a_badge_that_was_taken_back_is_gone_and_its_status_says_so(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate, bell: ListeningBell
) -> None:
    make(browser, certificate, app)
    credential = taken(browser, certificate, "credential").text
    page = browser.submit(address(certificate), "Take the badge back")
    assert bell.rung[-1] == PUBLISH_STATUS
    assert "You can make a new one" in page.text
    work(app)
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        check(stranger, credential)
    assert fetched(stranger, json.loads(credential)["id"]).status_code == 404
    assert taken(browser, certificate, "credential").status_code == 404


@pytest.mark.parametrize("do", [revoke, reissue])
def test_the_badge_of_a_certificate_that_ended_does_not_pass(
    app: Flask, session: Session, browser: Browser, stranger: Browser, certificate: Certificate, do: object
) -> None:
    make(browser, certificate, app)
    credential = taken(browser, certificate, "credential").text
    act(session, certificate, do)
    work(app)
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        check(stranger, credential)
    assert fetched(stranger, json.loads(credential)["id"]).status_code == 200
    assert taken(browser, certificate, "picture").status_code == 404
    assert "cannot be shown elsewhere" in browser.open(address(certificate)).text


def test_old_badges_pass_after_a_change_of_keys(
    app: Flask, session: Session, browser: Browser, stranger: Browser, certificate: Certificate, key: Path
) -> None:
    make(browser, certificate, app)
    credential, token = (taken(browser, certificate, kind).text for kind in ("credential", "jwt"))
    key.unlink()
    write_key(key, new_key())
    act(session, certificate, revoke)
    work(app)
    keys = json.loads(fetched(stranger, f"{SITE}/badges/did.json").text)
    assert len(keys["verificationMethod"]) == 2
    download = {"download": lambda url: fetched(stranger, url).data}
    assert OB3LdpVerifier().verify(credential, **download)
    assert OB3Verifier.for_issuer_did(keys["id"], **download).verify(token)
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        check(stranger, credential)


def test_what_a_stolen_key_signed_passes_no_more(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate, key: Path
) -> None:
    make(browser, certificate, app)
    credential = taken(browser, certificate, "credential").text
    key.unlink()
    write_key(key, new_key())
    said = app.test_cli_runner().invoke(args=["badge-key", "--distrust-earlier"])
    assert "1 published key forgotten" in said.output
    work(app)
    with pytest.raises(OB3VerificationError, match="no verificationMethod"):
        check(stranger, credential)
    browser.submit(address(certificate), "Take the badge back")
    make(browser, certificate, app)
    check(stranger, taken(browser, certificate, "credential").text)


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
    with app.app_context():
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


def test_housekeeping_has_old_lists_signed_anew(
    app: Flask, session: Session, browser: Browser, certificate: Certificate, bell: ListeningBell
) -> None:
    make(browser, certificate, app)
    stored = session.get_one(BadgeStatusList, 1)
    stored.signed_at = utc_now() - SIGN_EVERY
    before = stored.signed_at
    session.commit()
    with app.app_context():
        keep_house()
    work(app)
    session.expire_all()
    assert session.get_one(BadgeStatusList, 1).signed_at > before


def test_trying_addresses_of_badges_is_slowed_down(app: Flask, stranger: Browser) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"verify_limit": "2 per minute"})
    fast = {"REMOTE_ADDR": "192.0.2.77"}
    found = [stranger.client.get(f"/badges/guess-{number}", environ_overrides=fast) for number in range(3)]
    assert [answer.status_code for answer in found] == [404, 404, 429]


def test_what_verifiers_fetch_costs_one_query(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate, connection: Connection
) -> None:
    make(browser, certificate, app)
    badge = json.loads(taken(browser, certificate, "credential").text)
    for url in (badge["id"], f"{SITE}/badges/status/1", f"{SITE}/badges/did.json"):
        with counted(connection) as seen:
            fetched(stranger, url)
        assert len(seen) == 1
