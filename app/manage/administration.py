"""The page from which an admin reaches everything that is not a course."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.access import allow
from people.roles import Role


@dataclass(frozen=True)
class Desk:
    """A page of the administration: its name, its endpoint, and in a sentence what is done there."""

    name: str
    endpoint: str
    words: str


DESKS = {
    "Certificates": (
        Desk(
            "Certificate queue",
            "manage.certificate_queue",
            "See what waits, what failed and why. Find a certificate, issue it anew or revoke it.",
        ),
        Desk(
            "Certificate looks",
            "manage.certificate_looks",
            "Choose each authority’s design, colours, logo, words and who signs.",
        ),
        Desk(
            "Certificates by the thousand",
            "manage.certificates_by_the_thousand",
            "Issue certificates to people whose completion was imported, replace faulty ones, download a zip.",
        ),
    ),
    "People": (
        Desk("Messages by email", "manage.messages", "See what was mailed, what could not be sent and why."),
        Desk("Quiz tries", "manage.quiz_tries", "Give somebody another try at a quiz, or answer their request."),
        Desk("Ratings", "manage.ratings", "See what people say about themselves, never who said it."),
    ),
    "Words": (
        Desk(
            "Local wording",
            "manage.local_texts",
            "Set each authority’s routes and contacts, as its people read them.",
        ),
        Desk("Facts", "manage.facts", "See which facts of the courses are due for another look."),
    ),
}


@allow(Role.ADMIN)
def administration() -> str:
    """Every desk by its subject."""
    return render_template("manage/administration.html", desks=DESKS)


@allow(Role.ADMIN)
def certificates_by_the_thousand() -> Response:
    """The way to the desk of every authority; its page leads to each of them."""
    return redirect(url_for("council.certificates", slug="every-authority"))
