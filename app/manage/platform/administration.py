"""The page from which an admin reaches everything that is not a course."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow
from app.platform.extensions import db
from app.platform.task_kinds import KINDS
from kernel.tasks.parked import count_parked
from people.organisations import organisations
from people.roles import Role
from people.visibility import EVERY_AUTHORITY


@dataclass(frozen=True)
class AdministrationPage:
    """A page of the administration: its name, its endpoint, and in a sentence what is done there."""

    name: str
    endpoint: str
    words: str


PAGES = {
    "Certificates": (
        AdministrationPage(
            "Certificate queue",
            "manage.certificate_queue",
            "See what waits, what failed and why. Find a certificate, issue it anew or revoke it.",
        ),
        AdministrationPage(
            "Certificate looks",
            "manage.certificate_looks",
            "Choose each authority’s design, colours, logo, words and who signs.",
        ),
        AdministrationPage(
            "Issue certificates",
            "manage.certificates_for_many",
            "Issue certificates to people whose completion was imported, replace faulty ones, download a zip.",
        ),
    ),
    "People": (
        AdministrationPage(
            "People",
            "people.people",
            "Find a person, give or take a role, make a one-time code, add an account or switch one off.",
        ),
        AdministrationPage(
            "HR files",
            "manage.hr_files",
            "Bring in an authority’s list of people, see what it would change, and undo the last one.",
        ),
        AdministrationPage(
            "What is asked", "requirements.requirements", "Say which courses are asked of whom, and by when."
        ),
        AdministrationPage(
            "Past learning",
            "manage.past_learning",
            "Bring in what people completed before it was recorded here.",
        ),
        AdministrationPage(
            "Structure",
            "manage.structure",
            "See the units of each authority on any day, add one, and rename, move, merge or split them.",
        ),
        AdministrationPage(
            "First sign-in",
            "manage.first_sign_in",
            "See who has never signed in, and make sign-in cards and invitations for them.",
        ),
        AdministrationPage("Audit trail", "manage.audit", "See who did what, when and about whom."),
        AdministrationPage("How long things are kept", "manage.retention", "Say after how many months records go."),
        AdministrationPage(
            "Messages by email and text", "manage.messages", "See what was sent, what could not be sent and why."
        ),
        AdministrationPage(
            "Quiz tries", "manage.quiz_tries", "Give somebody another try at a quiz, or answer their request."
        ),
        AdministrationPage("Ratings", "manage.ratings", "See what people say about themselves, never who said it."),
    ),
    "The platform": (
        AdministrationPage(
            "Work that has stopped",
            "manage.parked",
            "See what the platform could not do and why, and have it tried again.",
        ),
        AdministrationPage(
            "Nightly counts",
            "manage.counts",
            "See whether figures and explanations say the same of everybody, and where not, why.",
        ),
    ),
    "Words": (
        AdministrationPage(
            "Local wording",
            "manage.local_texts",
            "Set each authority’s routes and contacts, as its people read them.",
        ),
        AdministrationPage("Facts", "manage.facts", "See which facts of the courses are due for another look."),
    ),
}


@allow(Role.ADMIN)
def administration() -> str:
    """Every page by its subject."""
    stopped = sum(count_parked(db.session(), KINDS).values())
    return render_template("manage/administration.html", pages=PAGES, stopped=stopped)


@allow(Role.ADMIN)
def certificates_for_many() -> Response:
    """The page for every authority at once, which leads to each of them."""
    return redirect(url_for("council.certificates", slug=EVERY_AUTHORITY))


@allow(Role.ADMIN)
def hr_files() -> Response:
    """The page of the first authority, which leads to the others. Without an authority there is nobody to load."""
    first = next(iter(organisations(db.session())), None)
    return redirect(url_for("council.feed", slug=first.slug) if first else url_for("manage.administration"))


@allow(Role.ADMIN)
def past_learning() -> Response:
    """The page of the first authority, which leads to the others. Without an authority there is nobody to bring in."""
    first = next(iter(organisations(db.session())), None)
    return redirect(url_for("council.history", slug=first.slug) if first else url_for("manage.administration"))


@allow(Role.ADMIN)
def structure() -> Response:
    """The page of the first authority, which leads to each other one."""
    first = next(iter(organisations(db.session())), None)
    return redirect(url_for("council.structure", slug=first.slug) if first else url_for("manage.administration"))


@allow(Role.ADMIN)
def first_sign_in() -> Response:
    """The page of the first authority, which leads to each other one."""
    first = next(iter(organisations(db.session())), None)
    if first is None:
        abort(404)
    return redirect(url_for("council.ways_in", slug=first.slug))
