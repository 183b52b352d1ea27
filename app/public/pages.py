"""Plain pages: support, accessibility, privacy."""

from flask import render_template

from app.access import find_visitor, public
from app.extensions import db
from courses.content.tokens import values_for
from courses.local_text import Locality, locality_of, overrides_of
from kernel.clock import local_day, utc_now


@public
def accessibility() -> str:
    """The accessibility statement that the 2018 regulations ask for."""
    return render_template("public/accessibility.html")


@public
def privacy() -> str:
    """Who sees what."""
    return render_template("public/privacy.html")


@public
def support() -> str:
    """Where to turn when something here is hard to read about, or has happened to you."""
    locality = _locality()
    own = overrides_of(db.session(), organisation_id=locality.organisation_id) if locality.organisation_id else {}
    words = values_for({}, organisation_slug=locality.slug, overrides=own)
    return render_template("public/support.html", words=words, own=own, has_area=locality.organisation_id is not None)


def _locality() -> Locality:
    """Where the visitor works; nowhere for somebody who is not signed in."""
    visitor = find_visitor()
    if visitor is None:
        return Locality(None, None, 0)
    return locality_of(db.session(), person_id=visitor.person_id, on=local_day(utc_now()))
