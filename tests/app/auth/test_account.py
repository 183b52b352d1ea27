"""A person's own account: their password, and where they are signed in."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.accounts import Account, hash_password
from people.persons import Person
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

PASSWORD, NEXT = "a long enough secret", "kettle anchor falcon"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1"
COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture
def account(session: Session) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    account.username, account.password_hash = "siân", hash_password(PASSWORD)
    session.commit()
    return account


def entered(app: Flask, user_agent: str = COMPUTER) -> Browser:
    browser = Browser(app)
    browser.client.environ_base = {**browser.client.environ_base, "HTTP_USER_AGENT": user_agent}
    assert browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD).heading == "My learning"
    return browser


def change(browser: Browser, current: str = PASSWORD, password: str = NEXT):
    return browser.submit("/account/password", "Change password", current=current, password=password)


def test_the_account_says_where_one_is_signed_in(app: Flask, browser: Browser, account: Account) -> None:
    entered(app, PHONE)
    page = entered(app).open("/account")
    assert "your username is siân" in page.text
    assert "Edge on Windows" in page.text
    assert "Safari on an iPhone" in page.text


def test_another_browser_can_be_signed_out_from_here(app: Flask, browser: Browser, account: Account) -> None:
    phone, computer = entered(app, PHONE), entered(app)
    page = computer.open("/account")
    form = next(form for form in page.soup.select("form") if "iPhone" in form.text)
    token = form.select_one("[name=csrf_token]")["value"]
    computer.client.post(form["action"], data={"csrf_token": token})
    assert phone.open("/learning").heading == "Sign in"
    assert computer.open("/learning").heading == "My learning"


def test_all_others_can_be_signed_out_at_once(app: Flask, browser: Browser, account: Account) -> None:
    others, computer = [entered(app, PHONE) for _ in range(3)], entered(app)
    assert "Every other browser is signed out." in computer.submit("/account", "Sign out everywhere else").text
    assert {other.open("/learning").heading for other in others} == {"Sign in"}
    assert computer.open("/account").heading == "Your account"


def test_nobody_ends_the_session_of_somebody_else(
    app: Flask, browser: Browser, session: Session, account: Account
) -> None:
    victim = entered(app)
    other = an_account(session, a_person(session, a_unit(session, an_organisation(session, "wirral")), "Amina"))
    session.commit()
    thief = Browser(app).enter_as(other)
    token = thief.open("/account").soup.select_one("[name=csrf_token]")["value"]
    for number in range(1, 6):
        thief.client.post(f"/account/sessions/{number}/end", data={"csrf_token": token})
    thief.client.post("/account/sessions/end-others", data={"csrf_token": token})
    assert victim.open("/learning").heading == "My learning"


def test_a_changed_password_is_the_only_one_and_ends_other_sessions(
    app: Flask, browser: Browser, session: Session, account: Account
) -> None:
    phone, computer = entered(app, PHONE), entered(app)
    assert "Your password is changed." in change(computer).text
    assert phone.open("/learning").heading == "Sign in"
    assert computer.open("/learning").heading == "My learning"
    assert Browser(app).submit("/sign-in", "Sign in", username="siân", password=PASSWORD).status == 422
    assert Browser(app).submit("/sign-in", "Sign in", username="siân", password=NEXT).status == 200
    (entry,) = session.query(AuditEntry).where(AuditEntry.action == "password-changed")
    assert (entry.subject_id, entry.actor_account_id, entry.detail) == (str(account.id), account.id, {})


@pytest.mark.parametrize(
    ("current", "password", "error"),
    [
        ("", NEXT, "Enter your current password"),
        (PASSWORD, "", "Enter a new password"),
        ("not this one", NEXT, "Your current password is not right"),
        (PASSWORD, "short", "The password must have at least 12 characters"),
        (PASSWORD, PASSWORD, "The new password is the one that you have now"),
        (PASSWORD, "x" * 201, "New password must be 200 characters or fewer"),
    ],
)
def test_a_password_that_cannot_be_one_changes_nothing(
    app: Flask, browser: Browser, account: Account, current: str, password: str, error: str
) -> None:
    page = change(entered(app), current, password)
    assert (page.status, page.errors) == (422, [error])
    assert Browser(app).submit("/sign-in", "Sign in", username="siân", password=PASSWORD).status == 200


def test_a_person_says_what_to_call_them_and_not_what_certificates_print(
    app: Flask, account: Account, session: Session
) -> None:
    browser = entered(app)
    page = browser.submit("/account/names", "Save your names", called="Shan", pronunciation="shahn", full="A Friend")
    assert "Your names are saved" in page.text
    person = session.get_one(Person, account.person_id)
    session.refresh(person)
    assert (person.chosen_name, person.called, person.addressed_as) == ("Siân Nguyễn", "Shan", "Shan")
    again = browser.submit("/account/names", "Save your names")
    assert "Your names are as they were" in again.text
