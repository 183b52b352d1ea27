"""How long a question was open before it was answered: a signed stamp goes out with the form and comes back.

It is for finding questions that are hard to read, and never for hurrying anybody: what cannot be known stays unknown.
"""

from datetime import datetime

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

LONGEST_SECONDS = 30 * 60
_A_DAY = 24 * 60 * 60


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="question-shown-at")


def stamp(now: datetime, *subject: object) -> str:
    """What a form carries: which question was shown, of which course and sitting, and when."""
    return str(_serializer().dumps([_words(subject), int(now.timestamp())]))


def seconds_since(token: str, now: datetime, *subject: object) -> int | None:
    """Seconds since the stamp, half an hour at most; ``None`` for no or another's stamp, and when a clock jumped."""
    try:
        stamped, shown_at = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    seconds = int(now.timestamp()) - shown_at
    return min(seconds, LONGEST_SECONDS) if stamped == _words(subject) and 0 <= seconds <= _A_DAY else None


def _words(subject: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in subject)
