"""Correcting the names of a person, their e-mail address, and their date of birth where it is used, by those who look
after their record."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.names_form import AddressForm, NamesForm
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.account_care import change_address, check_may_look_after
from people.directory import get_person
from people.feed.mapping.births import has_birth_to_correct
from people.names.births import change_birth
from people.names.changing import change_names, names_of
from people.roles import Role
from people.visibility import people_scope


@allow(Role.ADMIN, Role.HR_LEAD)
def person_names(person_id: int) -> str | tuple[str, int] | Response:
    """All their names. A certificate that was issued keeps the name of then until its holder asks for a new one."""
    now = utc_now()
    scope = people_scope(who())
    found = get_person(db.session(), person_id=person_id, scope=scope, on=local_day(now))
    form = NamesForm(data={**asdict(names_of(found)), "born_on": found.born_on})
    if not has_birth_to_correct(db.session(), person=found, scope=scope):
        del form.born_on
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                by = who().account_id
                is_renamed = change_names(work.session, person_id=person_id, names=form.names(), by=by, now=now)
                if is_renamed and person_id != who().person_id:
                    check_may_look_after(work.session, person_id=person_id, scope=scope, field="full", now=now)
                if form.born_on:
                    change_birth(work.session, person_id=person_id, born_on=form.born_on.data, by=by, now=now)
        except RuleBroken as refusal:
            form["born_on" if refusal.field == "born_on" else "full"].errors = [refusal.message]
        else:
            flash("The names and the date of birth are saved" if form.born_on else "The names are saved")
            return redirect(url_for("people.person", person_id=person_id))
    return render_template("people/person_names.html", form=form, person=found), 422 if form.errors else 200


@allow(Role.ADMIN, Role.HR_LEAD)
def person_address(person_id: int) -> str | tuple[str, int] | Response:
    """Their e-mail address. The one from before is told where it let its person in."""
    now, scope = utc_now(), people_scope(who())
    found = get_person(db.session(), person_id=person_id, scope=scope, on=local_day(now))
    form = AddressForm(data={"address": found.email or ""})
    if form.validate_on_submit():
        address, by = form.address.data or "", who().account_id
        try:
            with unit_of_work() as work:
                is_other = change_address(
                    work.session, person_id=person_id, address=address, scope=scope, by=by, now=now
                )
        except RuleBroken as refusal:
            form.address.errors = [refusal.message]
        else:
            flash("The e-mail address is saved" if is_other else "The e-mail address is as it was")
            return redirect(url_for("people.person", person_id=person_id))
    return render_template("people/person_address.html", form=form, person=found), 422 if form.errors else 200
