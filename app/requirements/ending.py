"""Asking for a course no longer."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from assignments.audiences.rules import NOBODY
from assignments.plans import find_plan
from assignments.previewing import preview_people
from assignments.requirement_changes import withdraw_requirement
from courses.catalogue.versions import get_course, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.roles import Role
from people.visibility import requirements_scope
from reports.suppression import SMALLEST_SHOWN


@allow(Role.HR_LEAD, Role.ADMIN)
def requirement_ended(slug: str) -> str | Response:
    """Say what ending it means, and end it. Completions and certificates stay."""
    session, today = db.session(), local_day(utc_now())
    organisation = requirements_scope(session, who(), slug=slug)
    course = get_course(session, slug=request.args.get("course", ""))
    plan = find_plan(session, organisation_id=organisation.id, course_id=course.id, on=today)
    if plan is None:
        raise NotFound(f"requirement of {slug} for {course.slug}")
    if not FlaskForm().validate_on_submit():
        return render_template(
            "requirements/requirement_ended.html",
            organisation=organisation,
            title=titles_of(session, course_ids=[course.id])[course.id],
            preview=preview_people(
                session, organisation_id=organisation.id, course_ids=[course.id], old=plan.rule, new=NOBODY, on=today
            ),
            smallest=SMALLEST_SHOWN,
        )
    try:
        with unit_of_work() as work:
            withdraw_requirement(
                work.session, requirement_id=plan.requirement_id, account_id=who().account_id, now=utc_now()
            )
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("It is no longer asked. Completions and certificates stay")
    return redirect(url_for("requirements.requirements", authority=slug))
