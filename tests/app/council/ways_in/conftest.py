"""Halton with a team, its HR lead and the manager of the team, and an authority that has chosen cards."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from people.accounts import Account
from people.organisations import Organisation, Unit, UnitKind
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from tests.builders.region import NOON, a_person, a_unit, an_account
from tests.reading import Browser

FIRST = "/council/halton/first-sign-in"


@dataclass(frozen=True)
class Halton:
    """A directorate with a team below it, and another directorate."""

    care: Unit
    team: Unit
    parks: Unit


@pytest.fixture
def halton(session: Session, unit: Unit, lead_account: Account, store: FolderStore) -> Halton:
    organisation = session.get_one(Organisation, unit.organisation_id)
    team = a_unit(session, organisation, "Home Care", parent=unit, kind=UnitKind.SERVICE)
    parks = a_unit(session, organisation, "Parks")
    lead_account.last_signed_in_at = NOON
    choice = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")
    choose_way(session, organisation_id=organisation.id, choice=choice, by=lead_account.id, now=NOON)
    session.commit()
    return Halton(unit, team, parks)


@pytest.fixture
def manager(app: Flask, session: Session, halton: Halton) -> Browser:
    account = an_account(session, a_person(session, halton.team, "Mo Manager"), Role.MANAGER, unit=halton.team)
    account.last_signed_in_at = NOON
    session.commit()
    return Browser(app).enter_as(account)
