"""Stored files leave with their length, so that one that breaks off is known to be half."""

from io import BytesIO

import pytest
from flask import Flask

from app.platform.pages.downloads import stored_download, text_download

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


def test_somebody_who_asks_for_the_head_alone_leaves_nothing_open(app: Flask, stream: BreaksOff) -> None:
    with app.test_request_context(method="HEAD"):
        response = stored_download(stream, mimetype="application/zip", name="all.zip")
        assert (stream.closed, response.content_length) == (True, len(WHOLE))


def test_a_text_is_made_whole_before_it_leaves(app: Flask) -> None:
    with app.test_request_context():
        response = text_download("Siân\r\n", mimetype="text/csv", name="names.csv")
        assert (response.content_length, response.data) == (7, "Siân\r\n".encode())
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
