"""Pictures, recordings and captions of courses, by the hash of their bytes: the address says all there is to know."""

import re
from http import HTTPStatus

from flask import request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import quote_etag
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from app.platform.access import signed_in
from app.platform.input.requests import is_head
from app.platform.storage import file_store
from courses.catalogue.uploads import media_key
from kernel.errors import NotFound

# Told from the first bytes, so that no upload can be served as a page. (offset, bytes, type)
SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xfa", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"WEBVTT", "text/vtt"),
    (0, b"\xef\xbb\xbfWEBVTT", "text/vtt"),
)
# What a browser itself puts around a picture or a film that is opened on its own, and nothing else.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
ONE_YEAR = 365 * 24 * 60 * 60
PIECE = 64 * 1024


@signed_in
def media(sha256: str) -> Response:
    """A media file or the part of it that is asked for; it may be kept for ever, because another content has another
    address. Raises ``NotFound``."""
    key = media_key(sha256)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not file_store().exists(key):
        raise NotFound(f"media {sha256}")
    stream = file_store().open(key)
    start, size = stream.read(16), stream.seek(0, 2)
    stream.seek(0)
    # Not the server's own wrapper: it cannot seek, so that every part would be read from the beginning.
    response = Response(FileWrapper(stream, PIECE), mimetype=_type(start), direct_passthrough=True)
    response.headers["Content-Length"] = str(size)
    response.headers["ETag"] = quote_etag(sha256)
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    response.headers["Content-Security-Policy"] = POLICY
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        stream.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    if is_head() or response.status_code == HTTPStatus.NOT_MODIFIED:
        stream.close()  # nobody will read it, so nobody would close it
    return response


def _type(start: bytes) -> str:
    return next((name for at, sign, name in SIGNATURES if start[at:].startswith(sign)), "application/octet-stream")
