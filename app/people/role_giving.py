"""Giving a role: first which one and where, then a page that says what it means."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Optional

from app.people.person import ROLE_WORDS, account_of
from app.platform.access import allow, who
from app.platform.day_field import DayField, not_far, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from app.platform.input.unit_field import UnitField
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.account_care import WantedRole, give_role
from people.directory import get_person
from people.organisations import Organisation, get_organisation, organisations, units_of
from people.roles import Role, RoleGrant
from people.visibility import people_scope

MEANINGS = {
    Role.HR_LEAD: "Sees figures, names and who has finished in the whole authority, and issues its certificates.",
    Role.MANAGER: "Sees who has finished in one unit and everything below it.",
    Role.AUTHOR: "Uploads and publishes courses for every authority.",
    Role.ADMIN: "Does everything that authors do, looks after accounts and certificates, and gives roles.",
}


STOPPED_WORKING = (
    "Their password was set with a code from somebody who may not help with this role, so it stopped working. "
    "Make a one-time code, and hand it to them"
)


class RoleForm(FlaskForm):
    """Why, until when, and the unit of a manager."""

    unit = UnitField(
        "Which unit?",
        validators=[InputRequired("Select a unit")],
        validate_choice=True,
    )
    reason = line(
        "Why do they need it?",
        "Enter why they need this role",
        RoleGrant.reason,
        "Admins read it later, such as “stands in for Marek Dudek”",
    )
    ends_on = DayField(
        "Last day",
        name_in_errors="Last day",
        description="Leave it empty for a role that lasts until somebody takes it back",
        validators=[Optional(), not_past, not_far],
    )


@allow(Role.ADMIN)
def role_choice(person_id: int) -> str:
    """Which role, and at which authority."""
    session = db.session()
    account_of(session, person_id)
    found = get_person(session, person_id=person_id, scope=people_scope(who()), on=local_day(utc_now()))
    return render_template(
        "people/role_choice.html",
        person=found,
        role_words=ROLE_WORDS,
        meanings=MEANINGS,
        organisations=organisations(session),
        chosen=request.args.get("role", ""),
        has_asked="role" in request.args,
    )


@allow(Role.ADMIN)
def role_given(person_id: int) -> str | tuple[str, int] | Response:
    """Say what the role means, and give it."""
    session = db.session()
    account_id = account_of(session, person_id).id
    role = next((one for one in Role if one.value == request.args.get("role")), None)
    organisation = _organisation(session, role)
    if role is None or (organisation is None and role in (Role.HR_LEAD, Role.MANAGER)):
        return redirect(url_for("people.role_choice", person_id=person_id, role=role.value if role else ""))
    form = _form(session, role, organisation)
    if form.validate_on_submit():
        return _give(person_id, account_id, _wanted(form, role, organisation))
    found = get_person(session, person_id=person_id, scope=people_scope(who()), on=local_day(utc_now()))
    page = render_template(
        "people/role_given.html",
        person=found,
        role=role,
        role_words=ROLE_WORDS,
        meaning=MEANINGS[role],
        organisation=organisation,
        form=form,
    )
    return page, 422 if form.errors else 200


def _form(session: Session, role: Role, organisation: Organisation | None) -> RoleForm:
    form = RoleForm()
    if role is Role.MANAGER and organisation is not None:
        units = units_of(session, organisation_id=organisation.id)
        # None is chosen beforehand: the first would be a whole directorate.
        choices = [SelectChoice(str(unit.id), unit.path) for unit in units]
        form.unit.choices = [SelectChoice("", "Select a unit"), *choices]
    else:
        del form.unit
    return form


def _wanted(form: RoleForm, role: Role, organisation: Organisation | None) -> WantedRole:
    return WantedRole(
        role,
        organisation.id if organisation else None,
        int(form.unit.data) if "unit" in form else None,
        form.reason.data or "",
        form.ends_on.data,
    )


def _organisation(session: Session, role: Role | None) -> Organisation | None:
    slug = request.args.get("authority", "")
    known = {one.slug for one in organisations(session)}
    return get_organisation(session, slug=slug) if slug in known and role in (Role.HR_LEAD, Role.MANAGER) else None


def _give(person_id: int, account_id: int, wanted: WantedRole) -> Response:
    try:
        with unit_of_work() as work:
            can_sign_in = give_role(
                work.session, account_id=account_id, wanted=wanted, by=who().account_id, now=utc_now()
            )
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(f"The role {ROLE_WORDS[wanted.role]} is given. It holds once they sign in again")
        if not can_sign_in:
            flash(STOPPED_WORKING, "important")
    return redirect(url_for("people.person", person_id=person_id))
