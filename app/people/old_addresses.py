"""Where these pages stood until they had a room of their own: bookmarks go on leading there."""

from flask import redirect, request
from werkzeug.wrappers import Response

from app.platform.access import allow
from people.roles import Role


@allow(Role.ADMIN, Role.HR_LEAD)
def moved(rest: str = "") -> Response:
    """To the same page at its address of today."""
    asked = request.query_string.decode(errors="replace")
    return redirect(f"/people{rest and f'/{rest}'}{asked and f'?{asked}'}", 301)
