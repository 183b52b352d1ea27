"""Anybody may drop a PDF and learn whether it is the one that was issued."""

import hashlib
import io
import tempfile

import pytest
from flask import Flask, request
from sqlalchemy.orm import Session

from app.public.file_check import MOST_MEGABYTES
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from tests.app.public.test_verification import certificate, limit
from tests.builders.region import NOON, a_person, an_account
from tests.reading import Browser, Page

__all__ = ["certificate"]

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300
MEGABYTE = 1024 * 1024
KIND = "multipart/form-data; boundary=sep"


@pytest.fixture
def issued(session: Session, certificate: Certificate) -> Certificate:
    """A certificate whose file has the bytes of ``PDF``."""
    certificate.sha256 = hashlib.sha256(PDF).hexdigest()
    session.commit()
    return certificate


def check(browser: Browser, data: bytes, name: str = "certificate.pdf") -> Page:
    return browser.submit("/verify/file", "Check this file", certificate=(io.BytesIO(data), name))


def test_the_file_that_we_issued_is_known(browser: Browser, issued: Certificate) -> None:
    page = check(browser, PDF)
    assert (page.status, page.heading) == (200, "This is the file that we issued")
    assert "This certificate is valid. Not one byte" in page.text
    assert issued.number in page.text
    assert "S••• N•••" in page.text
    assert "Nguyễn" not in page.text


def test_the_answer_says_what_the_certificate_is_worth_now(
    browser: Browser, session: Session, issued: Certificate
) -> None:
    account_id = an_account(session, a_person(session)).id
    reason = Reason.WRONG_PERSON
    revoke(session, certificate_number=issued.number, reason=reason, words="", account_id=account_id, now=NOON)
    session.commit()
    page = check(browser, PDF)
    assert page.heading == "This is the file that we issued"
    assert "This certificate was revoked, on 21 November 2026" in page.text


@pytest.mark.parametrize("position", [20, len(PDF) // 2, len(PDF) - 1])
def test_one_changed_byte_is_noticed(browser: Browser, issued: Certificate, position: int) -> None:
    changed = PDF[:position] + bytes([PDF[position] ^ 1]) + PDF[position + 1 :]
    page = check(browser, changed)
    assert page.heading == "This is not a file that we issued"
    assert issued.number not in page.text
    assert "Some programs change a file" in page.text


def test_somebody_elses_pdf_is_not_ours(browser: Browser, issued: Certificate) -> None:
    assert check(browser, b"%PDF-1.4 something else").heading == "This is not a file that we issued"


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "certificate.pdf", "The selected file is empty"),
        (b"PK\x03\x04 a zip", "certificate.pdf", "The selected file must be a PDF"),
        (b"", "", "Select a certificate file"),
        (b"\x89PNG", "../../etc/passwd\u202e.pdf", "The selected file must be a PDF"),
    ],
)
def test_what_is_no_pdf_gets_a_clear_answer(browser: Browser, data: bytes, name: str, error: str) -> None:
    page = check(browser, data, name)
    assert (page.status, page.errors) == (422, [error])


def test_no_file_at_all_is_asked_for(browser: Browser) -> None:
    page = browser.submit("/verify/file", "Check this file")
    assert (page.status, page.errors) == (422, ["Select a certificate file"])


def sent(browser: Browser, data: bytes) -> Page:
    """A form with this file, made by hand: the test client would put a large one into a temporary file."""
    token = browser.open("/verify/file").form("Check this file")[1]["csrf_token"]
    field = b"--sep\r\nContent-Disposition: form-data; name=csrf_token\r\n\r\n" + token.encode() + b"\r\n"
    body = field + HEAD + data + b"\r\n--sep--\r\n"
    overrides = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": KIND}
    return Page(browser.client.post("/verify/file", environ_overrides=overrides), "/verify/file")


def test_a_file_above_the_limit_gets_a_kind_page(browser: Browser) -> None:
    page = sent(browser, PDF + b"x" * MOST_MEGABYTES * MEGABYTE)
    assert (page.status, page.heading) == (413, "That file is too large")
    assert "A file can be up to 5 MB. Nothing was saved." in page.text
    assert "this file is not one of them as we made it" in page.text


class Endless(io.RawIOBase):
    """A body of a gigabyte that counts how much of it was read."""

    def __init__(self, head: bytes) -> None:
        self.left, self.head, self.was_read = 1024 * MEGABYTE, head, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), self.left)
        data = (self.head + b"x" * size)[:size]
        self.head = self.head[size:]
        buffer[:size] = data
        self.left -= size
        self.was_read += size
        return size


HEAD = (
    b"--sep\r\nContent-Disposition: form-data; name=certificate; filename=a.pdf\r\n"
    b"Content-Type: application/pdf\r\n\r\n"
)


@pytest.fixture
def no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be put into a temporary file."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a temporary file was opened")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", refuse)


def test_what_is_checked_never_touches_a_disk(browser: Browser, issued: Certificate, no_temporary_files: None) -> None:
    assert sent(browser, PDF * 40).heading == "This is not a file that we issued"


@pytest.mark.parametrize("says_its_length", [True, False])
def test_a_gigabyte_is_refused_before_more_than_the_limit_is_read(
    browser: Browser, no_temporary_files: None, says_its_length: bool
) -> None:
    body = Endless(HEAD)
    length = {"CONTENT_LENGTH": str(1024 * MEGABYTE)} if says_its_length else {"wsgi.input_terminated": True}
    response = browser.client.post(
        "/verify/file",
        environ_overrides={"wsgi.input": body, "CONTENT_TYPE": KIND, **length},
    )
    assert response.status_code == 413
    least = 0 if says_its_length else MOST_MEGABYTES * MEGABYTE
    assert least <= body.was_read <= least + MEGABYTE * (not says_its_length)


def test_checking_files_is_slowed_down_together_with_numbers(app: Flask, browser: Browser) -> None:
    token = browser.open("/verify/file").form("Check this file")[1]
    with limit(app, verify_address_limit="2 per minute"):
        browser.open("/verify/RE-1")
        statuses = [
            browser.post("/verify/file", {**token, "certificate": (io.BytesIO(PDF), "a.pdf")}).status for _ in range(2)
        ]
    assert statuses == [200, 429]


def test_a_course_bundle_may_still_be_as_large_as_the_settings_say(app: Flask) -> None:
    with app.test_request_context("/manage/courses/upload", method="POST"):
        app.preprocess_request()
        assert request.max_content_length == 2 * MEGABYTE
