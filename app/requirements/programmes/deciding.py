"""A programme as it is, what a change that waits would mean for people, and approving or dropping it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from assignments.plans import Plan, find_plan
from assignments.previewing_steps import preview_steps
from assignments.programmes.making import versions_made
from assignments.programmes.proposing import (
    DECIDED_MEANWHILE,
    ProgrammeProposal,
    approve_change,
    drop_change,
    find_waiting,
)
from courses.catalogue.programmes import get_programme
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scope
from reports.suppression import SMALLEST_SHOWN


@allow(Role.HR_LEAD, Role.ADMIN)
def programme(slug: str, programme_id: int) -> str:
    """The steps as they are, of whom they are asked, what waits to be approved, and the versions before."""
    session, today = db.session(), local_day(utc_now())
    organisation = requirements_scope(session, who(), slug=slug)
    held = get_programme(session, programme_id=programme_id, organisation_id=organisation.id)
    waiting = find_waiting(session, programme_id=programme_id)
    plan = find_plan(session, organisation_id=organisation.id, course_id=held.course_id, on=today)
    wanted = {one for step in (*held.steps, *(waiting.as_steps() if waiting else ())) for one in step}
    return render_template(
        "requirements/programme.html",
        organisation=organisation,
        programme=held,
        course=courses_by_id(session, course_ids=[held.course_id])[held.course_id],
        titles=titles_of(session, course_ids=wanted),
        plan=plan,
        versions=versions_made(session, programme_id=programme_id),
        **(_effect(session, plan, waiting) if waiting else {"waiting": None}),
    )


def _effect(session: Session, plan: Plan | None, waiting: ProgrammeProposal) -> dict[str, Any]:
    steps, today = waiting.as_steps(), local_day(utc_now())
    return {
        "waiting": waiting,
        "preview": preview_steps(session, plan, steps, on=today) if plan else None,
        "smallest": SMALLEST_SHOWN,
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def programme_decided(slug: str, programme_id: int, decision: str) -> Response:
    """Approve or drop what waits."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    get_programme(session, programme_id=programme_id, organisation_id=organisation.id)
    if decision not in {"approve", "drop"}:
        raise NotFound(f"decision {decision}")
    waiting = find_waiting(session, programme_id=programme_id)
    try:
        is_seen = waiting is not None and number_in(request.form, "change", 0) == waiting.id
        if waiting is None or not is_seen or not FlaskForm().validate_on_submit():
            raise RuleBroken(DECIDED_MEANWHILE)
        _decide(organisation, waiting.id, is_approved=decision == "approve")
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("The change holds from now on" if decision == "approve" else "The change is dropped. Nobody has moved")
    return redirect(url_for("requirements.programme", slug=slug, programme_id=programme_id))


def _decide(organisation: Organisation, proposal_id: int, *, is_approved: bool) -> None:
    by, now = who().account_id, utc_now()
    with unit_of_work() as work:
        if is_approved:
            approve_change(work.session, proposal_id=proposal_id, organisation_id=organisation.id, by=by, now=now)
        else:
            drop_change(work.session, proposal_id=proposal_id, by=by, now=now)
