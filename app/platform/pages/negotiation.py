"""Whether a page or a few values are asked for (content negotiation, RFC 9110, section 12)."""

from flask import request


def wants_json() -> bool:
    """Whether a script asks, and not a person’s browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
