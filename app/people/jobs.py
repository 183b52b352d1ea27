"""Correcting and ending a job by hand, and taking back what was done so."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DecimalField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.people.job_adding import KINDS
from app.platform.access import allow, who
from app.platform.day_field import DayField, not_far
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.input.unit_field import UnitField
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.account_care import check_may_look_after
from people.directory import TAKE_BACK_DAYS, get_person, get_person_to_take_back
from people.job_care import Correction, JobRecord, correct_job, end_job, get_job, hand_changes, spell_of, take_back
from people.jobs.changes import EmploymentChange
from people.jobs.correcting import find_manager
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.organisations import units_of
from people.persons import Person
from people.roles import Role
from people.visibility import people_scope
from people.ways_in.settling import settle_accounts

WHY = "The audit trail keeps it"


class EndedForm(FlaskForm):
    """The last day of a job, and why it ends."""

    last_day = DayField(
        "Last day", name_in_errors="Last day", validators=[InputRequired("Enter the last day"), not_far]
    )
    reason = line("Why does it end?", "Enter why the job ends", EmploymentChange.reason, WHY)


class CorrectedForm(FlaskForm):
    """What a job is from a day on, and from when until when it is held."""

    job_title = line("Job title", "", EmploymentTerms.job_title, "You can leave this empty")
    unit_id = UnitField("Unit", coerce=int, validators=[InputRequired("Select a unit")])
    grade = line("Grade", "", EmploymentTerms.grade, "You can leave this empty")
    kind = RadioField("How do they work here?", widget=GovRadioInput(), choices=list(KINDS))
    is_main = RadioField(
        "Is it their main job here?",
        widget=GovRadioInput(),
        description="Figures count people where their main job is. When this becomes it, no other job is",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    hours_per_week = DecimalField(
        "Hours a week",
        widget=GovTextInput(),
        description="Such as 36.5. You can leave this empty",
        validators=[Optional(), NumberRange(0, 168, "Hours a week must be between 0 and 168")],
    )
    contract = line("Contract", "", EmploymentTerms.contract, "You can leave this empty")
    site = line("Place of work", "", EmploymentTerms.site, "You can leave this empty")
    manager = line(
        "Payroll number of the manager", "", Employment.payroll_number, "Leave it empty if nobody manages them"
    )
    since = DayField(
        "From which day on?",
        name_in_errors="The day",
        description="A day in the past corrects what the record says of then. Not needed for the first and last day",
        validators=[not_far],
    )
    first_day = DayField(
        "First day of the job", name_in_errors="First day", validators=[InputRequired("Enter the first day"), not_far]
    )
    last_day = DayField(
        "Last day of the job",
        name_in_errors="Last day",
        description="Leave it empty while no end is known",
        validators=[not_far],
    )
    reason = line("Why do you correct it?", "Enter why you correct it", EmploymentChange.reason, WHY)


def _found(session: Session, person_id: int, employment_id: int) -> tuple[Person, JobRecord]:
    scope = people_scope(who())
    person = get_person(session, person_id=person_id, scope=scope, on=local_day(utc_now()))
    return person, get_job(session, person_id=person_id, employment_id=employment_id, scope=scope)


@allow(Role.ADMIN, Role.HR_LEAD)
def job_ended(person_id: int, employment_id: int) -> str | tuple[str, int] | Response:
    """Ask for the last day, and end the job."""
    person, job = _found(db.session(), person_id, employment_id)
    form, by, now = EndedForm(), who().account_id, utc_now()

    def end(session: Session) -> None:
        last_day, reason = form.last_day.data or date.max, form.reason.data or ""
        check_may_look_after(session, person_id=person_id, scope=people_scope(who()), field="last_day", now=now)
        end_job(session, job=job, last_day=last_day, reason=reason, by=by, now=now)
        settle_accounts(session, person_ids=[person_id], on=local_day(now), by=by, now=now)

    if form.validate_on_submit() and (done := _done(form, end, "The last day of the job is in the record", person_id)):
        return done
    page = render_template("people/job_ended.html", form=form, person=person, job=job, days=TAKE_BACK_DAYS)
    return page, 422 if form.errors else 200


@allow(Role.ADMIN, Role.HR_LEAD)
def job_corrected(person_id: int, employment_id: int) -> str | tuple[str, int] | Response:
    """Say what the job is from a day on; earlier days keep what they say."""
    person, job = _found(db.session(), person_id, employment_id)
    newest = job.spans[0]
    first_day, last_day = spell_of(job)
    manager = newest.manager_payroll_number
    main = "yes" if newest.is_main else "no"
    days = {"first_day": first_day, "last_day": last_day}
    form = CorrectedForm(data={**newest.terms, "manager": manager, "is_main": main, **days})
    units = units_of(db.session(), organisation_id=job.organisation_id)
    form.unit_id.choices = [SelectChoice(one.id, one.path) for one in units]
    by, now = who().account_id, utc_now()

    def correct(session: Session) -> None:
        correction = _correction(session, form, job)
        if correction.last_day != last_day:
            check_may_look_after(session, person_id=person_id, scope=people_scope(who()), field="last_day", now=now)
        correct_job(session, job=job, correction=correction, by=by, now=now)
        settle_accounts(session, person_ids=[person_id], on=local_day(now), by=by, now=now)

    if form.validate_on_submit() and (done := _done(form, correct, "The record is corrected", person_id)):
        return done
    page = render_template("people/job_corrected.html", form=form, person=person, job=job)
    return page, 422 if form.errors else 200


def _correction(session: Session, form: CorrectedForm, job: JobRecord) -> Correction:
    number = form.manager.data or ""
    values = {
        "job_title": form.job_title.data or "",
        "unit_id": form.unit_id.data,
        "grade": form.grade.data or "",
        "kind": EmploymentKind(form.kind.data),
        "is_main": form.is_main.data == "yes",
        "hours_per_week": form.hours_per_week.data,
        "contract": form.contract.data or "",
        "site": form.site.data or "",
        "manager_id": find_manager(session, organisation_id=job.organisation_id, payroll_number=number)
        if number
        else None,
    }
    first_day, reason = form.first_day.data or date.max, form.reason.data or ""
    return Correction(values, form.since.data, first_day, form.last_day.data, reason)


@allow(Role.ADMIN, Role.HR_LEAD)
def job_change_undone(person_id: int, change_id: int) -> Response:
    """Take back one change that was made by hand."""
    scope = people_scope(who())
    changes = hand_changes(db.session(), person_id=person_id, scope=scope)
    change = next((one for one in changes if one.id == change_id), None)
    if change is None:
        raise NotFound(f"change {change_id} of person {person_id}")
    by, now = who().account_id, utc_now()
    get_person_to_take_back(db.session(), person_id=person_id, scope=scope, on=local_day(now))
    job = get_job(db.session(), person_id=person_id, employment_id=change.employment_id, scope=scope)
    with unit_of_work() as work:
        take_back(work.session, change=change, job=job, by=by, now=now)
        settle_accounts(work.session, person_ids=[person_id], on=local_day(now), by=by, now=now, is_undone=True)
    flash("The change is taken back")
    return _back(person_id)


def _done(form: FlaskForm, act: Callable[[Session], None], words: str, person_id: int) -> Response | None:
    try:
        with unit_of_work() as work:
            act(work.session)
    except RuleBroken as refusal:
        form[refusal.field or "reason"].errors = [refusal.message]
        return None
    flash(words)
    return _back(person_id)


def _back(person_id: int) -> Response:
    """To the page of the person; to the search when nothing of them is this HR lead’s any more."""
    try:
        get_person_to_take_back(db.session(), person_id=person_id, scope=people_scope(who()), on=local_day(utc_now()))
    except NotFound:
        return redirect(url_for("people.people"))
    return redirect(url_for("people.person", person_id=person_id))
