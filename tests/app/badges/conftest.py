"""A site with a key for badges, a person who is signed in, and their certificate."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.badge_settings import write_key
from certificates.badges.keys import new_key
from certificates.record.issuing import Certificate
from people.accounts import Account
from tests.app.badges.badges_for_tests import SITE
from tests.builders.certificates import issued_to, make_file
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser


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
    found = issued_to(session, account.person_id)
    make_file(found)
    found.valid_until = date(2999, 6, 30)
    session.commit()
    browser.enter_as(account)
    return found


@pytest.fixture
def stranger(app: Flask, session: Session) -> Browser:
    """Somebody who is not signed in."""
    return Browser(app)
