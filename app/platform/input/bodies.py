"""What somebody sends is taken in before the page that wants it has its turn, so that a slow line holds up nobody.

It keeps a thread of the server meanwhile, of which there are many. Whether it comes in time is looked at after each
piece, and a line that sends no piece at all is ended by ``silent_lines``. Both get 408.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Protocol, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.platform.input.silent_lines import SilentLines

# In the environment of a request whose body was not taken in: the status that its page answers with.
REFUSED = "common-ground.body-refused"
# A phone in a depot may need a minute for a form; from then on what arrives has to keep this pace.
PATIENCE_SECONDS, SLOWEST = 60, 16 * 1024
SILENCE_SECONDS = 60  # as nginx waits for the next piece of a body
SMALL_BODY = 16 * 1024  # every page takes so much, so nobody asks which page it is
_SMALL_PIECE, _LARGE_PIECE, _LARGEST_SPOOLED = 1024, 64 * 1024, 256 * 1024


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class BodyLimit:
    """How many bytes a page takes, whether they stay in memory, and whether more is refused or not looked at."""

    most: int
    is_in_memory: bool = True
    is_refused: bool = True


class BodyIntake:
    """A WSGI application that hands requests to another one with their whole body, or without it and with a refusal."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        limit_of: Callable[[WSGIEnvironment], BodyLimit],
        patience: float = PATIENCE_SECONDS,
        silence: float = SILENCE_SECONDS,
    ) -> None:
        self._application = application
        self._limit_of = limit_of
        self._patience = patience
        self.silent_lines = SilentLines(silence)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = _length_of(environ)
        if length == 0:
            return self._application(environ, start_response)
        is_small = length is not None and length <= SMALL_BODY
        limit = BodyLimit(SMALL_BODY) if is_small else self._limit_of(environ)
        with _room_for(limit) as body:
            refused = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if length is not None and length > limit.most else None
            refused = refused or self._take_in(environ["wsgi.input"], length, limit, body)
            if refused is not None:
                body.truncate(0)
            environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
            environ["wsgi.input"] = body
            environ.pop("HTTP_TRANSFER_ENCODING", None)
            if refused and (limit.is_refused or refused != HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
                environ[REFUSED] = refused
            body.seek(0)
            return self._application(environ, start_response)

    def _take_in(self, source: _Source, length: int | None, limit: BodyLimit, body: IO[bytes]) -> HTTPStatus | None:
        """Fill ``body``; returns why it could not be filled."""
        began, received, was_silent = monotonic(), 0, False
        most = limit.most + 1 if length is None else length
        while received < most:
            wanted = min(_SMALL_PIECE if received < _LARGE_PIECE else _LARGE_PIECE, most - received)
            asked = monotonic()
            try:
                with self.silent_lines.watched():
                    piece = source.read(wanted)
            except Exception:
                piece = None
            # A reading that was ended may still give what had come before.
            was_silent |= monotonic() - asked >= self.silent_lines.seconds and len(piece or b"") < wanted
            if not piece and was_silent:
                self.silent_lines.note()
                return HTTPStatus.REQUEST_TIMEOUT
            if piece is None:
                return HTTPStatus.BAD_REQUEST
            received += body.write(piece)
            if not piece:
                break
            if received < most and monotonic() - began > self._patience + received / SLOWEST:
                return HTTPStatus.REQUEST_TIMEOUT
        if length is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if received > limit.most else None
        return HTTPStatus.BAD_REQUEST if received < length else None  # whoever sent it has gone


def _length_of(environ: WSGIEnvironment) -> int | None:
    """How many bytes follow; ``None`` where nobody says."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None


def _room_for(limit: BodyLimit) -> IO[bytes]:
    return BytesIO() if limit.is_in_memory else cast(IO[bytes], SpooledTemporaryFile(max_size=_LARGEST_SPOOLED))
