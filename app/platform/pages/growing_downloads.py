"""Large files that begin to leave at once: their first line while all the rest is being made.

The rest is made into a file on disk before any of it leaves. So what is put on record is what was made, a line that is
slow keeps no transaction open, and where it cannot be made, nobody holds half of it. docs/decisions/first-line-first.md
"""

import logging
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from time import sleep
from typing import BinaryIO, cast

from flask import request, stream_with_context
from werkzeug.wrappers import Response

from app.platform.pages.concurrency import place_of

logger = logging.getLogger(__name__)
_PIECE = 64 * 1024
# How long somebody is left without a word before they are told that a file ended which could not be made.
LONGEST_SILENCE = 30 * 60
_PAUSE = 1.0


def growing_download(first: str, make: Callable[[BinaryIO], None], *, mimetype: str, name: str) -> Response:
    """``first`` at once, and then what ``make`` writes, as one download. ``name`` is in ASCII.

    ``make`` may read and write the database as a view does; it takes its turn among those that make pages.
    """
    response = Response(stream_with_context(_whole(first, make)), mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _whole(first: str, make: Callable[[BinaryIO], None]) -> Iterator[bytes]:
    yield first.encode()
    with TemporaryFile() as file:
        try:
            with place_of(request.environ):
                make(cast(BinaryIO, file))
        except Exception:
            logger.exception("A download of %s could not be made", request.path)
            yield from _no_end()
            raise
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _no_end() -> Iterator[bytes]:
    """Nothing, for as long as somebody waits. gunicorn breaks a line off when a body does; granian 2.8.7 would say that
    the body is whole (findings/granian-half-a-body-looks-whole.sh). Whoever waits, or a proxy, gives up and knows."""
    if not request.environ.get("SERVER_SOFTWARE", "").startswith("Granian"):
        return
    for _ in range(int(LONGEST_SILENCE / _PAUSE)):
        sleep(_PAUSE)
        yield b""  # the server looks whether anybody is still there
