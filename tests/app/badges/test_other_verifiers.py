"""A verifier that other sites use reads our badges: @digitalcredentials/verifier-core, over did:web behind TLS."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.platform.badge_settings import write_key
from certificates.badges.keys import new_key
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import revoke
from certificates.record.issuing import Certificate
from tests.app.badges.badges_for_tests import act, address, make, taken, work
from tests.app.badges.tls_site import TlsSite, tls_site
from tests.reading import Browser


@pytest.fixture
def site(app: Flask, key: Path, stranger: Browser, tmp_path: Path) -> Iterator[TlsSite]:
    """The site at an address of its own behind TLS, which is also its public one."""
    with tls_site(stranger, tmp_path) as found:
        app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": found.url})
        yield found


@pytest.fixture
def badge(app: Flask, site: TlsSite, browser: Browser, certificate: Certificate, tmp_path: Path) -> Path:
    """A badge as its holder took it along."""
    make(browser, certificate, app)
    path = tmp_path / "badge.json"
    path.write_text(taken(browser, certificate, "credential").text, encoding="utf-8")
    return path


def said(**steps: object) -> dict[str, object]:
    """What is found of a badge; ours is in no register of issuers."""
    return {"steps": {"valid_signature": True, "expiration": True, "registered_issuer": False, **steps}, "errors": []}


def changed(badge: Path, name: str, **changes: object) -> Path:
    """A copy of a badge in which somebody changed something."""
    document = json.loads(badge.read_text(encoding="utf-8"))
    document["credentialSubject"]["achievement"].update(changes.pop("achievement", {}))
    document["credentialStatus"].update(changes.pop("status", {}))
    path = badge.with_name(name)
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return path


def test_a_good_badge_is_good(site: TlsSite, badge: Path) -> None:
    assert json.loads(badge.read_text(encoding="utf-8"))["issuer"]["id"].startswith("did:web:localhost%3A")
    assert site.verified(badge) == [said(revocation_status=True)]
    assert {"/badges/did.json", "/badges/status/1"} <= set(site.asked)


def test_a_badge_that_its_holder_took_back_is_seen_as_withdrawn(
    app: Flask, site: TlsSite, badge: Path, browser: Browser, certificate: Certificate
) -> None:
    browser.submit(address(certificate), "Take the badge back")
    work(app)
    assert site.verified(badge) == [said(revocation_status=False)]


@pytest.mark.parametrize("do", [revoke, reissue])
def test_a_badge_whose_certificate_ended_is_seen_as_withdrawn(
    app: Flask, session: Session, site: TlsSite, badge: Path, certificate: Certificate, do: object
) -> None:
    act(session, certificate, do)
    work(app)
    assert site.verified(badge) == [said(revocation_status=False)]


def test_a_badge_that_somebody_changed_has_no_valid_signature(site: TlsSite, badge: Path) -> None:
    forged = [
        changed(badge, "course.json", achievement={"name": "Advanced race equality"}),
        changed(badge, "longer.json", validUntil="3999-01-01T00:00:00Z"),
        changed(badge, "status.json", status={"statusListIndex": "5"}),
        changed(badge, "issuer.json", issuer={"id": "did:web:localhost%3A1:badges", "type": ["Profile"], "name": "Us"}),
    ]
    assert [one["steps"].get("valid_signature") for one in site.verified(*forged)] == [None] * 4


def test_a_new_key_keeps_old_badges_good_until_the_old_one_is_distrusted(
    app: Flask, site: TlsSite, badge: Path, key: Path
) -> None:
    key.unlink()
    write_key(key, new_key())
    with app.app_context():
        run_housekeeping()
    work(app)
    assert site.verified(badge) == [said(revocation_status=True)]
    app.test_cli_runner().invoke(args=["badge-key", "--distrust-earlier"])
    work(app)
    assert "valid_signature" not in site.verified(badge)[0]["steps"]


def test_after_the_address_changed_a_new_badge_is_good_at_once(
    app: Flask, site: TlsSite, badge: Path, browser: Browser, certificate: Certificate, tmp_path: Path
) -> None:
    browser.submit(address(certificate), "Take the badge back")
    work(app)
    with tls_site(site.visitor, tmp_path) as moved:
        app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": moved.url})
        make(browser, certificate, app)
        badge.write_text(taken(browser, certificate, "credential").text, encoding="utf-8")
        assert moved.verified(badge) == [said(revocation_status=True)]
