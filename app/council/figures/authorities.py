"""Whose figures: every authority that somebody may look at. Whoever may look at one is led on to it."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from people.roles import Role
from people.visibility import figures_authorities


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def authorities() -> str | Response:
    """The authorities by name."""
    mine = figures_authorities(db.session(), who())
    if not mine:
        abort(404)
    if len(mine) == 1:
        return redirect(url_for("council.overview", slug=mine[0].slug))
    return render_template("region/authorities.html", authorities=mine)
