"""An address that no row can have is not found, on every database, and by nobody's fault."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.columns import LARGEST_NUMBER, longest_text
from people.accounts import Account
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

NUMBERS = ("0", "-1", str(2**31), str(2**63), "4" * 40, "9" * 5000, "1.5", "\u0663", "1%00")
TEXTS = ("a%00b", "%ED%A0%80", "a%0Ab", "a%7Fb", "%EF%BF%BE", "x" * 20_000, "%FF")


@pytest.fixture
def visitor(browser: Browser, session: Session) -> Browser:
    """Somebody who may open everything."""
    account = _admin(session)
    return browser.enter_as(account)


def _admin(session: Session) -> Account:
    unit = a_unit(session, an_organisation(session))
    a_course(session)
    account = an_account(session, a_person(session, unit), *Role, unit=unit)
    session.commit()
    return account


def _addresses() -> Iterator[str]:
    yield from (f"/badges/status/{number}" for number in NUMBERS)
    yield from (f"/manage/uploads/{number}" for number in NUMBERS)
    yield from (f"/council/halton/units/{number}" for number in NUMBERS)
    for text in TEXTS:
        yield from (f"/badges/{text}", f"/badges/achievements/{text}/picture", f"/courses/{text}", f"/verify/{text}")
        yield from (f"/courses/{text}/first-steps/1", f"/certificates/{text}", f"/new-password/{text}")
        yield from (f"/static/{text}", f"/static/build/{text}", f"/media/{text}")


def test_what_no_row_can_have_as_its_address_is_not_found(visitor: Browser) -> None:
    answers = {address: visitor.client.get(address).status_code for address in _addresses()}
    wrong = {address[:60]: status for address, status in answers.items() if status not in {404, 410, 303}}
    assert wrong == {}


def test_the_largest_number_and_the_longest_text_are_asked_for(visitor: Browser) -> None:
    for address in (f"/manage/uploads/{LARGEST_NUMBER}", f"/courses/{'x' * longest_text()}"):
        assert visitor.client.get(address).status_code == 404


def test_a_certificate_number_may_be_pasted_with_whatever_stands_around_it(browser: Browser) -> None:
    page = browser.open("/verify/%0B\x00TC-8BWX%0A-CDCW-F")
    assert (page.status, page.heading) == (404, "This is not a certificate number")


def test_a_number_with_noughts_before_it_is_the_same_number(app: Flask) -> None:
    address = app.url_map.bind("localhost").match("/manage/uploads/0000000000007")
    assert address == ("manage.upload", {"upload_id": 7})
