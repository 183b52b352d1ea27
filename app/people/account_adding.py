"""An account for somebody who is in the record without one."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.accounts import Account
from people.directory import get_person
from people.manual_setup import add_account_for
from people.roles import Role
from people.visibility import people_scope


class AccountForm(FlaskForm):
    """The name under which somebody will sign in."""

    username = line("Username", "Enter a username", Account.username, "They sign in with it. It does not change")


@allow(Role.ADMIN, Role.HR_LEAD)
def person_account(person_id: int) -> str | tuple[str, int] | Response:
    """Give a person an account. They set their password with a one-time code."""
    now = utc_now()
    person = get_person(db.session(), person_id=person_id, scope=people_scope(who()), on=local_day(now))
    form = AccountForm()
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                add_account_for(
                    work.session,
                    person_id=person_id,
                    username=form.username.data or "",
                    by=who().account_id,
                    now=now,
                )
        except RuleBroken as refusal:
            form.username.errors = [refusal.message]
        else:
            flash("The account is there. Make a one-time code, with which its person sets a password")
            return redirect(url_for("people.person", person_id=person_id))
    return render_template("people/person_account.html", form=form, person=person), 422 if form.errors else 200
