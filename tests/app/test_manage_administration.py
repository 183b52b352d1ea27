"""The administration: one page that leads to every desk, for admins only."""

import pytest
from sqlalchemy.orm import Session

from app.manage.administration import DESKS
from people.accounts import Account
from people.roles import Role
from tests.builders import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@pytest.fixture
def admin(session: Session) -> Account:
    """An administrator."""
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), Role.ADMIN)
    session.commit()
    return account


def test_every_desk_opens_from_the_administration(browser: Browser, admin: Account) -> None:
    links = browser.enter_as(admin).open("/manage").links
    for desk in (desk for desks in DESKS.values() for desk in desks):
        page = browser.open(links[desk.name])
        assert page.status == 200, desk.name
        assert page.links["Administration"] == "/manage"


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.HR_LEAD])
def test_the_administration_is_for_admins(browser: Browser, session: Session, role: Role) -> None:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    page = browser.enter_as(account).open("/manage")
    assert page.status == 404
    assert "Administration" not in page.links
