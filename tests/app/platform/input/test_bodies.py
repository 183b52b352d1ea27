"""Bodies are taken in before anybody has their turn: whole, in time, and no more than a page takes."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from app.platform.input.bodies import REFUSED, BodyIntake, BodyLimit
from app.platform.pages.concurrency import ConcurrencyLimit
from app.platform.pages.upload_limits import FORM_MEGABYTES, body_limit
from people.accounts import Account
from people.roles import Role
from tests.builders.region import a_person, an_account
from tests.reading import Browser

SOON = 20
MOST = 100_000
MEGABYTE = 1024 * 1024


class SlowLine(BytesIO):
    """A body that comes only when the event is set."""

    def __init__(self, content: bytes, comes: Event) -> None:
        super().__init__(content)
        self._comes = comes

    def read(self, size: int | None = -1, /) -> bytes:
        assert self._comes.wait(SOON)
        return super().read(size)


class BrokenLine(BytesIO):
    """A body whose sender goes away with an error."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError(size)


def echo(environ: Any, start_response: Any) -> Iterable[bytes]:
    if REFUSED in environ:
        return Response(status=environ[REFUSED])(environ, start_response)
    request = Request(environ)
    return Response(request.get_data(), headers={"X-Length": str(request.content_length)})(environ, start_response)


def intake(application: Any = echo, *, patience: float = SOON, **limit: Any) -> Any:
    return BodyIntake(application, limit_of=lambda _environ: BodyLimit(MOST, **limit), patience=patience)


def posted(application: Any, body: BytesIO, length: int | None) -> Response:
    """``None``: the body comes in chunks, and nobody says how long it is."""
    said = {"CONTENT_LENGTH": str(length)}
    if length is None:
        said = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    return Client(application, Response).post(input_stream=body, environ_overrides=said)


@pytest.mark.parametrize("length", [8, None], ids=["with its length", "in chunks"])
def test_somebody_who_sends_slowly_holds_up_nobody(length: int | None) -> None:
    limited, comes = intake(ConcurrencyLimit(echo, places=1)), Event()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(posted, limited, SlowLine(b"answer=a", comes), length)
        assert posted(limited, BytesIO(b"answer=b"), 8).data == b"answer=b"
        assert not slow.done()
        comes.set()
        assert slow.result(SOON).data == b"answer=a"


@pytest.mark.parametrize("in_memory", [True, False], ids=["in memory", "on a disk"])
@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, MOST])
@pytest.mark.parametrize("is_chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_body_reaches_the_page_unchanged(size: int, is_chunked: bool, in_memory: bool) -> None:
    body = bytes(place % 251 for place in range(size))
    answer = posted(intake(is_in_memory=in_memory), BytesIO(body), None if is_chunked else size)
    assert (answer.data, answer.headers["X-Length"]) == (body, str(size))


@pytest.mark.parametrize("length", [8, None], ids=["with its length", "in chunks"])
def test_what_does_not_come_in_time_is_refused(length: int | None) -> None:
    body = BytesIO(b"x" * 3_000)
    assert posted(intake(patience=-1), body, length and 3_000).status_code == 408
    assert body.tell() < 3_000


def test_a_body_that_is_announced_as_too_large_is_not_read() -> None:
    body = BytesIO(b"x" * (MOST + 1))
    assert posted(intake(), body, MOST + 1).status_code == 413
    assert body.tell() == 0


def test_a_body_of_unknown_length_is_read_only_as_far_as_the_limit() -> None:
    body = BytesIO(b"x" * (10 * MOST))
    assert posted(intake(), body, None).status_code == 413
    assert body.tell() == MOST + 1


def test_half_a_body_is_no_body() -> None:
    assert posted(intake(), BytesIO(b"answer=a"), 9).status_code == 400
    assert posted(intake(), BrokenLine(), 9).status_code == 400


def test_what_is_too_large_from_somebody_unknown_is_not_looked_at() -> None:
    answer = posted(intake(is_refused=False), BytesIO(b"x" * (MOST + 1)), MOST + 1)
    assert (answer.status_code, answer.data) == (200, b"")


def environ_of(path: str, cookie: str = "") -> Any:
    return EnvironBuilder(path=path, method="POST", headers={"Cookie": cookie}).get_environ()


def test_each_page_says_how_much_it_takes(app: Flask, browser: Browser, session: Session) -> None:
    author = an_account(session, a_person(session), Role.AUTHOR)
    session.commit()
    found = browser.enter_as(author).client.get_cookie("common-ground")
    assert found is not None
    cookie, bundle = f"common-ground={found.value}", "/manage/courses/upload"
    form, most = FORM_MEGABYTES * MEGABYTE, app.config["SETTINGS"].max_upload_mb * MEGABYTE
    assert body_limit(app, environ_of("/sign-in")) == BodyLimit(form)
    assert body_limit(app, environ_of("/nowhere/at/all")) == BodyLimit(form)
    assert body_limit(app, environ_of("/verify/file")) == BodyLimit(5 * MEGABYTE)
    assert body_limit(app, environ_of(bundle, cookie)).most == most
    for stranger in ("", "common-ground=forged", "common-ground=e30.aaaa.bbbb"):
        assert body_limit(app, environ_of(bundle, stranger)).is_refused is (most <= form)


@pytest.fixture
def account(session: Session) -> Account:
    account = an_account(session, a_person(session))
    session.commit()
    return account


def test_somebody_on_a_slow_line_reads_that_nothing_was_saved(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data="username=a", environ_overrides={REFUSED: 408})
    assert answer.status_code == 408
    assert "That took too long to arrive" in answer.text
    assert "Nothing was saved." in answer.text


def test_a_form_that_is_too_large_is_refused_on_every_page(browser: Browser, account: Account) -> None:
    large = BytesIO(b"x" * (FORM_MEGABYTES * MEGABYTE + 1))
    assert browser.enter_as(account).client.post("/account/password", input_stream=large).status_code == 413
