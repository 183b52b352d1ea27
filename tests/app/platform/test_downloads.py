"""Stored files leave with their length, so that one that breaks off is known to be half. Of those whose length is not
known yet the first line leaves at once, and nothing more where the rest cannot be made."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from app.platform.pages import growing_downloads
from app.platform.pages.concurrency import ConcurrencyLimit
from app.platform.pages.downloads import stored_download, text_download
from app.platform.pages.growing_downloads import growing_download

WHOLE = bytes(range(256)) * 4096  # many pieces


class BreaksOff(BytesIO):
    """A stored file whose eighth read fails, as when the store goes away."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads == 8:
            raise OSError("the store has gone away")
        return super().read(size)


@pytest.fixture
def stream(app: Flask) -> BreaksOff:
    return BreaksOff(WHOLE)


def test_a_file_that_breaks_off_has_said_how_long_it_would_have_been(app: Flask, stream: BreaksOff) -> None:
    with app.test_request_context():
        response = stored_download(stream, mimetype="application/zip", name="all.zip")
        assert response.headers["Content-Length"] == str(len(WHOLE))
        with pytest.raises(OSError, match="gone away"):
            b"".join(response.response)
        assert stream.reads == 8


def test_a_whole_file_is_sent_from_where_it_was_opened_and_then_closed(app: Flask) -> None:
    stream = BytesIO(b"before" + WHOLE)
    stream.seek(6)
    with app.test_request_context():
        response = stored_download(stream, mimetype="application/zip", name="Siân 王芳.zip")
        assert b"".join(response.response) == WHOLE
        assert response.content_length == len(WHOLE)
        response.close()
        assert stream.closed
        assert "filename*=UTF-8''Si%C3%A2n%20%E7%8E%8B%E8%8A%B3.zip" in response.headers["Content-Disposition"]


def test_somebody_who_asks_for_the_rest_of_a_file_that_broke_off_gets_the_whole(app: Flask) -> None:
    with app.test_request_context(headers={"Range": "bytes=100-200"}):
        response = stored_download(BytesIO(WHOLE), mimetype="application/zip", name="all.zip")
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(len(WHOLE)))
        assert b"".join(response.response) == WHOLE


def test_somebody_who_asks_for_the_head_alone_leaves_nothing_open(app: Flask, stream: BreaksOff) -> None:
    with app.test_request_context(method="HEAD"):
        response = stored_download(stream, mimetype="application/zip", name="all.zip")
        assert (stream.closed, response.content_length) == (True, len(WHOLE))


def test_a_text_is_made_whole_before_it_leaves(app: Flask) -> None:
    with app.test_request_context():
        response = text_download("Siân\r\n", mimetype="text/csv", name="names.csv")
        assert (response.content_length, response.data) == (7, "Siân\r\n".encode())
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def begun(make: Any, **environ: str) -> tuple[Iterable[bytes], ConcurrencyLimit]:
    """The body of a download, of which nothing has been asked for yet, and the places in which pages are made."""
    site = Flask(__name__)
    site.add_url_rule("/rows", view_func=lambda: growing_download("head\r\n", make, mimetype="text/csv", name="a.csv"))
    limited = ConcurrencyLimit(site, places=1)
    found = EnvironBuilder("/rows").get_environ() | environ
    return limited(found, lambda *_: lambda _: None), limited  # type: ignore[arg-type, return-value]


def test_the_first_line_leaves_before_anything_is_made() -> None:
    made = []

    def make(file: BinaryIO) -> None:
        made.append("once")
        file.write(b"x" * 200_000)

    body, _ = begun(make)
    pieces = iter(body)
    assert (next(pieces), made) == (b"head\r\n", [])
    assert b"".join(pieces) == b"x" * 200_000
    assert made == ["once"]


def test_what_cannot_be_made_breaks_off_and_none_of_it_leaves() -> None:
    def make(file: BinaryIO) -> None:
        file.write(b"half of the rows")
        raise OSError("the database has gone away")

    pieces = iter(begun(make)[0])
    assert next(pieces) == b"head\r\n"
    with pytest.raises(OSError, match="gone away"):
        next(pieces)


def test_a_server_that_would_call_half_a_file_whole_is_not_told_that_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_downloads, "LONGEST_SILENCE", 3)
    monkeypatch.setattr(growing_downloads, "_PAUSE", 1)
    waited: list[float] = []
    monkeypatch.setattr(growing_downloads, "sleep", waited.append)

    def make(_file: BinaryIO) -> None:
        raise OSError("the database has gone away")

    pieces = iter(begun(make, SERVER_SOFTWARE="Granian")[0])
    assert [next(pieces) for _ in range(4)] == [b"head\r\n", b"", b"", b""]
    assert waited == [1, 1, 1]
    with pytest.raises(OSError, match="gone away"):
        next(pieces)


def test_the_rest_is_made_in_a_turn_of_its_own_and_sent_after_it() -> None:
    taken: list[bool] = []
    places: list[ConcurrencyLimit] = []

    def is_free() -> bool:
        free = places[0]._places.acquire(blocking=False)
        if free:
            places[0]._places.release()
        return free

    def make(file: BinaryIO) -> None:
        taken.append(is_free())
        file.write(b"rows")

    body, limited = begun(make)
    places.append(limited)
    pieces = iter(body)
    next(pieces)
    assert is_free()
    assert next(pieces) == b"rows"
    assert (taken, is_free()) == ([False], True)
