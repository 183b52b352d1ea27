"""Pages that take small files refuse large ones, and hold the small ones in memory only."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, TypeVar

from flask import Flask, Request, current_app, request

IN_MEMORY_MEGABYTES = 8
View = TypeVar("View", bound=Callable[..., object])


class CarefulRequest(Request):
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
    """The whole request to this page may have so many MiB."""

    def mark(view: View) -> View:
        view.most_megabytes = megabytes  # type: ignore[attr-defined]
        return view

    return mark


def most_megabytes() -> int:
    """How large a request to the present page may be, in MiB."""
    view = current_app.view_functions.get(request.endpoint or "")
    found: int = getattr(view, "most_megabytes", current_app.config["SETTINGS"].max_upload_mb)
    return found


def _limit() -> None:
    # Before the form token is looked at: that reads the whole body. Werkzeug then refuses by Content-Length, and
    # while reading where a client gives none.
    request.max_content_length = most_megabytes() * 1024 * 1024


def init_app(app: Flask) -> None:
    """Hold every request to the limit of its page. Goes before anything that reads forms."""
    app.request_class = CarefulRequest
    app.before_request(_limit)
