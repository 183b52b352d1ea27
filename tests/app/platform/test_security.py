"""What protects people: headers on every response, tokens on every form, sessions that cannot be planted."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.platform.access import public
from certificates.record.issuing import Certificate, issue_for_completion
from courses.records.answers import Answer
from courses.records.attempts import Attempt, ModuleProgress
from courses.records.completion import Completion, record_completion
from people.accounts import Account, hash_password
from people.roles import Role
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import settings_for
from tests.reading import Browser

PASSWORD = "a long enough secret"
NONCE = re.compile(r"'nonce-([\w-]{20,})'")
# What fills the holes of an address whose page must refuse before it looks anything up.
HOLES = {
    "slug": "test-course",
    "module_slug": "first-steps",
    "version_number": 1,
    "screen_number": 1,
    "list_number": 1,
    "certificate_number": "RE-7K4M-29QX-C",
    "question_id": "TC-M1-Q1",
}
HOLES |= {"reflection_id": "TC-M1-R1", "upload_id": 1, "unit_id": 1, "sha256": "0" * 64}

TOO_LARGE = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(500 * 1024 * 1024)}


@pytest.fixture
def account(session: Session) -> Account:
    """Somebody who may do everything that a role allows, with a password."""
    unit = a_unit(session, an_organisation(session))
    account = an_account(session, a_person(session, unit), *Role, unit=unit)
    account.username, account.password_hash = "siân", hash_password(PASSWORD)
    a_course(session)
    session.commit()
    return account


@pytest.fixture
def broken_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The support page has a fault, and the application behaves as it does in production."""

    @public
    def broken() -> str:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setitem(app.view_functions, "public.support", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


def responses(browser: Browser) -> Iterator[tuple[str, TestResponse]]:
    client = browser.client
    yield "a page", client.get("/sign-in")
    yield "a redirect", client.get("/certificates")
    yield "an address that does not exist", client.get("/nothing/here")
    yield "a wrong method", client.delete("/sign-in")
    yield "data", client.get("/healthz")
    yield "a static file", client.get("/static/favicon.svg")
    yield "a form without its token", client.post("/sign-in")
    yield (
        "an upload that is too large",
        client.post("/sign-in", environ_overrides=TOO_LARGE),
    )
    yield "a fault of ours", client.get("/support")


@pytest.mark.usefixtures("broken_page")
def test_every_kind_of_response_carries_the_headers(browser: Browser) -> None:
    statuses = []
    for kind, response in responses(browser):
        statuses.append(response.status_code)
        headers = response.headers
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["X-Frame-Options"] == "DENY", kind
        assert headers["Referrer-Policy"] == "same-origin", kind
        assert "default-src 'none'" in headers["Content-Security-Policy"], kind
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], kind
        assert "unsafe-" not in headers["Content-Security-Policy"], kind
        assert "Server" not in headers, kind
        response.close()
    assert statuses == [200, 302, 404, 405, 200, 200, 400, 413, 500]


@pytest.mark.usefixtures("broken_page")
def test_no_page_is_kept_by_a_shared_computer(browser: Browser) -> None:
    kept = [kind for kind, r in responses(browser) if r.headers.get("Cache-Control") != "no-store" and not r.close()]
    assert kept == ["a static file"]


@pytest.mark.usefixtures("broken_page")
def test_a_fault_of_ours_is_a_page_without_its_details(browser: Browser) -> None:
    page = browser.open("/support")
    assert page.status == 500
    assert "ZeroDivisionError" not in page.response.get_data(as_text=True)


def test_each_response_has_a_nonce_of_its_own_and_its_scripts_carry_it(browser: Browser) -> None:
    nonces = set()
    for _ in range(3):
        page = browser.open("/sign-in")
        (nonce,) = NONCE.findall(page.response.headers["Content-Security-Policy"])
        assert {script.get("nonce") for script in page.soup.find_all("script")} == {nonce}
        nonces.add(nonce)
    assert len(nonces) == 3


def test_https_is_insisted_on_where_there_is_https(browser: Browser) -> None:
    assert "Strict-Transport-Security" not in browser.client.get("/healthz").headers
    secure = browser.client.get("/healthz", base_url="https://localhost")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("common-ground=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_on_https_the_cookie_belongs_to_this_host_alone(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/unused.db", tmp_path, public_url="https://learn.example.org")
    client = create_app(settings).test_client()
    cookie = client.get("/sign-in", base_url="https://learn.example.org").headers["Set-Cookie"]
    assert cookie.startswith("__Host-common-ground=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain=" not in cookie


def test_signing_in_drops_what_the_browser_held_before(browser: Browser, account: Account) -> None:
    with browser.client.session_transaction() as before:
        before["planted"] = "by somebody else"
    browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD)
    with browser.client.session_transaction() as after:
        assert "planted" not in after
        assert len(after["_user_id"]) > 40


