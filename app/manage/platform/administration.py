"""The page from which an admin reaches everything: what needs a person first, then a search, then plain lists."""

from contextlib import suppress
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.manage.platform.needs import first_sentence, needs_now, waiting_now
from app.platform.access import allow
from app.platform.extensions import db
from certificates.making.queue_status import get_any_certificate
from certificates.record.numbers import numbers_in
from courses.catalogue.versions import current_versions
from kernel.clock import utc_now
from kernel.errors import NotFound
from kernel.typed import folded
from people.organisations import organisations
from people.roles import Role
from people.visibility import EVERY_AUTHORITY

LONGEST = 200


@dataclass(frozen=True)
class AdministrationPage:
    """A page of the administration: its name, its endpoint, and in a few words what is done there."""

    name: str
    endpoint: str
    words: str


PAGES = {
    "People": (
        AdministrationPage("People", "people.people", "Roles, one-time codes, accounts"),
        AdministrationPage("First sign-in", "manage.first_sign_in", "Sign-in cards and invitations"),
        AdministrationPage("HR files", "manage.hr_files", "Bring in people, see what it would change, undo"),
        AdministrationPage("Audit trail", "manage.audit", "Who did what, when and about whom"),
    ),
    "Courses": (
        AdministrationPage("Courses", "manage.courses", "Publish, preview, compare versions"),
        AdministrationPage("Facts", "manage.facts", "Which are due for another look"),
        AdministrationPage("Local wording", "manage.local_texts", "Routes and contacts of each authority"),
        AdministrationPage("Quiz tries", "manage.quiz_tries", "Give another try, or answer a request"),
    ),
    "Certificates": (
        AdministrationPage("Certificate queue", "manage.certificate_queue", "Waiting and failed; find one, revoke it"),
        AdministrationPage("Certificate looks", "manage.certificate_looks", "Design, colours, logo and who signs"),
        AdministrationPage("Issue certificates", "manage.certificates_for_many", "Issue or replace many at once, zips"),
    ),
    "Messages": (
        AdministrationPage("Messages by email and text", "manage.messages", "What was sent, and what could not be"),
        AdministrationPage("Addresses and numbers that did not work", "people.addresses", "Mail that came back"),
    ),
    "Authorities": (
        AdministrationPage("Figures of every authority", "region.authorities", "Side by side, or one by one"),
        AdministrationPage("What is asked", "requirements.requirements", "Which courses, of whom, and by when"),
        AdministrationPage("Structure", "manage.structure", "Units on any day, and reorganisations"),
        AdministrationPage("Past learning", "manage.past_learning", "What people completed before"),
        AdministrationPage("Ratings", "manage.ratings", "What people say about themselves, never who"),
    ),
    "This site": (
        AdministrationPage("Work that has stopped", "manage.parked", "What could not be done and why; try again"),
        AdministrationPage("Nightly counts", "manage.counts", "Whether figures and explanations agree"),
        AdministrationPage("How long things are kept", "manage.retention", "After how many months records go"),
    ),
}


@allow(Role.ADMIN)
def administration() -> str:
    """What needs a person, and every page by its subject."""
    session, now = db.session(), utc_now()
    needs = needs_now(session, now=now)
    return render_template(
        "manage/administration.html",
        pages=PAGES,
        needs=needs,
        sentence=first_sentence(needs),
        waiting=waiting_now(session),
        now=now,
    )


@allow(Role.ADMIN)
def found() -> str | Response:
    """A certificate by its number, and pages and courses by their words. What fits none of them is a person."""
    session, typed = db.session(), request.args.get("q", "").strip()[:LONGEST]
    words = folded(typed).split()
    if not words:
        return redirect(url_for("manage.administration"))
    for number in numbers_in(typed):
        with suppress(NotFound):
            known = get_any_certificate(session, certificate_number=number)
            return redirect(url_for("manage.certificate", certificate_number=known.number))
    pages = [one for of_subject in PAGES.values() for one in of_subject if _fits(words, f"{one.name} {one.words}")]
    courses = [
        (version.title, course.slug) for course, version in current_versions(session) if _fits(words, version.title)
    ]
    if not pages and not courses:
        return redirect(url_for("people.people", name=typed))
    return render_template("manage/found.html", typed=typed, pages=pages, courses=courses)


def _fits(words: list[str], text: str) -> bool:
    """Whether each word is part of the text, in any order."""
    return all(word in folded(text) for word in words)


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
