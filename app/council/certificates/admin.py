"""Certificates of an authority for many people at once: what can be chosen, and the page where it all starts."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField

from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm
from app.platform.input.unit_field import UnitField
from certificates.record.audiences import Audience
from certificates.record.runs import RunKind, runs_of
from certificates.zips.requests import archives_of
from courses.catalogue.versions import current_versions
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.organisations import Unit, organisations, units_of
from people.roles import Role
from people.visibility import EVERY_AUTHORITY, CertificatesScope, certificates_scope

NEWEST = 10
RUN_WORDS = {
    TaskState.PENDING: ("Under way", ""),
    TaskState.WORKING: ("Under way", ""),
    TaskState.FAILED: ("Under way", ""),
    TaskState.PARKED: ("Stopped", "due"),
    TaskState.PAUSED: ("Paused", "due"),
    TaskState.CANCELLED: ("Cancelled", "quiet"),
    TaskState.DONE: ("Done", "done"),
}
ARCHIVE_WORDS = {
    TaskState.PENDING: ("Waiting", "quiet"),
    TaskState.WORKING: ("Being made", ""),
    TaskState.FAILED: ("Waiting", "quiet"),
    TaskState.PARKED: ("Failed", "due"),
    TaskState.DONE: ("Ready", "done"),
    TaskState.EXPIRED: ("Deleted", "quiet"),
    TaskState.CANCELLED: ("Cancelled", "quiet"),
}
KIND_WORDS = {RunKind.ISSUE: "Issue", RunKind.REISSUE: "Issue anew"}


class AudienceForm(FlaskForm):
    """Which course, and which part of the authority. Sent by address, so that a preview can be kept and shared."""

    course = SelectField("Course", widget=GovSelect(), validators=[MustBeGiven()], validate_choice=False)
    unit = UnitField(
        "Directorate, service or team",
        description="Where people work today, wherever they completed the course.",
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


def read_choice(
    session: Session, scope: CertificatesScope, *, needs_course: bool = True
) -> tuple[AudienceForm, Chosen | None]:
    """The form as it was sent, and what it asks for; ``None`` while it asks for nothing or for what is not there."""
    sent = request.form if request.method == "POST" else request.args
    form = AudienceForm(formdata=sent, meta={"csrf": False})
    versions = {course.slug: (course, version) for course, version in current_versions(session)}
    units = {str(one.id): one for one in _units(session, scope)}
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
    on = local_day(utc_now())
    audience = Audience(course.id if course else None, scope.organisation_id, unit.id if unit else None, on=on)
    back = {
        "course": course.slug if course else "",
        "unit": unit.id if unit else None,
        "imported": "yes" if form.imported.data else None,
    }
    return form, Chosen(audience, version.title if version else "Every course", unit, bool(form.imported.data), back)


def _units(session: Session, scope: CertificatesScope) -> list[Unit]:
    if scope.organisation_id is None:
        return []
    return list(units_of(session, organisation_id=scope.organisation_id))


@allow(Role.HR_LEAD, Role.ADMIN)
def certificates(slug: str) -> str:
    """What can be done here, and what was done last."""
    session = db.session()
    scope = certificates_scope(session, who(), slug=slug)
    authorities = organisations(session)
    return render_template(
        "council/certificates.html",
        scope=scope,
        runs=runs_of(session, organisation_id=scope.organisation_id, limit=NEWEST),
        archives=archives_of(session, organisation_id=scope.organisation_id, limit=NEWEST),
        archive_words=ARCHIVE_WORDS,
        titles={course.id: version.title for course, version in current_versions(session)},
        run_words=RUN_WORDS,
        kind_words=KIND_WORDS,
        authorities=authorities if scope.is_admin else [],
        names={one.id: one.name for one in authorities},
        every=EVERY_AUTHORITY,
        smallest_shown=current_settings().smallest_group,
    )
