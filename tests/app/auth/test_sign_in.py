"""Signing in and out."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from govuk_frontend_wtf.gov_form_base import GovFormBase
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from assignments.requirements import require_course
from kernel.clock import utc_now
from people.accounts import Account, hash_password
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import finish

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
    assert page.heading == "My certificates"


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
    account.is_active = False
    session.commit()
    assert browser.open("/learning").heading == "Sign in"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("app.platform.access.utc_now", lambda: moment)


def test_whoever_is_busy_stays_signed_in(browser: Browser, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    start = utc_now()
    browser.enter_as(account)

    def is_cookie_written_after(minutes: int) -> bool:
        at(monkeypatch, start + timedelta(minutes=minutes))
        return "Set-Cookie" in browser.client.get("/certificates").headers

    assert [is_cookie_written_after(minutes) for minutes in (0, 5, 9, 11, 12)] == [True, False, False, True, False]


def test_whoever_is_away_for_longer_than_the_setting_signs_in_again(
    browser: Browser, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = utc_now()
    browser.enter_as(account)
    for hours, heading in ((11, "My certificates"), (22, "My certificates"), (35, "Sign in")):
        at(monkeypatch, start + timedelta(hours=hours))
        assert browser.open("/certificates").heading == heading


def test_a_session_ends_after_a_week_however_busy_it_is(
    browser: Browser, session: Session, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = utc_now()
    browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD)
    for hours in range(0, 7 * 24, 10):
        at(monkeypatch, start + timedelta(hours=hours))
        assert browser.open("/certificates").heading == "My certificates"
    at(monkeypatch, start + timedelta(days=7, seconds=1))
    assert browser.open("/certificates").heading == "Sign in"


def test_signing_out_ends_the_session_and_every_copy_of_its_cookie(
    app: Flask, browser: Browser, account: Account
) -> None:
    browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD)
    copy = Browser(app)
    copy.client.set_cookie("common-ground", browser.client.get_cookie("common-ground").value)
    assert copy.open("/learning").heading == "My learning"
    assert browser.submit("/learning", "Sign out").heading == "Sign in"
    assert browser.open("/learning").heading == "Sign in"
    assert copy.open("/learning").heading == "Sign in"


def test_each_sign_in_is_a_session_of_its_own(app: Flask, browser: Browser, account: Account) -> None:
    other = Browser(app)
    for one in (browser, other):
        one.submit("/sign-in", "Sign in", username="siân", password=PASSWORD)
    browser.submit("/learning", "Sign out")
    assert other.open("/learning").heading == "My learning"


@pytest.mark.parametrize(
    ("role", "address"),
    [(Role.ADMIN, "/manage"), (Role.AUTHOR, "/manage/courses"), (Role.HR_LEAD, "/council/halton")],
)
def test_each_role_lands_on_its_own_page(browser: Browser, session: Session, role: Role, address: str) -> None:
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), role, unit=unit)
    session.commit()
    assert browser.enter_as(account).open("/", follow=False).location == address


def test_an_admin_of_whom_a_course_is_asked_begins_with_it(browser: Browser, session: Session) -> None:
    unit, course = a_unit(session, an_organisation(session)), a_course(session)
    person = a_person(session, unit)
    account = an_account(session, person, Role.ADMIN)
    of = [unit.organisation_id]
    require_course(session, course_id=course.course_id, organisation_ids=of, account_id=None, now=NOON)
    session.commit()
    admin = browser.enter_as(account)
    assert admin.open("/").heading == "My learning"
    finish(session, course, person, unit, at=NOON)
    session.commit()
    assert admin.open("/").heading == "Administration"


@pytest.fixture
def few_tries(app: Flask) -> Iterator[None]:
    """Three wrong passwords for a name and ten for an address, in a minute; each test has addresses of its own."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(
        update={"sign_in_limit": "3 per minute", "sign_in_address_limit": "10 per minute"}
    )
    yield
    app.config["SETTINGS"] = settings


def tried(app: Flask, username: str, password: str, address: str) -> TestResponse:
    browser = Browser(app)
    browser.client.environ_base = {**browser.client.environ_base, "REMOTE_ADDR": address}
    _, values = browser.open("/sign-in").form("Sign in")
    return browser.client.post("/sign-in", data={**values, "username": username, "password": password})


def test_wrong_passwords_are_slowed_down_and_the_answer_says_until_when(
    app: Flask, browser: Browser, account: Account, few_tries: None
) -> None:
    answers = [tried(app, "siân", "not this one", "198.51.100.1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert re.search(r"Try again in \d+ seconds?\.", answers[-1].text)


def test_right_passwords_are_never_counted(app: Flask, browser: Browser, account: Account, few_tries: None) -> None:
    assert {tried(app, "siân", PASSWORD, "198.51.100.2").status_code for _ in range(30)} == {302}


def test_nobody_can_lock_somebody_out_from_elsewhere(
    app: Flask, browser: Browser, account: Account, few_tries: None
) -> None:
    assert [tried(app, "siân", "x", "203.0.113.9").status_code for _ in range(4)] == [422, 422, 422, 429]
    assert tried(app, "siân", PASSWORD, "203.0.113.9").status_code == 429
    assert tried(app, "siân", PASSWORD, "198.51.100.7").status_code == 302


def test_one_address_cannot_try_many_names(app: Flask, browser: Browser, account: Account, few_tries: None) -> None:
    answers = [tried(app, f"name-{number}", "x", "198.51.100.3").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_an_address_of_the_same_ipv6_network_is_the_same_one(
    app: Flask, browser: Browser, account: Account, few_tries: None
) -> None:
    answers = [tried(app, "siân", "x", f"2001:db8:1:2::{number}").status_code for number in range(1, 5)]
    assert answers == [422, 422, 422, 429]
    assert tried(app, "siân", "x", "2001:db8:1:3::1").status_code == 422


def test_fields_in_error_are_marked_invalid_and_others_are_not(browser: Browser, account: Account) -> None:
    page = browser.submit("/sign-in", "Sign in", username="somebody", password="")
    marked = {field["name"]: field.get("aria-invalid") for field in page.soup.select("input[id]")}
    assert (marked["username"], marked["password"]) == (None, "true")
    page = browser.submit("/verify", "Check this number", number="nonsense")
    assert page.soup.find("input", {"name": "number"})["aria-invalid"] == "true"
    assert "aria-invalid" not in browser.open("/sign-in").response.get_data(as_text=True)


def test_what_was_typed_wrongly_stands_on_the_page_of_nobody_else(browser: Browser, account: Account) -> None:
    before = browser.open("/sign-in")
    refused = browser.submit("/sign-in", "Sign in", username="siân", password="not this one")
    assert refused.form("Sign in")[1]["username"] == "siân"
    again = browser.open("/sign-in")
    assert again.errors == []
    assert again.form("Sign in")[1]["username"] == ""
    assert again.soup.find("main").get_text() == before.soup.find("main").get_text()


def test_the_page_for_signing_in_draws_its_fields_once_and_gives_everybody_a_token_of_their_own(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = browser.open("/sign-in").form("Sign in")[1]["csrf_token"]
    monkeypatch.setattr(GovFormBase, "render", lambda *_: pytest.fail("A field was drawn again"))
    browser.client.delete_cookie("common-ground")
    assert browser.open("/sign-in").form("Sign in")[1]["csrf_token"] != first
