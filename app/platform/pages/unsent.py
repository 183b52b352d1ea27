"""What somebody typed is not lost when they were signed out meanwhile, and is shown to nobody else.

A form says whose page it is, signed. When its session is over, its fields are kept for an hour: in the database, sealed
with a key that stands in this browser’s cookie alone. When the same person signs in here, their page shows them again.
Whatever is not kept, or not shown again, is said not to be saved.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, current_app, flash, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.unsent_forms import KEPT_FOR, forget_unsent, keep_unsent, unsent_forms

COOKIE = "unsent_forms"  # in the session: the key to what was typed in this browser, and which forms it opens
PAGE_OF = "page_of"
KEPT = "is_kept_when_signed_out"  # on a view: its page shows again what was typed
MOST_CHARACTERS, MOST_FORMS, LONGEST_PATH = 50_000, 8, 300  # the cookie has room for no more forms
NOT_SAVED = "Your last answer was not saved"
STILL_HERE = f"{NOT_SAVED}, because you were signed out. It is still here: look at it, and press its button again."
ELSEWHERE = Markup(
    "What you typed on another page was not saved either, and is still there. "
    '<a class="govuk-notification-banner__link" href="{}">Open that page and save it</a>'
)
FLASHES = "_flashes"  # where Flask keeps what the next page says
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class Unsent:
    """A form that was not sent: what would have taken it, with the parts of its address, and its fields."""

    endpoint: str
    arguments: dict[str, Any]
    fields: MultiDict[str, str]


@dataclass(frozen=True)
class _Held:
    """What this browser knows of a form that waits: its row, its address, whose it is, and the second it was kept."""

    id: int
    path: str
    owner: int
    kept_at: int


def kept_when_signed_out(view: View) -> View:
    """What is posted to this view is kept, because its page looks for it with ``find``."""
    setattr(view, KEPT, True)
    return view


def page_of() -> Markup:
    """The hidden field that says whose page a form stands on."""
    token = sign_owner(current_user.person.account_id) if current_user.is_authenticated else ""
    return Markup('<input type="hidden" name="{}" value="{}">').format(PAGE_OF, token)


def owner_of_form() -> int | None:
    """The account on whose page the posted form stood; ``None`` for a form that does not say it, or is made up."""
    return _signed_owner(request.form.get(PAGE_OF, ""))


def owner_in_address() -> int | None:
    """The account whose form led to the page for signing in; ``None`` where nobody knows."""
    return _signed_owner(request.args.get(PAGE_OF, ""))


def sign_owner(account_id: int) -> str:
    """An account, so that a browser can carry it and not change it."""
    written: str = _signer().dumps(account_id)
    return written


def _signed_owner(written: str) -> int | None:
    try:
        owner = _signer().loads(written)
    except BadData:
        return None
    return owner if isinstance(owner, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="page-of")


def can_be_opened() -> bool:
    """Whether the address that was posted to is also one to open, so that somebody can come back to it."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(request.path, method="GET")


def keep(owner: int) -> bool:
    """Keep the posted form for its owner, if its page shows it again and there is room for it; says whether."""
    fields = {name: request.form.getlist(name) for name in request.form if name not in {"csrf_token", PAGE_OF}}
    # As it was typed: the other way, an emoji would count as twelve characters.
    written = json.dumps([request.endpoint, request.view_args, fields], default=_parts, ensure_ascii=False)
    held, key = _held(), session.get(COOKIE, {}).get("key") or Fernet.generate_key().decode()
    is_shown_again = hasattr(current_app.view_functions.get(request.endpoint or ""), KEPT)
    if not is_shown_again or len(written) > MOST_CHARACTERS or len(request.path) > LONGEST_PATH:
        return False
    now = utc_now()
    with unit_of_work() as work:
        ids = [one.id for one in held if one.owner == owner]
        kept = unsent_forms(work.session, form_ids=ids, account_id=owner, now=now)
        if written in (_opened(sealed, key) for sealed in kept):
            return True
        if len(held) >= MOST_FORMS:
            return False
        sealed = Fernet(key).encrypt(written.encode(errors="replace"))
        form_id = keep_unsent(work.session, account_id=owner, sealed=sealed, now=now)
    _hold([*held, _Held(form_id, request.path, owner, int(now.timestamp()))], key)
    return True


def _parts(value: object) -> object:
    return vars(value)  # the address of a screen stands in one value


def _held() -> list[_Held]:
    """The forms to which this browser holds the key and whose hour is not over, the oldest first."""
    oldest = int((utc_now() - KEPT_FOR).timestamp())
    forms = (_Held(**one) for one in session.get(COOKIE, {}).get("forms", []))
    return [one for one in forms if one.kept_at > oldest]


def _hold(forms: list[_Held], key: str) -> None:
    if forms:
        session[COOKIE] = {"key": key, "forms": [asdict(one) for one in forms]}
    else:
        del session[COOKIE]


def _opened(sealed: bytes, key: str) -> str | None:
    try:
        return Fernet(key).decrypt(sealed).decode()
    except (InvalidToken, ValueError):
        return None


def find(database: Session, *endpoints: str, account_id: int, **arguments: object) -> Unsent | None:
    """What this person typed last in a form of one of these endpoints whose address has these parts."""
    ids = [one.id for one in _held() if one.owner == account_id]
    if not ids:
        return None
    for sealed in unsent_forms(database, form_ids=ids, account_id=account_id, now=utc_now()):
        written = _opened(sealed, session[COOKIE]["key"])
        endpoint, parts, fields = json.loads(written) if written else ("", {}, {})
        if endpoint in endpoints and arguments.items() <= parts.items():
            return Unsent(endpoint, parts, MultiDict(fields))
    return None


def say_not_saved(what: str = NOT_SAVED, *, is_kept: bool) -> None:
    """Say on the next page that something was not saved; it can say better if it shows what was kept."""
    flash(what if is_kept else f"{what}. You can send it again", "important")


def say_still_here() -> None:
    """Say that what was not saved stands on this page, instead of saying only that it was not saved."""
    session[FLASHES] = [one for one in session.get(FLASHES, []) if one[1] != NOT_SAVED]
    flash(STILL_HERE, "important")


def say_what_waits(account_id: int, *, besides: str | None) -> None:
    """Say on which other pages something that this person typed is still waiting."""
    for path in dict.fromkeys(one.path for one in _held() if one.owner == account_id and one.path != besides):
        flash(ELSEWHERE.format(path), "important")


def note_sent() -> None:
    """The same form is sent again by somebody who is signed in: what was shown of it is not wanted any more."""
    held = _held() if COOKIE in session else []
    sent = [one for one in held if one.path == request.path and one.owner == current_user.person.account_id]
    if sent:
        _hold([one for one in held if one != sent[-1]], session[COOKIE]["key"])
        with unit_of_work() as work:
            forget_unsent(work.session, form_id=sent[-1].id)


def init_app(app: Flask) -> None:
    """Let every form say whose page it stands on."""
    app.jinja_env.globals["page_of"] = page_of
