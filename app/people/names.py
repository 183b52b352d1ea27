"""Correcting the names of a person, by those who look after their record."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.names_form import NamesForm
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.directory import get_person
from people.names.changing import change_names, names_of
from people.roles import Role
from people.visibility import people_scope


@allow(Role.ADMIN, Role.HR_LEAD)
def person_names(person_id: int) -> str | tuple[str, int] | Response:
    """All their names. A certificate that was issued keeps the name of then until its holder asks for a new one."""
    now = utc_now()
    found = get_person(db.session(), person_id=person_id, scope=people_scope(who()), on=local_day(now))
    form = NamesForm(data=asdict(names_of(found)))
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                change_names(work.session, person_id=person_id, names=form.names(), by=who().account_id, now=now)
        except RuleBroken as refusal:
            form.full.errors = [refusal.message]
        else:
            flash("The names are saved")
            return redirect(url_for("people.person", person_id=person_id))
    return render_template("people/person_names.html", form=form, person=found), 422 if form.errors else 200
