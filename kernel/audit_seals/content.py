"""What is hashed of an entry, and how a hash follows from the one before. Pure: whoever has an export can do the same.

The words of an entry are one line of JSON: keys in alphabetical order, no spaces, everything beyond ASCII escaped, and
the moment in UTC with six decimals. Its own hash is SHA-256 over that line. The seal is SHA-256 over the seal before,
a line end, and that hash; before the first one stand sixty-four zeros.
"""

import hashlib
import json
from datetime import UTC, datetime

from kernel.database import JsonObject

BEFORE_THE_FIRST = "0" * 64


def canonical_words(
    *,
    entry_id: int,
    happened_at: datetime,
    actor_account_id: int | None,
    action: str,
    subject_type: str,
    subject_id: str,
    detail: JsonObject,
) -> str:
    """An entry as the one line that is hashed."""
    said = {
        "action": action,
        "actor_account_id": actor_account_id,
        "detail": detail,
        "happened_at": happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "id": entry_id,
        "subject_id": subject_id,
        "subject_type": subject_type,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def content_hash(words: str) -> str:
    """The hash of an entry by itself, in hexadecimal."""
    return hashlib.sha256(words.encode("ascii")).hexdigest()


def seal_hash(before: str, content: str) -> str:
    """The hash that chains an entry to the one before, in hexadecimal."""
    return hashlib.sha256(f"{before}\n{content}".encode("ascii")).hexdigest()
