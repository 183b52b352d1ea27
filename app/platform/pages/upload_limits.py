"""How much each page takes: a form, unless it says that it takes files. Small files are held in memory only."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, TypeVar
from wsgiref.types import WSGIEnvironment

from flask import Flask, abort, current_app, request
from werkzeug.exceptions import HTTPException

from app.platform.access import is_public, may_be_signed_in
from app.platform.input.bodies import REFUSED, BodyLimit
from app.platform.input.requests import CleanRequest

FORM_MEGABYTES = 2
IN_MEMORY_MEGABYTES = 8
MARK = "most_megabytes"  # on a view that takes files
BUNDLE = 0  # as many as the settings say
View = TypeVar("View", bound=Callable[..., object])


class SizeLimitedRequest(CleanRequest):
    """A request whose small files never touch a disk, not even in passing."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if most_megabytes() <= IN_MEMORY_MEGABYTES:
            return BytesIO()
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)


def takes_up_to(megabytes: int) -> Callable[[View], View]:
    """The whole request to this page may have so many MiB; ``BUNDLE``: as many as a course bundle."""

    def mark(view: View) -> View:
        setattr(view, MARK, megabytes)
        return view

    return mark


def most_megabytes() -> int:
    """How large a request to the present page may be, in MiB."""
    return _megabytes_of(current_app, request.endpoint or "")


def _megabytes_of(app: Flask, endpoint: str) -> int:
    found: int = getattr(app.view_functions.get(endpoint), MARK, FORM_MEGABYTES)
    return found or app.config["SETTINGS"].max_upload_mb


def body_limit(app: Flask, environ: WSGIEnvironment) -> BodyLimit:
    """What may be taken in for a request, before anybody has looked at it.

    Only pages for everybody take more than a form from a stranger. What a stranger sends to another page is not looked
    at: that page asks them to sign in.
    """
    try:
        endpoint, _ = app.url_map.bind_to_environ(environ).match()
    except HTTPException:
        endpoint = ""
    megabytes = _megabytes_of(app, endpoint)
    is_known = megabytes <= FORM_MEGABYTES or is_public(app, endpoint) or may_be_signed_in(app, environ)
    return BodyLimit(
        (megabytes if is_known else FORM_MEGABYTES) * 1024 * 1024,
        is_in_memory=megabytes <= IN_MEMORY_MEGABYTES,
        is_refused=is_known,
    )


def _limit() -> None:
    # Before the form token is looked at: that reads the whole body.
    request.max_content_length = most_megabytes() * 1024 * 1024
    if REFUSED in request.environ:
        abort(request.environ[REFUSED])


def init_app(app: Flask) -> None:
    """Hold every request to the limit of its page. Goes before anything that reads forms."""
    app.request_class = SizeLimitedRequest
    app.before_request(_limit)
