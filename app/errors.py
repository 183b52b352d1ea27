"""Every way in which a page can fail, as a page that says what to do next."""

from flask import Flask, current_app, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.extensions import db
from app.upload_limits import most_megabytes
from courses.taking import NotOpen
from kernel.errors import FileChanged, FileMissing, NotFound, RuleBroken, StorageError

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})
Page = tuple[str, int]


def _page(status: int, **values: object) -> Page:
    return render_template(f"errors/{status}.html", **values), status


def _not_found(_problem: NotFound) -> Page:
    return _page(404)


def _not_open(problem: NotOpen) -> Page:
    return render_template("errors/not_open.html", message=problem.message, **(request.view_args or {})), 409


def _rule_broken(problem: RuleBroken) -> Page:
    return render_template("errors/refused.html", message=problem.message), 422


def _form_expired(_problem: CSRFError) -> Page:
    return render_template("errors/form_expired.html"), 400


def _too_large(_problem: RequestEntityTooLarge) -> Page:
    return _page(413, limit_mb=most_megabytes())


def _too_many(_problem: RateLimitExceeded) -> Page:
    return _page(429)


def _storage_down(problem: StorageError) -> Page:
    current_app.logger.error("Storage failed: %s", problem)
    return _page(503)


def _file_lost(problem: StorageError) -> Page:
    current_app.logger.error("A file was not handed out: %s", problem)
    return render_template("errors/file_lost.html"), 503


def _other(problem: HTTPException) -> Page:
    status = problem.code if problem.code in PAGES else 400
    return _page(status or 500)


def _broken(problem: Exception) -> Page:
    db.session.rollback()
    current_app.logger.exception("A page failed", exc_info=problem)
    return _page(500)


def init_app(app: Flask) -> None:
    """Give every failure its page."""
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(NotOpen, _not_open)
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(StorageError, _storage_down)
    app.register_error_handler(FileMissing, _file_lost)
    app.register_error_handler(FileChanged, _file_lost)
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(500, _broken)