def test_a_form_from_before_signing_in_does_not_work_after(browser: Browser, account: Account) -> None:
    _, before = browser.open("/sign-in").form("Sign in")
    browser.submit("/sign-in", "Sign in", username="siân", password=PASSWORD)
    assert browser.post("/sign-out", {"csrf_token": before["csrf_token"]}).status == 400


def test_signing_out_leaves_nothing_in_the_browser(browser: Browser, account: Account) -> None:
    browser.enter_as(account).submit("/learning", "Sign out", follow=False)
    with browser.client.session_transaction() as after:
        assert set(after) <= {"csrf_token", "_flashes"}


@pytest.mark.parametrize("identity", ["1", "", "1:1", "%", "a" * 43, "é\x00"])
def test_a_session_that_makes_no_sense_is_nobody(browser: Browser, account: Account, identity: str) -> None:
    with browser.client.session_transaction() as planted:
        planted["_user_id"] = identity
    assert browser.open("/learning").heading == "Sign in"


def test_no_form_works_without_its_token(app: Flask, browser: Browser, account: Account) -> None:
    assert browser.client.post("/sign-in").status_code == 400
    browser.enter_as(account)
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(rules) > 8
    for rule in rules:
        address = adapter.build(rule.endpoint, {name: HOLES.get(name, "1") for name in rule.arguments}, method="POST")
        # Whoever has signed in already, in another tab, is led on from the sign-in page.
        refused = 302 if rule.endpoint == "auth.sign_in" else 400
        assert browser.client.post(address).status_code == refused, rule.endpoint


@pytest.mark.parametrize(
    "elsewhere",
    ["/\t/elsewhere.example", "/\n/elsewhere.example", "///elsewhere.example", "\\\\elsewhere.example",
     "//\\x", " /x", "https:elsewhere.example", "/\r\nX-Header: 1"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(browser: Browser, account: Account, elsewhere: str) -> None:
    _, values = browser.open("/sign-in").form("Sign in")
    answer = browser.client.post(
        "/sign-in",
        query_string={"next": elsewhere},
        data={**values, "username": "siân", "password": PASSWORD},
    )
    location = answer.headers["Location"]
    assert answer.status_code == 302
    assert re.fullmatch(r"/|/[^/\\\s][^\s]*", location), location
    assert "X-Header" not in answer.headers


class UnreadBody(io.RawIOBase):
    """The body of an upload that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("address", ["/manage/courses/upload", "/sign-in", "/courses/test-course/begin"])
def test_half_a_gigabyte_is_refused_before_it_is_read(browser: Browser, account: Account, address: str) -> None:
    response = browser.enter_as(account).client.post(
        address,
        environ_overrides={**TOO_LARGE, "wsgi.input": UnreadBody()},
    )
    assert response.status_code == 413
    assert "A file can be up to 2 MB" in response.get_data(as_text=True)


@pytest.fixture
def others_certificate(session: Session, account: Account) -> Certificate:
    """A certificate of somebody else."""
    course = a_course(session)
    unit = a_unit(session, an_organisation(session, slug="sefton", name="Sefton Council"))
    (event,) = record_completion(
        session,
        person_id=a_person(session, unit, "Ada Okafor").id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    outcome = issue_for_completion(session, completion_id=event.completion_id, now=NOON)
    session.commit()
    return session.get_one(Certificate, outcome.certificate_id)


@pytest.mark.parametrize("page", ["", "/status", "/file"])
def test_somebody_elses_certificate_does_not_exist_for_others(
    browser: Browser, account: Account, others_certificate: Certificate, page: str
) -> None:
    answer = browser.enter_as(account).client.get(f"/certificates/{others_certificate.number}{page}")
    assert answer.status_code == 404
    assert "Okafor" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["first-steps/1", "first-steps/2/answers/TC-M1-Q1", "first-steps/3/reflections/TC-M1-R1"]
)
def test_a_post_into_a_course_that_was_not_begun_leaves_no_record(
    browser: Browser, session: Session, account: Account, address: str
) -> None:
    _, values = browser.enter_as(account).open("/courses/test-course").form("Start this course")
    page = browser.post(f"/courses/test-course/{address}", {**values, "answer": "a", "text": "words"})
    assert page.status == 404
    for thing in (Attempt, Answer, ModuleProgress, Completion):
        assert session.scalar(select(func.count()).select_from(thing)) == 0


def test_a_post_into_a_part_that_is_not_open_leaves_no_record(
    browser: Browser, session: Session, account: Account
) -> None:
    browser.enter_as(account).submit("/courses/test-course", "Start this course")
    _, values = browser.open("/courses/test-course/first-steps/1").form("Continue")
    for place in (
        "second-steps/1/answers/TC-M2-Q1",
        "first-steps/2/answers/TC-M1-Q1",
        "first-steps/1/answers/TC-M2-Q1",
    ):
        page = browser.post(f"/courses/test-course/{place}", {**values, "answer": ["a", "b"]})
        assert page.status in {404, 409}
        assert page.links, "a clear page, with a way on"
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
