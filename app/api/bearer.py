"""Whose request it is, and how many of them are answered."""

import hashlib
from http import HTTPStatus

from flask import Response, request

from app.api.document import PARAMETERS_OF
from app.api.problems import Refused
from app.platform.extensions import db, limiter, visitor_address
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.api_tokens.tokens import Bearer, find_bearer, has_stopped, is_use_due, note_used

ANSWERED, WRONG = "120 per minute", "30 per minute"
LONGEST_SECRET = 100
ASK = {"WWW-Authenticate": 'Bearer realm="Common Ground"'}
NO_TOKEN = "Send a token in the header Authorization: Bearer cg_…"  # noqa: S105 - a sentence
WRONG_TOKEN = "This token does not exist, was revoked, or its last day is over"  # noqa: S105 - a sentence
STOPPED = (
    "This token has stopped: whoever made it may not see these figures any more. "
    "Ask somebody who leads HR at the authority to make another"
)
INVALID = {"WWW-Authenticate": f'{ASK["WWW-Authenticate"]}, error="invalid_token"'}


def _secret() -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip()[:LONGEST_SECRET] if kind.lower() == "bearer" else ""


def _whose() -> str:
    # Counted under a hash: the store of the limits is not trusted with what opens the figures.
    secret = _secret()
    return hashlib.sha256(secret.encode()).hexdigest() if secret else visitor_address()


def _was_refused(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNAUTHORIZED


answered = limiter.shared_limit(ANSWERED, scope="api", key_func=_whose)
guessed = limiter.shared_limit(WRONG, scope="api-guesses", key_func=visitor_address, deduct_when=_was_refused)


def bearer_of(slug: str) -> Bearer:
    """The token of this request, for the authority in its address. Raises ``Refused``, ``NotFound`` for another
    authority’s address, and ``RuleBroken`` for a parameter that would not be read."""
    secret, session, now = _secret(), db.session(), utc_now()
    if not secret:
        raise Refused(HTTPStatus.UNAUTHORIZED, NO_TOKEN, headers=ASK)
    found = find_bearer(session, secret, now=now)
    if found is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, WRONG_TOKEN, headers=INVALID)
    if has_stopped(session, found, now=now):
        raise Refused(HTTPStatus.UNAUTHORIZED, STOPPED, headers=INVALID)
    if found.slug != slug:
        raise NotFound(f"authority {slug} for token {found.token_id}")
    if is_use_due(session, found, now=now):
        with unit_of_work() as work:
            note_used(work.session, found, now=now)
    _check_parameters()
    return found


def _check_parameters() -> None:
    """A parameter that is misspelled, empty or there twice is refused: left unread, it would give other figures than
    were asked for, and no program would notice."""
    known = PARAMETERS_OF[(request.endpoint or "").rpartition(".")[2].partition("_")[0]]
    for name, values in request.args.lists():
        if name not in known:
            others = ", ".join(known) or "none"
            raise RuleBroken(f"There is no parameter “{name}” here, only: {others}", field=name)
        if len(values) > 1:
            raise RuleBroken(f"“{name}” stands there {len(values)} times, and is read once", field=name)
        if not values[0].strip("\x00 "):
            raise RuleBroken(f"“{name}” is empty. Leave it out, or say what it is", field=name)
