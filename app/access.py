"""Closed by default: every page says who may open it, and the application does not start if one forgot.

``@public``, ``@signed_in`` and ``@allow(Role…)`` say who; what a person may *see* is decided by the queries.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.extensions import db, login_manager
from kernel.clock import utc_now
from people.roles import Role, SignedInPerson, find_signed_in

View = TypeVar("View", bound=Callable[..., object])
PUBLIC = "public"
SIGNED_IN = "signed-in"
KEEP_EVERY_SECONDS = 600
KEPT_AT = "kept_at"  # in the session: when its cookie was last written


class RouteWithoutAccess(Exception):
    """A route whose view does not say who may open it."""


class Visitor(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds: the signed-in person, under the id ``account:epoch`` that one sign-out can end."""

    def __init__(self, person: SignedInPerson) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.account_id}:{self.person.session_epoch}"


def public(view: View) -> View:
    """Anybody may open this page."""
    view.may_open = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody with an account may open this page."""
    view.may_open = SIGNED_IN  # type: ignore[attr-defined]
    return view


def allow(*roles: Role) -> Callable[[View], View]:
    """Only holders of one of these roles may open this page; for others it does not exist."""

    def mark(view: View) -> View:
        view.may_open = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def who() -> SignedInPerson:
    """The person at the keyboard; only for pages that ask people to sign in."""
    return cast(Visitor, current_user).person


def find_visitor() -> SignedInPerson | None:
    """The person at the keyboard, or ``None`` when nobody is signed in."""
    return who() if current_user.is_authenticated else None


def enter(account_id: int) -> None:
    """Start a session for this account; what the browser held before is dropped, so no session can be planted."""
    person = find_signed_in(db.session(), account_id=account_id)
    if person is None:
        abort(403)
    session.clear()
    session.permanent = True
    login_user(Visitor(person))


def leave() -> None:
    """End this browser's session."""
    logout_user()
    session.clear()


def init_app(app: Flask) -> None:
    """Close every door, then open those that say so."""
    app.before_request(_check)
    login_manager.user_loader(_load)
    login_manager.session_protection = (
        None  # the cookie is signed, short-lived and HttpOnly; addresses change on phones
    )


def _load(identity: str) -> Visitor | None:
    account_id, _, epoch = identity.partition(":")
    if not account_id.isdigit():
        return None
    person = find_signed_in(db.session(), account_id=int(account_id))
    return Visitor(person) if person and str(person.session_epoch) == epoch else None


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # an unknown address: the 404 page is public
    rule = _rule_of(current_app, request.endpoint)
    if rule == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return redirect(
            url_for("auth.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
        )
    _keep_signed_in()
    if isinstance(rule, frozenset) and not any(who().has(role) for role in rule):
        abort(404)
    return None


def _keep_signed_in() -> None:
    """Whoever is busy stays signed in: the cookie is written anew, but not with every page."""
    now = int(utc_now().timestamp())
    if now - session.get(KEPT_AT, 0) > KEEP_EVERY_SECONDS:
        session[KEPT_AT] = now


def _rule_of(app: Flask, endpoint: str) -> object:
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "may_open", None)


def check_every_route(app: Flask) -> None:
    """Raise ``RouteWithoutAccess`` naming every endpoint that forgot to say who may open it."""
    silent = sorted({r.endpoint for r in app.url_map.iter_rules() if _rule_of(app, r.endpoint) is None})
    if silent:
        raise RouteWithoutAccess(f"Say who may open: {', '.join(silent)}")
