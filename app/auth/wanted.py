"""The page that somebody wanted before they had to sign in."""

from urllib.parse import urlsplit

from flask import request


def wanted_page() -> str | None:
    """The page asked for before sign-in, if it is one of ours: never an address that leads elsewhere."""
    wanted = request.args.get("next", "")
    try:
        parts = urlsplit(wanted)
    except ValueError:  # a bracket in the place of a host: //[
        return None
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_ours and not parts.scheme and not parts.netloc else None
