"""A forgotten password: a link by mail, or a one-time code on paper."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from people.accounts import Account, hash_password
from people.password_leaves import PasswordReset
from people.password_resets import ALPHABET, CODE_LETTERS, MOST_LINKS_AN_HOUR, MOST_WRONG_CODES, make_code
from people.persons import Person
from tests.builders.mail_transport import RememberingTransport, send
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser, Page

PASSWORD, NEXT = "a long enough secret", "kettle anchor falcon"
SAME_FOR_ALL = "If we know that username and have an email address for it, a link is on its way."


@pytest.fixture
def account(session: Session) -> Account:
    person = a_person(session, a_unit(session, an_organisation(session)))
    person.email = "sian@halton.example"
    account = an_account(session, person)
    account.username, account.password_hash = "siân", hash_password(PASSWORD)
    session.commit()
    return account


def ask(browser: Browser, username: str = "siân") -> Page:
    return browser.submit("/forgotten-password", "Send me a link", username=username)


def link_in(mail: str) -> str:
    found = re.search(r"http://localhost(/new-password/\S+)", mail)
    assert found is not None
    return found.group(1)


def can_enter(app: Flask, password: str) -> bool:
    return Browser(app).submit("/sign-in", "Sign in", username="siân", password=password).status == 200


def test_a_link_by_mail_sets_a_new_password_once(
    app: Flask, browser: Browser, session: Session, account: Account, transport: RememberingTransport
) -> None:
    signed_in = Browser(app).enter_as(account)
    assert SAME_FOR_ALL in ask(browser).text
    send(app)
    (mail,) = transport.mails
    address = link_in(mail.get_body(("plain",)).get_content())
    for kind in ("plain", "html"):
        assert "Choose which messages" not in mail.get_body((kind,)).get_content()
    page = browser.submit(address, "Set this password", password=NEXT)
    assert "Your new password is set. Sign in with it." in page.text
    assert (can_enter(app, PASSWORD), can_enter(app, NEXT)) == (False, True)
    assert signed_in.open("/learning").heading == "Sign in"
    again = browser.open(address)
    assert (again.status, again.heading) == (410, "Ask again")
    assert address.rpartition("/")[2] not in str(session.execute(select(PasswordReset)).all())


@pytest.mark.parametrize("username", ["nobody", "SIÂN "])
def test_the_answer_does_not_say_whether_a_username_exists(
    app: Flask, browser: Browser, account: Account, transport: RememberingTransport, username: str
) -> None:
    assert SAME_FOR_ALL in ask(browser, username).text
    send(app)
    assert len(transport.mails) == (username != "nobody")


def test_somebody_without_an_address_is_sent_nothing(
    app: Flask, browser: Browser, session: Session, account: Account, transport: RememberingTransport
) -> None:
    session.get_one(Person, account.person_id).email = None
    session.commit()
    assert SAME_FOR_ALL in ask(browser).text
    send(app)
    assert transport.mails == []


def links_in(transport: RememberingTransport) -> list[str]:
    return [link_in(mail.get_body(("plain",)).get_content()) for mail in transport.mails]


def test_whoever_asks_once_more_ends_no_link_and_the_one_that_is_used_ends_the_others(
    app: Flask, browser: Browser, account: Account, transport: RememberingTransport
) -> None:
    for _ in range(2):
        ask(Browser(app))
        send(app)
    first, second = links_in(transport)
    assert browser.open(second).heading == "Choose a new password"
    browser.submit(first, "Set this password", password=NEXT)
    assert can_enter(app, NEXT)
    assert [browser.open(link).status for link in (first, second)] == [410, 410]


def test_a_username_is_sent_a_few_links_an_hour_however_often_somebody_asks(
    app: Flask, session: Session, account: Account, transport: RememberingTransport
) -> None:
    for _ in range(MOST_LINKS_AN_HOUR + 2):
        assert SAME_FOR_ALL in ask(Browser(app)).text
        send(app)
    assert len(transport.mails) == MOST_LINKS_AN_HOUR
    for asked in session.scalars(select(PasswordReset)):
        asked.made_at -= timedelta(hours=1)
    session.commit()
    ask(Browser(app))
    send(app)
    assert len(transport.mails) == MOST_LINKS_AN_HOUR + 1


@pytest.mark.parametrize("email", ["sian@halton.example", None])
def test_whoever_asks_for_a_link_ends_no_code_on_paper(
    app: Flask, browser: Browser, session: Session, account: Account, transport: RememberingTransport, email: str | None
) -> None:
    session.get_one(Person, account.person_id).email = email
    code = a_code(session, account)
    ask(Browser(app))
    assert use_code(browser, code).heading == "Choose a new password"
    assert len(session.scalars(select(PasswordReset)).all()) == (2 if email else 1)


def test_a_newer_code_ends_a_link_and_a_code_from_before(
    app: Flask, browser: Browser, session: Session, account: Account, transport: RememberingTransport
) -> None:
    first = a_code(session, account)
    ask(browser)
    send(app)
    second = a_code(session, account)
    assert browser.open(*links_in(transport)).status == 410
    assert [use_code(browser, code).status for code in (first, second)] == [422, 200]


def test_where_no_mail_leaves_the_page_says_so_and_names_the_code(browser: Browser) -> None:
    page = browser.open("/forgotten-password")
    assert "No email is sent from here at the moment." in page.text
    assert "I have a sign-in card or a one-time code" in page.links


def a_code(session: Session, account: Account) -> str:
    code = make_code(session, account_id=account.id, made_by_account_id=None, now=utc_now())
    session.commit()
    return code


def use_code(browser: Browser, code: str, username: str = "siân") -> Page:
    return browser.submit("/sign-in/code", "Continue", username=username, code=code)


@pytest.mark.parametrize("typed", ["{}", " {} ", "as small letters", "without the hyphen", "with o and l"])
def test_a_code_leads_to_a_new_password_however_it_is_typed(
    app: Flask, browser: Browser, session: Session, account: Account, typed: str
) -> None:
    code = a_code(session, account)
    forms = {
        "as small letters": code.lower(),
        "without the hyphen": code.replace("-", ""),
        "with o and l": code.replace("0", "o").replace("1", "l"),
    }
    page = use_code(browser, forms.get(typed, typed.format(code)))
    assert page.heading == "Choose a new password"
    browser.post(*page_form(page, NEXT))
    assert (can_enter(app, PASSWORD), can_enter(app, NEXT)) == (False, True)


def page_form(page: Page, password: str) -> tuple[str, dict]:
    target, values = page.form("Set this password")
    return target, {**values, "password": password}


def test_a_code_is_stored_as_a_hash_and_works_once(
    app: Flask, browser: Browser, session: Session, account: Account
) -> None:
    code = a_code(session, account)
    stored = session.scalars(select(PasswordReset)).one()
    assert code.replace("-", "") not in (stored.code_hash or "")
    browser.post(*page_form(use_code(browser, code), NEXT))
    assert use_code(browser, code).status == 422


def test_wrong_codes_from_a_stranger_do_not_use_up_the_right_one(
    app: Flask, browser: Browser, session: Session, account: Account
) -> None:
    code = a_code(session, account)
    assert {use_code(Browser(app), "ZZZZZ-ZZZZZ").status for _ in range(6)} == {422}
    assert session.scalars(select(PasswordReset.tries)).one() == 6
    assert use_code(browser, code).heading == "Choose a new password"


def test_a_code_is_over_before_it_can_be_guessed(browser: Browser, session: Session, account: Account) -> None:
    code = a_code(session, account)
    stored = session.scalars(select(PasswordReset)).one()
    stored.tries = MOST_WRONG_CODES
    session.commit()
    assert use_code(browser, code).errors == [
        "Check your username and the code. One of them does not match, the time of the code is over, or it may have"
        " been used already: then sign in with your password"
    ]
    assert MOST_WRONG_CODES / len(ALPHABET) ** CODE_LETTERS < 1e-9


def test_wrong_codes_from_one_address_do_not_keep_another_out(
    app: Flask, session: Session, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"sign_in_limit": "3 per minute"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    code = a_code(session, account)

    def tried(typed: str, address: str) -> int:
        browser = Browser(app)
        browser.client.environ_base = {**browser.client.environ_base, "REMOTE_ADDR": address}
        return use_code(browser, typed).status

    assert [tried("ZZZZZ-ZZZZZ", "203.0.113.77") for _ in range(4)] == [422, 422, 422, 429]
    assert tried(code, "203.0.113.77") == 429
    assert tried(code, "198.51.100.77") == 200


@pytest.mark.parametrize("username", ["nobody", ""])
def test_a_code_of_somebody_else_opens_nothing(
    browser: Browser, session: Session, account: Account, username: str
) -> None:
    assert use_code(browser, a_code(session, account), username).status == 422


def test_a_code_ends_after_two_weeks(browser: Browser, session: Session, account: Account) -> None:
    then = utc_now() - timedelta(days=14, minutes=1)
    code = make_code(session, account_id=account.id, made_by_account_id=None, now=then)
    session.commit()
    assert use_code(browser, code).status == 422


def test_an_account_that_is_switched_off_gets_no_new_password(
    browser: Browser, session: Session, account: Account
) -> None:
    page = use_code(browser, a_code(session, account))
    account.is_active = False
    session.commit()
    refused = browser.post(*page_form(page, NEXT))
    assert refused.status == 422


def test_a_new_password_that_cannot_be_one_leaves_the_code_as_it_was(
    app: Flask, browser: Browser, session: Session, account: Account
) -> None:
    page = use_code(browser, a_code(session, account))
    refused = browser.post(*page_form(page, "short"))
    assert refused.errors == ["The password must have at least 12 characters"]
    browser.post(*page_form(refused, NEXT))
    assert can_enter(app, NEXT)


@pytest.mark.parametrize("token", ["x", "0", "a" * 300, "%00", "None"])
def test_an_invented_link_opens_nothing(browser: Browser, account: Account, token: str) -> None:
    assert browser.open(f"/new-password/{token}").status in {404, 410}
