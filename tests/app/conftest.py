"""An authority with a directorate, and the HR lead who looks after its certificates for many people at once."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from tests.builders.mail_transport import RememberingTransport
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser


@pytest.fixture
def unit(session: Session) -> Unit:
    """A directorate of Halton; the test course is there."""
    a_course(session)
    unit = a_unit(session, an_organisation(session))
    session.commit()
    return unit


@pytest.fixture
def lead_account(session: Session, unit: Unit) -> Account:
    account = an_account(session, a_person(session, unit, "Lead Okafor"), Role.HR_LEAD, unit=unit)
    session.commit()
    return account


@pytest.fixture
def lead(browser: Browser, lead_account: Account) -> Browser:
    """The HR lead of Halton, signed in."""
    return browser.enter_as(lead_account)


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """An empty folder in place of the site's files."""
    found = FolderStore(tmp_path)
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    return found


@pytest.fixture
def transport(app: Flask, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> RememberingTransport:
    """The application's mail transport, which only remembers."""
    found = RememberingTransport()
    monkeypatch.setitem(app.extensions, "common-ground-mail", found)
    return found
