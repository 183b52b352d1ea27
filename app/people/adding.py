"""Adding a person by hand, until an authority's own HR feed does it."""

import secrets
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.input.unit_field import UnitField
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.typed import composed, folded
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.manual_setup import NewPerson, add_person, find_unit
from people.organisations import Organisation, Unit, organisations, units_of
from people.persons import Person
from people.roles import Role

NEW_UNIT = "new"


class NewPersonForm(FlaskForm):
    """Who somebody is, where they work, and how they sign in. ``asked_about`` is the unit that ``adds_unit`` is of."""

    name = line("Name", "Enter a name", Person.chosen_name, "As they ask to be called. Certificates print it")
    username = line("Username", "Enter a username", Account.username, "They sign in with it. It does not change")
    unit = UnitField("Unit", validators=[InputRequired("Select a unit")], choices=[])
    new_unit = line(
        "Name of a new unit",
        "",
        Unit.path,
        "Only if it is not in the list: “Directorate”, “Directorate / Service” or “Directorate / Service / Team”",
    )
    adds_unit = BooleanField(
        "Add it as a new unit",
        widget=GovCheckboxInput(),
        description="While few people work in it, figures do not show it, nor perhaps a unit beside it",
    )
    asked_about = HiddenField()
    payroll = line("Payroll number", "Enter a payroll number", Employment.payroll_number)
    job = line("Job title", "", EmploymentTerms.job_title, "You can leave this empty")


@allow(Role.ADMIN)
def add_account() -> str | tuple[str, int] | Response:
    """Add a person with a job and an account. They set their password with a one-time code."""
    session, asked = db.session(), request.args.get("authority")
    known = organisations(session)
    organisation = next((one for one in known if one.slug == asked), None)
    if organisation is None:
        return render_template("people/add_account_authority.html", organisations=known, has_asked=asked is not None)
    form = NewPersonForm()
    units = units_of(session, organisation_id=organisation.id)
    choices = [SelectChoice(str(one.id), one.path) for one in units]
    form.unit.choices = [SelectChoice("", "Select a unit"), *choices, SelectChoice(NEW_UNIT, "A unit that is not here")]
    if form.validate_on_submit():
        try:
            person_id = _add(form, organisation, _unit_path(session, form, organisation, units))
        except RuleBroken as refusal:
            name = refusal.field or "unit"
            field = form[name] if name in form and name != "unit" else form.new_unit
            field.errors = [refusal.message]
        else:
            flash("The account is there. Make a one-time code, with which its person sets a password")
            return redirect(url_for("people.person", person_id=person_id))
    page = render_template("people/add_account.html", form=form, organisation=organisation)
    return page, 422 if form.errors else 200


def _unit_path(session: Session, form: NewPersonForm, organisation: Organisation, units: Sequence[Unit]) -> str:
    """Where they work. Raises ``RuleBroken`` until somebody who names a new unit has said that it is to be added."""
    if form.unit.data != NEW_UNIT:
        return next(one.path for one in units if str(one.id) == form.unit.data)
    path = composed(form.new_unit.data or "")
    if not path:
        raise RuleBroken("Enter the name of the new unit", field="new_unit")
    found = find_unit(session, organisation_id=organisation.id, path=path)
    if found is not None or (form.adds_unit.data and form.asked_about.data == path):
        return path
    form.adds_unit.data = False  # a tick was for another name
    last = folded(path.rpartition("/")[2])
    alike = next((f", but there is “{one.path}” in the list" for one in units if folded(one.name) == last), "")
    raise RuleBroken(
        f"{organisation.name} has no unit “{path}”{alike}. Tick the box if it is to be added", field="adds_unit"
    )


def _add(form: NewPersonForm, organisation: Organisation, unit_path: str) -> int:
    person = NewPerson(
        name=form.name.data or "",
        username=form.username.data or "",
        password=secrets.token_urlsafe(32),  # nobody knows it: the code replaces it
        organisation_slug=organisation.slug,
        unit_path=unit_path,
        payroll_number=form.payroll.data or "",
        job_title=form.job.data or "",
        role=None,
    )
    with unit_of_work() as work:
        return add_person(work.session, person=person, now=utc_now(), by=who().account_id).person_id
