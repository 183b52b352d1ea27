"""Making a programme, looking at it, and changing it."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from app.requirements.programmes.form import errors_of, filled_from, filled_in, pressed
from assignments.plans import find_plan
from assignments.programmes.findings import Fault
from assignments.programmes.making import (
    CHANGED_MEANWHILE,
    Draft,
    change_programme,
    faults_in,
    make_programme,
    published_routes,
    versions_made,
)
from courses.catalogue.programmes import StepsFrom, get_programme
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scope


@allow(Role.HR_LEAD, Role.ADMIN)
def programme_new(slug: str) -> str | tuple[str, int] | Response:
    """Name it and choose its steps. Nobody is asked for anything before a requirement asks for it."""
    return _form(requirements_scope(db.session(), who(), slug=slug), None)


@allow(Role.HR_LEAD, Role.ADMIN)
def programme_changed(slug: str, programme_id: int) -> str | tuple[str, int] | Response:
    """Change the steps from now on. Whoever has finished has finished."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    return _form(organisation, get_programme(session, programme_id=programme_id, organisation_id=organisation.id))


@allow(Role.HR_LEAD, Role.ADMIN)
def programme(slug: str, programme_id: int) -> str:
    """The steps as they are, of whom they are asked, and the versions before."""
    session, today = db.session(), local_day(utc_now())
    organisation = requirements_scope(session, who(), slug=slug)
    held = get_programme(session, programme_id=programme_id, organisation_id=organisation.id)
    return render_template(
        "requirements/programme.html",
        organisation=organisation,
        programme=held,
        course=courses_by_id(session, course_ids=[held.course_id])[held.course_id],
        titles=titles_of(session, course_ids={one for step in held.steps for one in step}),
        plan=find_plan(session, organisation_id=organisation.id, course_id=held.course_id, on=today),
        versions=versions_made(session, programme_id=programme_id),
    )


def _form(organisation: Organisation, held: StepsFrom | None) -> str | tuple[str, int] | Response:
    session, is_sent = db.session(), FlaskForm().validate_on_submit()
    faults: tuple[Fault, ...] = ()
    filled = filled_in(request.form) if is_sent else filled_from(held)
    button = request.form.get("do", "save")
    if is_sent and button != "save":
        filled = pressed(filled, button)
    elif is_sent:
        outcome = _saved_or_faults(session, organisation, held, filled.as_draft())
        if isinstance(outcome, Response):
            return outcome
        faults = outcome
    # After a clash the page shows theirs, and the next save follows it.
    theirs = held if any(one.words == CHANGED_MEANWHILE for one in faults) else None
    seen = number_in(request.form, "seen", 0) if is_sent else (held.number if held else 0)
    page = render_template(
        "requirements/programme_form.html",
        organisation=organisation,
        programme=held,
        filled=filled,
        routes=published_routes(session).values(),
        errors=errors_of(faults, len(filled.steps)),
        faults=faults,
        seen=theirs.number if theirs else seen,
        theirs=theirs,
        titles=titles_of(session, course_ids={one for step in theirs.steps for one in step}) if theirs else {},
    )
    return page, 422 if faults else 200


def _saved_or_faults(
    session: Session, organisation: Organisation, held: StepsFrom | None, draft: Draft
) -> Response | tuple[Fault, ...]:
    key = held.programme_id if held else None
    faults = faults_in(session, draft, organisation_id=organisation.id, programme_id=key)
    if faults:
        return faults
    try:
        return _save(organisation, held, draft)
    except RuleBroken as refusal:
        return (Fault(0, refusal.message),)


def _save(organisation: Organisation, held: StepsFrom | None, draft: Draft) -> Response:
    slug, by = organisation.slug, who().account_id
    with unit_of_work() as work:
        key = _stored(work.session, organisation.id, held, draft, by)
    flash("The programme is saved" if held else "The programme is saved. Nobody is asked for it until you ask for it")
    return redirect(url_for("requirements.programme", slug=slug, programme_id=key))


def _stored(session: Session, organisation_id: int, held: StepsFrom | None, draft: Draft, by: int | None) -> int:
    if held is None:
        return make_programme(session, draft, organisation_id=organisation_id, account_id=by, now=utc_now()).id
    change_programme(
        session,
        draft,
        programme_id=held.programme_id,
        seen=number_in(request.form, "seen", 0),
        organisation_id=organisation_id,
        by=by,
        now=utc_now(),
    )
    return held.programme_id
