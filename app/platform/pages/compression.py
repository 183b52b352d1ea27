"""Pages go out packed where nothing that a stranger chose can stand on them beside a secret.

A page holds secrets (form tokens, somebody's own words), and its packed length says whether a text on it repeats one of
them. Whoever can make a browser ask again and again, with text of their own on the page, reads a secret from lengths
(BREACH). docs/decisions/packed-pages.md says which pages are packed, and why that is enough.
"""

import zlib

from flask import Flask, request
from werkzeug.wrappers import Response

from app.platform.pages.assets import accepts_gzip

# Measured with `python -m bench.pages.compression`: a page of 9 kB takes 0.1 ms; each higher level takes a third longer
# and makes a page a hundredth smaller.
LEVEL = 4
SMALLEST = 1024  # below it the line carries one packet either way
_GZIP_FORMAT = 31  # zlib's word for gzip with the largest window; its header names no time
_ASKED_BY_US = {"same-origin", "none"}


def packed(data: bytes, level: int = LEVEL) -> bytes:
    """The bytes in gzip's format; the same bytes give the same."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP_FORMAT)
    return packer.compress(data) + packer.flush()


def _may_be_packed(response: Response) -> bool:
    """Whether this is a page in one piece on which nothing stands that the request brought along."""
    is_whole_page = (
        response.status_code == 200
        and response.mimetype == "text/html"
        and response.is_sequence
        and not response.direct_passthrough
        and not {"Content-Encoding", "Content-Range", "ETag"} & set(response.headers.keys())
    )
    is_asked_plainly = request.method in ("GET", "HEAD") and not request.query_string
    return is_whole_page and is_asked_plainly


def _is_asked_by_us() -> bool:
    """Whether the browser says that the person or a page of ours asked; older ones say nothing."""
    return request.headers.get("Sec-Fetch-Site", "none") in _ASKED_BY_US


def _pack(response: Response) -> Response:
    if not _may_be_packed(response):
        return response
    response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
    if accepts_gzip() and _is_asked_by_us() and (response.content_length or 0) >= SMALLEST:
        response.set_data(packed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Pack what a view answers with, last of all."""
    app.after_request(_pack)
