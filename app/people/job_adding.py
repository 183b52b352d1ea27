"""Another job for somebody who is there: which authority, then the job."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.day_field import DayField, not_far
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.input.unit_field import UnitField
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.directory import get_person
from people.jobs.adding import AnotherJob, add_job
from people.jobs.changes import EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.organisations import Organisation, organisations, units_of
from people.roles import Role
from people.visibility import PeopleScope, people_scope
from people.ways_in.settling import settle_accounts

KINDS = (
    SelectChoice(EmploymentKind.EMPLOYEE.value, "Employee"),
    SelectChoice(EmploymentKind.CASUAL.value, "Casual"),
    SelectChoice(EmploymentKind.AGENCY.value, "Agency worker"),
    SelectChoice(EmploymentKind.ELECTED_MEMBER.value, "Elected member"),
)


class AnotherJobForm(FlaskForm):
    """A job from a day on, and why it is added by hand."""

    unit_id = UnitField("Unit", validators=[InputRequired("Select a unit")])
    payroll = line("Payroll number", "Enter a payroll number", Employment.payroll_number, "Each job has its own")
    job_title = line("Job title", "", EmploymentTerms.job_title, "You can leave this empty")
    kind = RadioField("How do they work here?", widget=GovRadioInput(), choices=list(KINDS))
    since = DayField(
        "First day", name_in_errors="First day", validators=[InputRequired("Enter the first day of the job"), not_far]
    )
    reason = line(
        "Why do you add it by hand?", "Enter why you add it", EmploymentChange.reason, "The audit trail keeps it"
    )


@allow(Role.ADMIN, Role.HR_LEAD)
def job_added(person_id: int) -> str | tuple[str, int] | Response:
    """Ask for the authority where there is a choice, then for the job, and add it."""
    session, scope, now = db.session(), people_scope(who()), utc_now()
    person = get_person(session, person_id=person_id, scope=scope, on=local_day(now))
    possible = _possible(session, scope)
    chosen = request.args.get("authority", "")
    organisation = next((one for one in possible if one.slug == chosen or len(possible) == 1), None)
    if organisation is None:
        return render_template("people/job_added_where.html", person=person, organisations=possible, chosen=chosen)
    form = AnotherJobForm(data={"kind": EmploymentKind.EMPLOYEE.value})
    units = units_of(session, organisation_id=organisation.id)
    choices = [SelectChoice(str(one.id), one.path) for one in units]
    form.unit_id.choices = [SelectChoice("", "Select a unit"), *choices]
    if form.validate_on_submit():
        try:
            _add(form, person_id, organisation)
        except RuleBroken as refusal:
            form[refusal.field or "reason"].errors = [refusal.message]
        else:
            flash("The job is in the record")
            return redirect(url_for("people.person", person_id=person_id))
    page = render_template("people/job_added.html", form=form, person=person, organisation=organisation)
    return page, 422 if form.errors else 200


def _add(form: AnotherJobForm, person_id: int, organisation: Organisation) -> None:
    by, now = who().account_id, utc_now()
    job = AnotherJob(
        unit_id=int(form.unit_id.data),
        payroll_number=form.payroll.data or "",
        job_title=form.job_title.data or "",
        kind=EmploymentKind(form.kind.data),
        starts_on=form.since.data or local_day(now),
        reason=form.reason.data or "",
    )
    with unit_of_work() as work:
        add_job(work.session, person_id=person_id, organisation=organisation, job=job, by=by, now=now)
        settle_accounts(work.session, person_ids=[person_id], on=local_day(now), by=by, now=now)


def _possible(session: Session, scope: PeopleScope) -> list[Organisation]:
    ids = scope.organisation_ids
    return [one for one in organisations(session) if ids is None or one.id in ids]
