"""What the hashes of codes that prove mobile numbers are made with."""

from flask import current_app


def code_key() -> bytes:
    """What the hashes of codes are made with, beside the code."""
    return str(current_app.config["SECRET_KEY"]).encode()
