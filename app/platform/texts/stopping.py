"""The address in each text by which texts are stopped: short, because every sign of a text is paid for."""

import hmac
from base64 import b32encode

from flask import current_app

from app.platform.mail.rendering import page_url

_MARK = 10  # fifty bits


def stop_url(text_id: int) -> str:
    """The address that stops the texts to whoever got this one."""
    return page_url(f"/t/{text_id}-{_mark(text_id)}")


def find_text_id(token: str) -> int | None:
    """Which text such an address stood in; ``None`` for one that is not ours."""
    number, _, mark = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return None
    # Phones may write an address with capitals.
    return int(number) if hmac.compare_digest(_mark(int(number)).encode(), mark.lower().encode()) else None


def _mark(text_id: int) -> str:
    key = f"stop-texts {current_app.config['SECRET_KEY']}".encode()
    return b32encode(hmac.new(key, str(text_id).encode(), "sha256").digest()).decode("ascii")[:_MARK].lower()
