"""What forms and addresses carry: the words arrive, without what cannot be kept."""

import io

import pytest
from flask import Flask, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.platform.input.requests import number_in
from people.accounts import Account, hash_password
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

PASSWORD = "a long enough secret"
REFLECTION = "/courses/test-course/first-steps/1/reflections/TC-M1-R1"


@pytest.fixture
def learner(browser: Browser, account: Account) -> Browser:
    return browser.enter_as(account)


@pytest.fixture
def account(session: Session) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    account.username, account.password_hash = "p0", hash_password(PASSWORD)
    a_course(session)
    session.commit()
    return account


def test_fields_names_of_files_and_arguments_lose_what_cannot_be_kept(app: Flask) -> None:
    sent = {"text\x00": "pasted\x00 from\x0ba \x1bPDF\ufffe", "file": (io.BytesIO(b"PK"), "cou\x00rse.zip")}
    with app.test_request_context("/?q=a%00b&q=c%C2%85d", method="POST", data=sent):
        assert request.form.to_dict() == {"text": "pasted from\na PDF"}
        assert request.files["file"].filename == "course.zip"
        assert request.files["file"].read() == b"PK"
        assert request.args.getlist("q") == ["ab", "c\nd"]


def test_an_argument_that_is_no_utf_8_is_no_fault_of_ours(app: Flask, browser: Browser) -> None:
    with app.test_request_context("/", environ_overrides={"QUERY_STRING": "q=\xff&r=%FF"}):
        assert request.args.to_dict() == {"q": "\ufffd", "r": "\ufffd"}
    answer = browser.client.get("/learning", environ_overrides={"QUERY_STRING": "q=\xff"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("0", 0), (str(2**31 - 1), 2**31 - 1), (str(2**31), 1), ("9" * 5000, 1), ("-1", 0), ("", 1)]
    + [(text, 1) for text in ("1_0", "\u0663", "1.0", " 2", "two")],
)
def test_a_number_that_no_column_holds_counts_as_none(text: str, number: int) -> None:
    assert number_in(MultiDict({"page": text}), "page") == number


@pytest.mark.parametrize("username", ["p0\x00", "nobody\x00", "\x00", "\ud800", "p0\ufffe"])
def test_signing_in_with_what_no_name_holds_is_never_a_fault_of_ours(
    browser: Browser, account: Account, username: str
) -> None:
    page = browser.submit("/sign-in", "Sign in", username=username.encode("utf-8", "replace"), password="wrong one")
    assert page.status == 422
    assert account.username == "p0"


@pytest.mark.parametrize("place", ["//[", "/\\[", "http://[x", "/\x00", "x" * 20_000])
def test_a_strange_page_to_go_on_to_after_signing_in_is_left_out(
    browser: Browser, account: Account, place: str
) -> None:
    target, values = browser.open("/sign-in").form("Sign in")
    page = browser.client.post(
        target, query_string={"next": place}, data={**values, "username": account.username, "password": PASSWORD}
    )
    assert (page.status_code, page.headers["Location"]) in {(302, "/"), (302, "/%00")}
