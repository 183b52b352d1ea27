"""Making a programme, and changing it: at once where nobody is asked for it, else as a change that waits."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from app.requirements.programmes.form import NAME, Filled, errors_of, field_of, filled_from, filled_in, pressed
from assignments.plans import find_plan
from assignments.programmes.findings import Fault
from assignments.programmes.making import (
    CHANGED_MEANWHILE,
    Draft,
    as_kept,
    faults_in,
    make_programme,
    published_routes,
)
from assignments.programmes.proposing import Seen, change_at_once, find_waiting, propose_change
from courses.catalogue.programmes import StepsFrom, get_programme
from courses.catalogue.versions import titles_of
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
    """Change the name or the steps. Whoever has finished has finished."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    return _form(organisation, get_programme(session, programme_id=programme_id, organisation_id=organisation.id))


def _form(organisation: Organisation, held: StepsFrom | None) -> str | tuple[str, int] | Response:
    session, is_sent = db.session(), FlaskForm().validate_on_submit()
    waiting = find_waiting(session, programme_id=held.programme_id) if held else None
    faults: tuple[Fault, ...] = ()
    is_going_on = not is_sent and field_of(1, 1) in request.args
    filled = (
        filled_in(request.form if is_sent else request.args) if is_sent or is_going_on else filled_from(held, waiting)
    )
    button = request.form.get("do", "save")
    if is_sent and button != "save":
        return _with_the_form_in_its_address(pressed(filled, button))
    if is_sent:
        outcome = _saved_or_faults(session, organisation, held, filled.as_draft())
        if isinstance(outcome, Response):
            return outcome
        faults = outcome
    # After a clash the page shows theirs, and the next save follows it.
    theirs = filled_from(held, waiting) if any(one.words == CHANGED_MEANWHILE for one in faults) else None
    now_held = Seen(held.number if held else 0, waiting.id if waiting else None)
    page = render_template(
        "requirements/programme_form.html",
        organisation=organisation,
        programme=held,
        filled=filled,
        routes=published_routes(session).values(),
        errors=errors_of(faults, len(filled.steps)),
        faults=faults,
        seen=_seen() if (is_sent or is_going_on) and not theirs else now_held,
        theirs=theirs,
        is_waiting=waiting is not None,
        is_asked=held is not None and _is_asked(session, organisation, held),
        titles=titles_of(session, course_ids={one for step in theirs.steps for one in step}) if theirs else {},
    )
    return page, 422 if faults else 200


def _seen() -> Seen:
    given = request.form if request.method == "POST" else request.args
    return Seen(number_in(given, "seen", 0), number_in(given, "waiting", 0) or None)


def _with_the_form_in_its_address(filled: Filled) -> Response:
    """What a button made of the form, to be read and not to be sent again: the way back asks nobody anything."""
    places = {
        field_of(step, place): course
        for step, courses in enumerate(filled.steps, start=1)
        for place, course in enumerate(courses, start=1)
    }
    seen = _seen()
    args: dict[str, Any] = {NAME: filled.name, "seen": seen.number, "waiting": seen.proposal_id or "", **places}
    return redirect(url_for(request.endpoint or "", **(request.view_args or {}), **args))


def _is_asked(session: Session, organisation: Organisation, held: StepsFrom) -> bool:
    today = local_day(utc_now())
    return find_plan(session, organisation_id=organisation.id, course_id=held.course_id, on=today) is not None


def _saved_or_faults(
    session: Session, organisation: Organisation, held: StepsFrom | None, draft: Draft
) -> Response | tuple[Fault, ...]:
    key = held.programme_id if held else None
    faults = faults_in(session, draft, organisation_id=organisation.id, programme_id=key)
    if faults:
        return faults
    try:
        return _made(organisation, draft) if held is None else _changed(session, organisation, held, draft)
    except RuleBroken as refusal:
        return (Fault(0, refusal.message),)


def _made(organisation: Organisation, draft: Draft) -> Response:
    with unit_of_work() as work:
        by, now = who().account_id, utc_now()
        key = make_programme(work.session, draft, organisation_id=organisation.id, account_id=by, now=now).id
    flash("The programme is saved. Nobody is asked for it until you ask for it")
    return redirect(url_for("requirements.programme", slug=organisation.slug, programme_id=key))


def _changed(session: Session, organisation: Organisation, held: StepsFrom, draft: Draft) -> Response:
    """Other steps of what is asked wait until somebody has looked at what they would mean; the rest holds at once."""
    is_to_wait = _is_asked(session, organisation, held) and as_kept(draft)[1] != held.steps
    change = propose_change if is_to_wait else change_at_once
    with unit_of_work() as work:
        change(
            work.session,
            draft,
            programme_id=held.programme_id,
            seen=_seen(),
            organisation_id=organisation.id,
            by=who().account_id,
            now=utc_now(),
        )
    if not is_to_wait:
        flash("The programme is saved")
    return redirect(url_for("requirements.programme", slug=organisation.slug, programme_id=held.programme_id))
