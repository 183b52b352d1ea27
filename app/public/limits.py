"""How often anybody may check. What is unknown counts far more: a whole HR team sits behind one address."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar, cast

from flask import Response

from app.platform.current_settings import current_settings
from app.platform.extensions import limiter

View = TypeVar("View", bound=Callable[..., object])
# Numbers, links and files are counted together.
_CHECKS, _UNKNOWN = "checks", "unknown"


def slowed_down(view: View) -> View:
    """A page that checks something, by address."""
    guessing = limiter.shared_limit(_unknown_limit, scope=_UNKNOWN, deduct_when=_was_unknown)
    checking = limiter.shared_limit(_check_limit, scope=_CHECKS)
    return cast(View, guessing(checking(view)))


def slowed_down_posts(view: View) -> View:
    """A page that checks what is posted to it."""
    return cast(View, limiter.shared_limit(_check_limit, scope=_CHECKS, methods=["POST"])(view))


def _unknown_limit() -> str:
    return current_settings().verify_limit


def _check_limit() -> str:
    return current_settings().verify_address_limit


def _was_unknown(response: Response) -> bool:
    return response.status_code == HTTPStatus.NOT_FOUND
