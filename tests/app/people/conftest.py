"""Two authorities with people, an admin and an HR lead."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@dataclass(frozen=True)
class Region:
    """Two units in two authorities."""

    halton: Unit
    sefton: Unit


@pytest.fixture
def region(session: Session) -> Region:
    halton = a_unit(session, an_organisation(session))
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    session.commit()
    return Region(halton, sefton)


@pytest.fixture
def admin_account(session: Session, region: Region) -> Account:
    account = an_account(session, a_person(session, region.sefton, "Ada Admin"), Role.ADMIN)
    session.commit()
    return account


@pytest.fixture
def admin(app: Flask, admin_account: Account) -> Browser:
    return Browser(app).enter_as(admin_account)


@pytest.fixture
def lead(app: Flask, session: Session, region: Region) -> Browser:
    """The HR lead of Halton."""
    account = an_account(session, a_person(session, region.halton, "Lead Okafor"), Role.HR_LEAD, unit=region.halton)
    session.commit()
    return Browser(app).enter_as(account)
