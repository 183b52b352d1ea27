"""Handing out files: always with their length, so that half a file is never taken for a whole one.

A server ends a body of unknown length as if it were complete when reading breaks off half-way (granian 2.8.7 does).
"""

from collections.abc import Callable
from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import send_file
from werkzeug.wrappers import Response

from app.platform.input.requests import is_head


def stored_download(stream: BinaryIO, *, mimetype: str, name: str) -> Response:
    """The rest of an open file as a download, piece by piece; it is closed when all of it was sent."""
    start = stream.tell()
    size = stream.seek(0, 2) - start
    stream.seek(start)
    # Never in parts: what is made anew at each asking may be another file by then. Whoever asks for one gets the whole.
    response = send_file(
        stream, mimetype=mimetype, as_attachment=True, download_name=name, etag=False, conditional=False
    )
    del response.headers["Cache-Control"]  # nobody keeps it: what a page says without a word of its own
    response.content_length = size
    if is_head():
        stream.close()  # nobody will read it, so nobody would close it
    return response


def made_download(make: Callable[[BinaryIO], None], *, mimetype: str, name: str) -> Response:
    """What ``make`` writes as a download, made whole on disk before the first byte leaves."""
    file = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - closed once it was sent
    try:
        make(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return stored_download(file, mimetype=mimetype, name=name)


def text_download(text: str, *, mimetype: str, name: str) -> Response:
    """A text as a download, in UTF-8, made whole before the first byte leaves."""
    return data_download(text.encode(), mimetype=mimetype, name=name)


def data_download(data: bytes, *, mimetype: str, name: str) -> Response:
    """Bytes as a download, made whole before the first one leaves."""
    response = stored_download(BytesIO(data), mimetype=mimetype, name=name)
    response.direct_passthrough = False  # so that it can also be read here
    return response
