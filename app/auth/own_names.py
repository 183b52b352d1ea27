"""A person says what to call them, how to say it, and where lists put them."""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.input.names_form import OwnNamesForm
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.names.changing import change_names, names_of
from people.persons import Person


@signed_in
def own_names() -> str | tuple[str, int] | Response:
    """The names beside the full one, which stands on certificates and is for HR to correct."""
    names = names_of(db.session().get_one(Person, who().person_id))
    form = OwnNamesForm(data=asdict(names))
    if form.validate_on_submit():
        with unit_of_work() as work:
            has_changed = change_names(
                work.session,
                person_id=who().person_id,
                names=form.names(names.full),
                by=who().account_id,
                now=utc_now(),
            )
        flash("Your names are saved" if has_changed else "Your names are as they were")
        return redirect(url_for("auth.account"))
    return render_template("auth/own_names.html", form=form, full=names.full), 422 if form.errors else 200
