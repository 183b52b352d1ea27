"""The Message-ID of a mail: which message it is, sealed, so that a report about it can be told from a forged one."""

import hmac
import re

from flask import current_app

from messages.ledger import Message

_PARTS = re.compile(r"<([a-z-]+-(\d{1,12})-\d{1,12})\.([0-9a-f]{16})@[^@<>]+>")


def message_id_of(message: Message, host: str) -> str:
    """The same each time that the message is sent."""
    words = f"{message.kind}-{message.id}-{int(message.noted_at.timestamp())}"
    return f"<{words}.{_seal(words)}@{host}>"


def find_message_id(header: str) -> int | None:
    """The id of the message that a Message-ID names; ``None`` for one that we have not made."""
    found = _PARTS.fullmatch(header)
    if found is None or not hmac.compare_digest(_seal(found.group(1)), found.group(3)):
        return None
    return int(found.group(2))


def _seal(words: str) -> str:
    """Sixty-four bits that nobody without our key can guess; longer ones would not fit into the line of a header."""
    key = f"message-id {current_app.config['SECRET_KEY']}".encode()
    return hmac.new(key, words.encode(), "sha256").hexdigest()[:16]
