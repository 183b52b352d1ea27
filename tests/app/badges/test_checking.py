"""Anybody may check a badge, and learns no more than by number; one that ended or was taken back does not pass."""

import json
from pathlib import Path

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.platform.badge_settings import write_key
from certificates.badges.keys import new_key
from certificates.badges.records import BadgeStatusList
from certificates.badges.status import PUBLISH_STATUS, SIGN_EVERY
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import revoke
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from tests.app.badges.badges_for_tests import SITE, act, address, check, fetched, make, taken, work
from tests.app.platform.test_query_counts import counted
from tests.conftest import ListeningBell
from tests.reading import Browser


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
    assert (keys.mimetype, status.mimetype) == ("application/did+ld+json", "application/ld+json")
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


DB = "application/ld+json, application/json"  # what the HTTP client of Digital Bazaar and of the DCC asks for


@pytest.mark.parametrize(
    ("part", "accept", "mimetype"),
    [
        ("did.json", "", "application/did+ld+json"),
        ("did.json", DB, "application/ld+json"),
        ("did.json", "application/json", "application/json"),
        ("did.json", "application/did, */*;q=0.1", "application/did"),
        ("status/1", "", "application/ld+json"),
        ("status/1", DB, "application/ld+json"),
        ("status/1", "application/json;q=0.9, application/vc+jwt", "application/vc+jwt"),
        ("status/1", "application/vc", "application/vc"),
        ("issuer", "application/json", "application/json"),
        ("achievements/TC-1", "application/json", "application/json"),
        ("", "", "application/ld+json"),
        ("", "application/json", "application/json"),
        ("", "application/vc", "application/vc"),
    ],
)
def test_each_part_goes_out_as_the_type_that_is_asked_for(
    app: Flask, browser: Browser, stranger: Browser, certificate: Certificate, part: str, accept: str, mimetype: str
) -> None:
    make(browser, certificate, app)
    badge = json.loads(taken(browser, certificate, "credential").text)
    answer = fetched(stranger, f"{SITE}/badges/{part}" if part else badge["id"], accept)
    assert (answer.status_code, answer.mimetype, "Accept" in answer.vary) == (200, mimetype, True)
    assert answer.text.count(".") == 2 if mimetype.endswith("jwt") else json.loads(answer.text)


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


def test_housekeeping_has_old_lists_signed_anew(
    app: Flask, session: Session, browser: Browser, certificate: Certificate, bell: ListeningBell
) -> None:
    make(browser, certificate, app)
    stored = session.get_one(BadgeStatusList, 1)
    stored.signed_at = utc_now() - SIGN_EVERY
    before = stored.signed_at
    session.commit()
    with app.app_context():
        run_housekeeping()
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
