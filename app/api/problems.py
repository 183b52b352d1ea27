"""What went wrong, for programs: RFC 9457, problem details as JSON."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, json, request
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.platform.access import public
from app.platform.extensions import db, limiter
from app.platform.pages.database_problems import is_passing
from app.platform.pages.errors import Page, other
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken

BELOW = "/api/"
PROBLEM = "application/problem+json"
AWAY_SECONDS = 30
NOT_HERE = "There is nothing here for this token. Look at /api/v1/openapi.json for the addresses"


class Refused(Exception):
    """A request that is not answered, with its status and a sentence."""

    def __init__(self, status: HTTPStatus, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, parameter: str | None = None
) -> Response:
    """A problem as its response; ``parameter`` is the one at fault."""
    found = HTTPStatus(status)
    said: dict[str, object] = {"type": "about:blank", "title": found.phrase, "status": int(found), "detail": detail}
    if parameter:
        said["parameter"] = parameter
    answer = Response(json.dumps(said), status=int(found), content_type=PROBLEM)
    answer.headers.update(headers or {})
    return answer


@public
def nothing_here(rest: str) -> Response:  # noqa: ARG001 - the argument of the route
    """Every other address below /api."""
    return problem(HTTPStatus.NOT_FOUND, NOT_HERE)


def _refused_method(found: MethodNotAllowed) -> Response | Page:
    """Which way an address may be asked is known before which part of the application has it."""
    if not request.path.startswith(BELOW):
        return other(found)
    words = "This API is for reading: only GET and HEAD are answered"
    return problem(HTTPStatus.METHOD_NOT_ALLOWED, words, headers={"Allow": "GET, HEAD, OPTIONS"})


def _refused(refusal: Refused) -> Response:
    return problem(refusal.status, refusal.detail, headers=refusal.headers)


def _not_found(_problem: NotFound) -> Response:
    return problem(HTTPStatus.NOT_FOUND, NOT_HERE)


def _rule_broken(broken: RuleBroken) -> Response:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, broken.message, parameter=broken.field)


def _too_many(_problem: RateLimitExceeded) -> Response:
    breached = limiter.current_limit
    seconds = max(1, breached.reset_at - int(utc_now().timestamp())) if breached else 60
    words = f"Too many requests. Try again in {seconds} seconds"
    return problem(HTTPStatus.TOO_MANY_REQUESTS, words, headers={"Retry-After": str(seconds)})


def _database(failed: DBAPIError | NoFreeConnection) -> Response:
    current_app.logger.error("The database did not answer", exc_info=failed)
    db.session.rollback()
    if not is_passing(failed):
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here. It is in our log")
    words = "The database does not answer just now"
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, words, headers={"Retry-After": str(AWAY_SECONDS)})


def _other(found: HTTPException) -> Response:
    return problem(found.code or 500, found.description or "The request cannot be answered")


def init_blueprint(blueprint: Blueprint) -> None:
    """Let every failure below the blueprint be a problem."""
    blueprint.register_error_handler(Refused, _refused)
    blueprint.register_error_handler(NotFound, _not_found)
    blueprint.register_error_handler(RuleBroken, _rule_broken)
    blueprint.register_error_handler(RateLimitExceeded, _too_many)
    blueprint.register_error_handler(DBAPIError, _database)
    blueprint.register_error_handler(NoFreeConnection, _database)
    blueprint.register_error_handler(HTTPException, _other)
    blueprint.app_errorhandler(MethodNotAllowed)(_refused_method)
