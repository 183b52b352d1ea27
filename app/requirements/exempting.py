"""Exempting one person from a course, and ending an exemption early."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.asked.exemption_fields import NO_HEALTH, evidence_line, first_day, last_day, reason_choice
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from app.requirements.refusals import field_of
from assignments.exemptions.giving import NewExemption, end_exemption, faults_in_days, give_exemption
from assignments.exemptions.listing import get_listed
from assignments.exemptions.record import ExemptionEnd, ExemptionReason
from assignments.plans import plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.directory import get_person
from people.organisations import Organisation
from people.roles import Role
from people.visibility import PeopleScope, requirements_scope


class ExemptionForm(FlaskForm):
    """From which course, why, on which evidence, from when to when."""

    course = SelectField("Which course?", widget=GovSelect(), choices=[], validators=[InputRequired("Select a course")])
    reason = reason_choice()
    evidence = evidence_line("Certificate of March 2027 seen", "The person can read it")
    starts_on = first_day()
    ends_on = last_day()
    changes_past = BooleanField(
        "The first day is over: exempt them on past days too. Figures of those days change", widget=GovCheckboxInput()
    )


class EndForm(FlaskForm):
    """Why an exemption ends."""

    reason = line("Why does it end?", "Enter why it ends", ExemptionEnd.reason, f"{NO_HEALTH} The person can read it")


@allow(Role.HR_LEAD, Role.ADMIN)
def exemption_new(slug: str, person_id: int) -> str | tuple[str, int] | Response:
    """Fill in the exemption of the person whom the address names, and approve it."""
    session, today = db.session(), local_day(utc_now())
    organisation = requirements_scope(session, who(), slug=slug)
    scope = PeopleScope(frozenset({organisation.id}))
    person = get_person(session, person_id=person_id, scope=scope, on=today)
    courses = _courses(session, organisation, today)
    form = _form(courses, today)
    is_valid = form.validate_on_submit()
    _add_faults(form, today)
    if is_valid and not form.errors:
        try:
            _give(form, organisation, person.id, courses)
        except RuleBroken as refusal:
            field_of(form, refusal, "course").errors = [refusal.message]
        else:
            flash("They are exempt, and read until when under My learning")
            return redirect(url_for("requirements.exemptions", slug=slug))
    page = render_template("requirements/exemption_new.html", form=form, organisation=organisation, person=person)
    return page, 422 if form.errors else 200


def _form(courses: dict[int, tuple[str, str]], today: date) -> ExemptionForm:
    """The form with the course that the address names, or the only one there is."""
    only = next(iter(courses.values()))[0] if len(courses) == 1 else None
    form = ExemptionForm(data={"course": request.args.get("course") or only, "starts_on": today})
    form.course.choices = [SelectChoice("", "Select a course"), *(SelectChoice(*one) for one in courses.values())]
    return form


def _courses(session: Session, organisation: Organisation, on: date) -> dict[int, tuple[str, str]]:
    """The slug and the title of each course that is asked for, by its id."""
    plans = plans_on(session, Requirement.organisation_id == organisation.id, on=on)
    ids = [plan.course_id for plan in plans]
    titles, slugs = titles_of(session, course_ids=ids), courses_by_id(session, course_ids=ids)
    return {key: (slugs[key].slug, titles[key]) for key in ids}


def _add_faults(form: ExemptionForm, today: date) -> None:
    """Say what is wrong with the days beside everything else that is wrong."""
    if not form.is_submitted() or not form.starts_on.data or not form.ends_on.data:
        return
    days: dict[str, Any] = {"starts_on": form.starts_on.data, "ends_on": form.ends_on.data}
    for field, message in faults_in_days(**days, changes_past=bool(form.changes_past.data), on=today).items():
        form[field].errors = [message]


def _give(form: ExemptionForm, organisation: Organisation, person_id: int, courses: dict[int, tuple[str, str]]) -> None:
    new = NewExemption(
        person_id=person_id,
        organisation_id=organisation.id,
        course_id=next(key for key, (slug, _) in courses.items() if slug == form.course.data),
        reason=ExemptionReason(form.reason.data),
        evidence=form.evidence.data or "",
        starts_on=form.starts_on.data or local_day(utc_now()),
        ends_on=form.ends_on.data or local_day(utc_now()),
        changes_past=bool(form.changes_past.data),
    )
    with unit_of_work() as work:
        give_exemption(work.session, new, by=who().account_id, now=utc_now())


@allow(Role.HR_LEAD, Role.ADMIN)
def exemption_ended(slug: str, exemption_id: int) -> str | tuple[str, int] | Response:
    """Ask somebody again from today on."""
    session, today, form = db.session(), local_day(utc_now()), EndForm()
    organisation = requirements_scope(session, who(), slug=slug)
    found = get_listed(session, exemption_id=exemption_id, organisation_id=organisation.id, on=today)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                end_exemption(
                    work.session,
                    exemption_id=exemption_id,
                    reason=form.reason.data or "",
                    by=who().account_id,
                    now=utc_now(),
                )
        except RuleBroken as refusal:
            field_of(form, refusal, "reason").errors = [refusal.message]
        else:
            flash("The exemption has ended. They are asked again from today on")
            return redirect(url_for("requirements.exemptions", slug=slug))
    page = render_template("requirements/exemption_ended.html", form=form, organisation=organisation, found=found)
    return page, 422 if form.errors else 200
