"""Closed by default: every page says who may open it, and the application does not start if one forgot.

``@public``, ``@signed_in`` and ``@allow(Role…)`` say who; what a person may *see* is decided by the queries.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar, cast
from wsgiref.types import WSGIEnvironment

from flask import Flask, abort, current_app, g, jsonify, make_response, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.platform.current_settings import current_settings
from app.platform.extensions import db, login_manager
from app.platform.pages import unsent
from app.platform.pages.negotiation import wants_json
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.roles import Role, SignedInPerson, find_signed_in
from people.sessions import BegunSession, note_seen
from people.sessions import end_session as end_stored_session

View = TypeVar("View", bound=Callable[..., object])
MARK = "may_open"  # on a view: who may open its page
PUBLIC = "public"
SIGNED_IN = "signed-in"
SIGNED_OUT = "you have been signed out. Your words stay here: save them with the button, and sign in"
KEEP_EVERY_SECONDS = 600
KEPT_AT = "kept_at"  # in the session: when its cookie was last written
LAST = "last_account"  # in the session, also after it has ended: who was signed in here last


class RouteWithoutAccess(Exception):
    """A route whose view does not say who may open it."""


class SignedInUser(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """What Flask-Login holds: the signed-in person, under the secret of a session that one sign-out ends."""

    def __init__(self, person: SignedInPerson, secret: str, now: datetime) -> None:
        self.person = person
        self.secret = secret
        self.seen_at = now

    def get_id(self) -> str:
        return self.secret


def public(view: View) -> View:
    """Anybody may open this page."""
    return _marked(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody with an account may open this page."""
    return _marked(view, SIGNED_IN)


def allow(*roles: Role) -> Callable[[View], View]:
    """Only holders of one of these roles may open this page; for others it does not exist."""
    return partial(_marked, rule=frozenset(roles))


def _marked(view: View, rule: object) -> View:
    setattr(view, MARK, rule)
    return view


def who() -> SignedInPerson:
    """The person at the keyboard; only for pages that ask people to sign in."""
    return cast(SignedInUser, current_user).person


def find_signed_in_person() -> SignedInPerson | None:
    """The person at the keyboard, or ``None`` when nobody is signed in."""
    return who() if current_user.is_authenticated else None


def longest_session() -> timedelta:
    """How long a session may last, however busy it is."""
    return timedelta(days=current_settings().session_days)


def unused_for() -> timedelta:
    """How long a session may go unused; it is noted as used every ``KEEP_EVERY_SECONDS``."""
    return timedelta(hours=current_settings().session_hours, seconds=KEEP_EVERY_SECONDS)


def start_session(begun: BegunSession) -> None:
    """Let this browser hold a session that has begun; what it held before is dropped, so none can be planted."""
    user = _load(begun.secret)
    if user is None:
        abort(403)
    _clear_session()
    session.permanent = True
    session[KEPT_AT] = int(utc_now().timestamp())
    session[LAST] = begun.account_id
    login_user(user)


def end_session() -> None:
    """End this browser's session here and on the server, so that a copy of its cookie opens nothing either."""
    person = find_signed_in_person()
    if person is not None:
        with unit_of_work() as work:
            end_stored_session(work.session, account_id=person.account_id, session_id=person.session_id, now=utc_now())
    logout_user()
    _clear_session()


def _clear_session() -> None:
    """Drop what this browser holds. The key to what somebody typed stays: it opens that for them alone."""
    kept = {name: session[name] for name in (unsent.COOKIE, LAST) if name in session}
    session.clear()
    session.update(kept)


def init_app(app: Flask) -> None:
    """Let nobody open a page, except as the page itself says."""
    app.before_request(_check)
    login_manager.user_loader(_load)
    login_manager.session_protection = (
        None  # the cookie is signed, short-lived and HttpOnly; addresses change on phones
    )


def ask_no_more_who() -> None:
    """Ask no more who is signed in, because the database, which knows, does not answer. Whoever is known stays."""
    g.is_person_unknown = True


def _load(secret: str) -> SignedInUser | None:
    if g.get("is_person_unknown"):
        return None
    now = utc_now()
    person = find_signed_in(db.session(), secret=secret, now=now, unused_for=unused_for())
    return SignedInUser(person, secret, now) if person else None


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # an unknown address: the 404 page is public
    rule = _rule_of(current_app, request.endpoint)
    if rule == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if request.method == "POST":
        unsent.note_sent()
    _keep_signed_in()
    if isinstance(rule, frozenset) and not any(who().has(role) for role in rule):
        abort(404)
    return None


def _ask_to_sign_in() -> Response:
    """The way to the page that was asked for. What was posted is kept for its owner, and said not to be saved."""
    if request.method == "GET":
        return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))
    if wants_json():
        return make_response(jsonify(error=SIGNED_OUT), 403)
    is_learner = request.blueprint == "learn"
    owner = unsent.owner_of_form() if is_learner else None
    is_kept = owner is not None and unsent.keep(owner)
    # With what was asked there: a list that was cut, or a few who were chosen, would be everybody without it.
    back = request.full_path.rstrip("?") if unsent.can_be_opened() else None
    whose = owner if owner is not None else session.get(LAST)
    token = None if whose is None else unsent.sign_owner(whose)
    unsaved = "kept" if is_kept else "answer" if is_learner else "form"
    return redirect(url_for("auth.sign_in", next=back, unsaved=unsaved, page_of=token))


def _keep_signed_in() -> None:
    """Whoever is busy stays signed in: the cookie is written anew, and the session noted as used, now and then."""
    now = cast(SignedInUser, current_user).seen_at
    seconds = int(now.timestamp())
    if seconds - session.get(KEPT_AT, 0) > KEEP_EVERY_SECONDS:
        session[KEPT_AT] = seconds
        with unit_of_work() as work:
            note_seen(work.session, session_id=who().session_id, now=now)


def is_public(app: Flask, endpoint: str) -> bool:
    """Whether anybody may open the page of an endpoint; an address of ours that does not exist is nobody's."""
    return endpoint in app.view_functions and _rule_of(app, endpoint) == PUBLIC


def may_be_signed_in(app: Flask, environ: WSGIEnvironment) -> bool:
    """Whether a request brings a cookie that we signed for somebody; the database may know that it is over."""
    found = app.session_interface.open_session(app, app.request_class(environ))
    return found is not None and "_user_id" in found


def _rule_of(app: Flask, endpoint: str) -> object:
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], MARK, None)


def check_every_route(app: Flask) -> None:
    """Raise ``RouteWithoutAccess`` naming every endpoint that forgot to say who may open it."""
    silent = sorted({r.endpoint for r in app.url_map.iter_rules() if _rule_of(app, r.endpoint) is None})
    if silent:
        raise RouteWithoutAccess(f"Say who may open: {', '.join(silent)}")
