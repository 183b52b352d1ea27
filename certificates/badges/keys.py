"""The key that signs badges: Ed25519, as PKCS #8 in PEM. Nothing here needs a library of cryptography."""

import secrets
from base64 import b64decode, b64encode

# RFC 8410, section 7: everything in the file but the 32 random bytes, which are the whole key.
_PREFIX = bytes.fromhex("302e020100300506032b657004220420")
_LENGTH = 32
_BEGIN, _END = (f"-----{word} PRIVATE KEY-----" for word in ("BEGIN", "END"))
DEMO_MARK = "Demo key: unfit for production"


class BadKey(Exception):
    """The file holds no key that can sign badges; the text says why."""


def new_key(*, is_demo: bool = False) -> str:
    """A fresh key as a PEM file. The demo's says that it is the demo's."""
    body = b64encode(_PREFIX + secrets.token_bytes(_LENGTH)).decode("ascii")
    mark = f"{DEMO_MARK}\n" if is_demo else ""
    return f"{mark}{_BEGIN}\n{body}\n{_END}\n"


def checked_key(text: str) -> bytes:
    """The PEM of an Ed25519 key, without anything around it. Raises ``BadKey``."""
    _, begin, rest = text.partition(_BEGIN)
    body, end, _ = rest.partition(_END)
    if not begin or not end:
        raise BadKey("it is not a private key in PEM")
    try:
        der = b64decode("".join(body.split()), validate=True)
    except ValueError:
        raise BadKey("its PEM is damaged") from None
    if not der.startswith(_PREFIX) or len(der) != len(_PREFIX) + _LENGTH:
        raise BadKey("it is not an Ed25519 key without a password")
    return f"{_BEGIN}{body}{_END}\n".encode("ascii")


def is_demo_key(text: str) -> bool:
    """Whether this key was made for the demo."""
    return DEMO_MARK in text
