"""The front door."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from people.accounts import Account, hash_password
from people.roles import Role
from tests.builders import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

PASSWORD = "a long enough secret"


@pytest.fixture
def account(session: Session) -> Account:
    """An account with a password."""
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    account.username = "siân"
    account.password_hash = hash_password(PASSWORD)
    session.commit()
    return account


def test_signing_in_leads_home(browser: Browser, account: Account) -> None:
    assert browser.submit("/sign-in", "Sign in", username=" SIÂN ", password=PASSWORD).heading == "My learning"


def test_signing_in_leads_to_the_page_that_was_asked_for(browser: Browser, account: Account) -> None:
    asked = browser.open("/certificates")
    assert asked.heading == "Sign in"
    page = browser.submit("/sign-in?next=/certificates", "Sign in", username="siân", password=PASSWORD)
    assert page.heading == "Certificates"


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_elsewhere(browser: Browser, account: Account, elsewhere: str) -> None:
    _, values = browser.open("/sign-in").form("Sign in")
    answer = browser.client.post(
        "/sign-in", query_string={"next": elsewhere}, data={**values, "username": "siân", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("siân", "not this one"), ("nobody", PASSWORD)])
def test_a_refusal_does_not_say_which_part_was_not_right(
    browser: Browser, account: Account, username: str, password: str
) -> None:
    page = browser.submit("/sign-in", "Sign in", username=username, password=password)
    assert page.status == 422
    assert page.errors == ["Check your username and password. One of them does not match our records"]


def test_empty_fields_are_all_named(browser: Browser, account: Account) -> None:
    page = browser.submit("/sign-in", "Sign in")
    assert page.errors == ["Enter your username", "Enter your password"]


def test_an_account_that_is_switched_off_cannot_sign_in(browser: Browser, session: Session, account: Account) -> None:
    account.is_active = False
    session.commit()
    assert browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD).status == 422


def test_switching_an_account_off_ends_its_sessions(browser: Browser, session: Session, account: Account) -> None:
    browser.enter_as(account)
    assert browser.open("/learning").heading == "My learning"
    account.session_epoch += 1
    session.commit()
    assert browser.open("/learning").heading == "Sign in"


def test_whoever_is_busy_stays_signed_in_and_whoever_is_away_does_not(
    browser: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.enter_as(account)
    start = utc_now()

    def is_cookie_written_after(minutes: int) -> bool:
        monkeypatch.setattr("app.access.utc_now", lambda: start + timedelta(minutes=minutes))
        return "Set-Cookie" in browser.client.get("/certificates").headers

    assert [is_cookie_written_after(minutes) for minutes in (0, 5, 9, 11, 12)] == [True, False, False, True, False]


def test_signing_out_ends_the_session(browser: Browser, account: Account) -> None:
    browser.enter_as(account)
    assert browser.submit("/learning", "Sign out").heading == "Sign in"
    assert browser.open("/learning").heading == "Sign in"


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.ADMIN, "/manage/courses"), (Role.AUTHOR, "/manage/courses"), (Role.HR_LEAD, "/council/halton")],
)
def test_each_role_lands_on_its_own_page(browser: Browser, session: Session, role: Role, address: str) -> None:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    assert browser.enter_as(account).open("/", follow=False).location == address


def test_too_many_tries_are_slowed_down(app: Flask, browser: Browser, account: Account) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"sign_in_limit": "3 per minute"})
    try:
        pages = [browser.submit("/sign-in", "Sign in", username="guess", password="x") for _ in range(4)]
    finally:
        app.config["SETTINGS"] = settings
    assert [page.status for page in pages] == [422, 422, 422, 429]
    assert "minute" in pages[-1].text
