"""Every way in which a page can fail, as a page that says what to do next."""

from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.platform.access import ask_no_more_who, find_signed_in_person
from app.platform.extensions import db, limiter
from app.platform.pages import unsent
from app.platform.pages.database_problems import is_passing
from app.platform.pages.negotiation import wants_json
from app.platform.pages.upload_limits import most_megabytes
from courses.taking.screens import NotOpen
from kernel.clock import utc_now
from kernel.errors import FileChanged, FileMissing, NotFound, RuleBroken, StorageError

PAGES = frozenset({400, 403, 404, 405, 408, 413, 429, 500, 503})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
AWAY_SECONDS = 30
DOES_NOT_FIT = "Something that was sent is too long, too large or not written in letters and figures that we can keep."
SIGNED_IN_ANEW = "you have signed in again since you opened this page. Save with the button, and look at it once more"
SOMEBODY_ELSE = "somebody else has signed in in this browser. Your words stay here until this page is closed"
Page = tuple[str, int]


def _page(status: int, **values: object) -> Page:
    return render_template(f"errors/{status}.html", **values), status


def _not_found(_problem: NotFound) -> Page:
    return _page(404)


def _not_open(problem: NotOpen) -> Page:
    return render_template("errors/not_open.html", message=problem.message, **(request.view_args or {})), 409


def _rule_broken(problem: RuleBroken) -> Page:
    return render_template("errors/refused.html", message=problem.message), 422


def _form_expired(_problem: CSRFError) -> Page | Response:
    """A form from before its session ended. A learner’s words are kept for them, and shown to nobody else."""
    if request.endpoint == "auth.sign_in" and find_signed_in_person() is not None:
        return make_response(redirect(request.full_path))  # they have signed in in another tab: on they go
    person, owner = find_signed_in_person(), unsent.owner_of_form() if request.blueprint == "learn" else None
    is_own = person is not None and owner == person.account_id
    if wants_json():
        return make_response(jsonify(error=SIGNED_IN_ANEW if is_own or owner is None else SOMEBODY_ELSE), 403)
    is_kept = owner is not None and unsent.keep(owner)
    if is_own and unsent.can_be_opened():
        unsent.say_not_saved(is_kept=is_kept)
        return make_response(redirect(request.path))
    is_of_somebody_else = owner is not None and not is_own
    page = render_template("errors/form_expired.html", is_of_somebody_else=is_of_somebody_else, is_kept=is_kept)
    return page, 400


def _too_large(_problem: RequestEntityTooLarge) -> Page:
    return _page(413, limit_mb=most_megabytes())


def _too_many(_problem: RateLimitExceeded) -> Response:
    """When to try again, in words for people and in seconds for programs (RFC 9110, section 10.2.3)."""
    breached = limiter.current_limit
    now = int(utc_now().timestamp())
    seconds = max(1, breached.reset_at - now) if breached else 60
    answer = make_response(*_page(429, again_words=_again(seconds)))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _again(seconds: int) -> str:
    if seconds < 90:
        return f"in {seconds} second{'s' if seconds != 1 else ''}"
    return f"in {-(-seconds // 60)} minutes"


def _storage_down(problem: StorageError) -> Response:
    current_app.logger.error("Storage failed: %s", problem)
    return _again_later(_page(503, is_unsaved=False))


def _again_later(page: Page) -> Response:
    answer = make_response(*page)
    answer.headers["Retry-After"] = str(AWAY_SECONDS)
    return answer


def _database_failed(problem: DBAPIError | NoFreeConnection) -> Response | Page:
    """One that restarts, or is too busy, is no fault of the page: it answers again soon. Everything else is a fault."""
    if not is_passing(problem):
        return _broken(problem)
    current_app.logger.error("The database did not answer: %s", problem)
    db.session.rollback()
    ask_no_more_who()  # the page itself would, for its first lines
    return _again_later(_page(503, is_unsaved=request.method not in READING))


def _does_not_fit(problem: DataError) -> Response | Page:
    """The last net: what got past the reading of addresses and forms, and no column can hold."""
    current_app.logger.error("A value did not fit the database", exc_info=problem)
    db.session.rollback()
    if request.method in READING:
        return _page(404)
    if wants_json():
        return make_response(jsonify(error=DOES_NOT_FIT), HTTPStatus.UNPROCESSABLE_ENTITY)
    return render_template("errors/refused.html", message=DOES_NOT_FIT), HTTPStatus.UNPROCESSABLE_ENTITY


def _file_lost(problem: StorageError) -> Page:
    current_app.logger.error("A file was not handed out: %s", problem)
    return render_template("errors/file_lost.html"), 503


def other(problem: HTTPException) -> Page:
    """The page of a failure that has no words of its own."""
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
    app.register_error_handler(DBAPIError, _database_failed)
    app.register_error_handler(NoFreeConnection, _database_failed)
    app.register_error_handler(DataError, _does_not_fit)
    app.register_error_handler(HTTPException, other)
    app.register_error_handler(500, _broken)
