"""Certificates of an authority by the thousand: who may, what can be chosen, and the page where it all starts."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField

from app.access import allow, who
from app.extensions import db
from certificates.archives import ArchiveState, archives_of
from certificates.audiences import Audience
from certificates.runs import RunKind, RunState, runs_of
from courses.catalogue import current_versions
from kernel.errors import NotFound
from people.organisations import Unit, get_organisation, organisations, units_of
from people.roles import Role

EVERY = "every-authority"
NEWEST = 10
RUN_WORDS = {
    RunState.RUNNING: ("Under way", ""),
    RunState.PAUSED: ("Paused", "due"),
    RunState.CANCELLED: ("Cancelled", "quiet"),
    RunState.DONE: ("Done", "done"),
}
ARCHIVE_WORDS = {
    ArchiveState.PENDING: ("Waiting", "quiet"),
    ArchiveState.MAKING: ("Being made", ""),
    ArchiveState.READY: ("Ready", "done"),
    ArchiveState.FAILED: ("Failed", "due"),
    ArchiveState.GONE: ("Deleted", "quiet"),
    ArchiveState.CANCELLED: ("Cancelled", "quiet"),
}
KIND_WORDS = {RunKind.ISSUE: "Issue", RunKind.REISSUE: "Issue anew"}


@dataclass(frozen=True)
class Desk:
    """What this person has before them. ``organisation_id`` ``None`` is every authority, for admins only."""

    slug: str
    name: str
    organisation_id: int | None
    is_admin: bool


def open_desk(slug: str) -> Desk:
    """The authority, if its certificates are the person’s to look after. Raises ``NotFound``."""
    is_admin, scope = who().has(Role.ADMIN), who().scope_in(slug)
    if slug == EVERY and is_admin:
        return Desk(EVERY, "Every authority", None, is_admin=True)
    if not is_admin and (scope is None or scope.role is not Role.HR_LEAD):
        raise NotFound(f"certificates of {slug}")
    organisation = get_organisation(db.session(), slug=slug)
    return Desk(slug, organisation.name, organisation.id, is_admin)


class AudienceForm(FlaskForm):  # type: ignore[misc]
    """Which course, and which part of the authority. Sent by address, so that a preview can be kept and shared."""

    course = SelectField("Course", widget=GovSelect(), validate_choice=False)
    unit = SelectField(
        "Directorate, service or team",
        description="As it was called on the day on which somebody completed the course.",
        widget=GovSelect(),
        validate_choice=False,
    )
    imported = BooleanField(
        "Also give one to people whose completion was imported",
        description="They completed the course before it was here, and get no certificate by themselves.",
        widget=GovCheckboxInput(),
        false_values=("", "no", "false"),
    )


@dataclass(frozen=True)
class Chosen:
    """What a form asks for, in our terms and in words; ``sent`` leads back to it."""

    audience: Audience
    course_title: str
    unit: Unit | None
    takes_imported: bool
    sent: dict[str, Any]


def read_choice(session: Session, desk: Desk, *, needs_course: bool = True) -> tuple[AudienceForm, Chosen | None]:
    """The form as it was sent, and what it asks for; ``None`` while it asks for nothing or for what is not there."""
    sent = request.form if request.method == "POST" else request.args
    form = AudienceForm(formdata=sent, meta={"csrf": False})
    versions = {course.slug: (course, version) for course, version in current_versions(session)}
    units = {str(one.id): one for one in _units(session, desk)}
    form.course.choices = [
        ("", "Select a course" if needs_course else "Every course"),
        *((slug, version.title) for slug, (_, version) in versions.items() if version.gives_certificate),
    ]
    form.unit.choices = [("", "All of them"), *((key, one.path) for key, one in units.items())]
    form.course.errors, form.unit.errors = [], []
    if "course" not in sent:
        return form, None
    if form.course.data not in versions and (needs_course or form.course.data):
        form.course.errors = ["Select a course"]
    if form.unit.data and form.unit.data not in units:
        form.unit.errors = ["Select a directorate, service or team of this authority"]
    if form.course.errors or form.unit.errors:
        return form, None
    course, version = versions.get(form.course.data, (None, None))
    unit = units.get(form.unit.data or "")
    audience = Audience(course.id if course else None, desk.organisation_id, unit.path if unit else None)
    back = {
        "course": course.slug if course else "",
        "unit": unit.id if unit else None,
        "imported": "yes" if form.imported.data else None,
    }
    return form, Chosen(audience, version.title if version else "Every course", unit, bool(form.imported.data), back)


def _units(session: Session, desk: Desk) -> list[Unit]:
    if desk.organisation_id is None:
        return []
    return list(units_of(session, organisation_id=desk.organisation_id))


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates(slug: str) -> str:
    """What can be done here, and what was done last."""
    session, desk = db.session(), open_desk(slug)
    authorities = organisations(session)
    return render_template(
        "council/certificates.html",
        desk=desk,
        runs=runs_of(session, organisation_id=desk.organisation_id, limit=NEWEST),
        archives=archives_of(session, organisation_id=desk.organisation_id, limit=NEWEST),
        archive_words=ARCHIVE_WORDS,
        titles={course.id: version.title for course, version in current_versions(session)},
        run_words=RUN_WORDS,
        kind_words=KIND_WORDS,
        authorities=authorities if desk.is_admin else [],
        names={one.id: one.name for one in authorities},
        every=EVERY,
    )
