"""Plain pages: support, accessibility, privacy."""

from flask import render_template

from app.platform.access import find_signed_in_person, public
from app.platform.extensions import db
from courses.catalogue.local_wording import LocalWordingSource, local_wording_of, local_wording_source_of
from courses.content.model.local_wording import token_values
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
    local_wording = _local_wording()
    own = (
        local_wording_of(db.session(), organisation_id=local_wording.organisation_id)
        if local_wording.organisation_id
        else {}
    )
    words = token_values({}, organisation_slug=local_wording.slug, local_wording=own)
    return render_template(
        "public/support.html", words=words, own=own, has_area=local_wording.organisation_id is not None
    )


def _local_wording() -> LocalWordingSource:
    """Where the visitor works; nowhere for somebody who is not signed in."""
    visitor = find_signed_in_person()
    if visitor is None:
        return LocalWordingSource(None, None, 0)
    return local_wording_source_of(db.session(), person_id=visitor.person_id, on=local_day(utc_now()))
