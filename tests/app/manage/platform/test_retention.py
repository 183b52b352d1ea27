"""How long things are kept: an admin sees what a rule would take before it is set."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from people.organisations import Unit
from people.roles import Role
from privacy.retention.rules import RecordKind, time_kept
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


@pytest.fixture
def leaver(session: Session) -> int:
    unit: Unit = a_unit(session, an_organisation(session))
    return a_person(session, unit, "Has Left", ends_on=date(2024, 1, 31)).id


@pytest.fixture
def admin(app: Flask, session: Session) -> Browser:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return Browser(app).enter_as(account)


def test_an_admin_sees_what_would_go_before_the_rule_is_set(admin: Browser, session: Session, leaver: int) -> None:
    url = "/manage/retention/leavers"
    assert "People who have left" in admin.open("/manage/retention").text
    page = admin.open(f"{url}?months=12")
    assert "1 person would go at once" in page.text
    assert time_kept(session)[RecordKind.LEAVERS] is None
    assert "Nothing would go today" in admin.open(f"{url}?months=600").text
    done = admin.submit(f"{url}?months=12", "Set this rule")
    assert "The rule is set. It is applied once a day." in done.text
    session.expire_all()
    assert time_kept(session)[RecordKind.LEAVERS] == 12
    assert "Goes after 12 months" in admin.open("/manage/retention").text


@pytest.mark.parametrize("typed", ["0", "601", "-1", "many", "1.5", "٣", "9" * 50])
def test_months_that_are_none_are_refused_in_words(admin: Browser, typed: str) -> None:
    page = admin.open(f"/manage/retention/links?months={typed}")
    assert page.errors == ["Enter a whole number of months from 1 to 600, or leave the field empty to keep everything"]
    assert "Set this rule" not in page.buttons


def test_there_is_no_such_page_for_others_and_for_no_kind(app: Flask, admin: Browser, session: Session) -> None:
    assert admin.open("/manage/retention/everything").status == 404
    author = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    assert Browser(app).enter_as(author).open("/manage/retention").status == 404
