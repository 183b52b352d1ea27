"""An authority that has chosen cards, its HR lead, and a manager of one of its teams."""

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from people.organisations import Unit, UnitKind
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from people.ways_in.needs import Reach
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation

CARDS = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")


@dataclass(frozen=True)
class Council:
    """Care holds the team Home Care; Parks is beside it. The lead and the manager have signed in."""

    care: Unit
    team: Unit
    parks: Unit
    lead: Account
    manager: Account

    @property
    def reach(self) -> Reach:
        """Everybody of it."""
        return Reach(self.care.organisation_id)


@pytest.fixture
def council(session: Session) -> Council:
    organisation = an_organisation(session)
    care = a_unit(session, organisation)
    team = a_unit(session, organisation, "Home Care", parent=care, kind=UnitKind.SERVICE)
    parks = a_unit(session, organisation, "Parks")
    lead = an_account(session, a_person(session, care, "Lead Okafor"), Role.HR_LEAD, unit=care)
    manager = an_account(session, a_person(session, team, "Mo Manager"), Role.MANAGER, unit=team)
    for one in (lead, manager):
        one.last_signed_in_at = NOON
    choose_way(session, organisation_id=organisation.id, choice=CARDS, by=lead.id, now=NOON)
    return Council(care, team, parks, lead, manager)
