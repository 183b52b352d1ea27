"""The administration: one page that leads to every other, for admins only."""

import pytest
from sqlalchemy.orm import Session

from app.manage.platform.administration import PAGES
from people.accounts import Account
from people.roles import Role
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@pytest.fixture
def admin(session: Session) -> Account:
    """An administrator."""
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))), Role.ADMIN)
    session.commit()
    return account


def test_every_page_opens_from_the_administration(browser: Browser, admin: Account) -> None:
    links = browser.enter_as(admin).open("/manage").links
    for name in (one.name for pages in PAGES.values() for one in pages):
        page = browser.open(links[name])
        assert page.status == 200, name
        assert page.links["Administration"] == "/manage"


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.HR_LEAD])
def test_the_administration_is_for_admins(browser: Browser, session: Session, role: Role) -> None:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    page = browser.enter_as(account).open("/manage")
    assert page.status == 404
    assert "Administration" not in page.links
