"""The way from an admin’s pages to what people say about themselves: the figures of the first authority."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow
from app.platform.extensions import db
from kernel.errors import NotFound
from people.organisations import organisations
from people.roles import Role


@allow(Role.ADMIN)
def ratings() -> Response:
    """The first authority; its page leads to the others."""
    found = organisations(db.session())
    if not found:
        raise NotFound("an authority")
    return redirect(url_for("council.ratings", slug=found[0].slug))
