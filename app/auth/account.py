"""A person's own account: their password, and the browsers that are signed in as them."""

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput
from werkzeug.wrappers import Response
from wtforms import PasswordField, SubmitField
from wtforms.validators import InputRequired, Length

from app.auth.limits import for_one_name, was_refused
from app.platform.access import signed_in, unused_for, who
from app.platform.extensions import db, limiter
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.accounts import change_password, get_account
from people.password_rules import LONGEST_PASSWORD, MINIMUM_PASSWORD_LENGTH
from people.persons import Person
from people.sessions import end_session, end_sessions, open_sessions_of

PASSWORD_HINT = (
    f"At least {MINIMUM_PASSWORD_LENGTH} characters. Three or four words that do not belong together work well"
)


class ChangePasswordForm(FlaskForm):
    """The password of today, and the next one."""

    current = PasswordField(
        "Your current password", widget=GovPasswordInput(), validators=[InputRequired("Enter your current password")]
    )
    password = PasswordField(
        "New password",
        description=PASSWORD_HINT,
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password"), Length(max=LONGEST_PASSWORD)],
    )
    submit = SubmitField("Change password", widget=GovSubmitInput())


@signed_in
def account() -> str:
    """Username, password, and where one is signed in."""
    session, now = db.session(), utc_now()
    return render_template(
        "auth/account.html",
        account=get_account(session, account_id=who().account_id),
        sessions=open_sessions_of(session, account_id=who().account_id, now=now, unused_for=unused_for()),
        own_session_id=who().session_id,
        email=session.get_one(Person, who().person_id).email,
    )


def _own_account() -> str:
    return str(who().account_id)


@signed_in
@limiter.limit(for_one_name, key_func=_own_account, methods=["POST"], deduct_when=was_refused)
def change_own_password() -> str | tuple[str, int] | Response:
    """A new password for the person at the keyboard; every other browser has to sign in again."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change(form.current.data or "", form.password.data or "")
        except RuleBroken as refusal:
            field = form.current if refusal.field == "current" else form.password
            field.errors = [refusal.message]
        else:
            flash("Your password is changed. Other browsers that were signed in as you have to sign in again.")
            return redirect(url_for("auth.account"))
    return render_template("auth/change_own_password.html", form=form), 422 if form.errors else 200


def _change(current: str, password: str) -> None:
    now, person = utc_now(), who()
    with unit_of_work() as work:
        change_password(
            work.session,
            account_id=person.account_id,
            current=current,
            password=password,
            now=now,
            session_id=person.session_id,
        )
        record(
            work.session,
            action="password-changed",
            subject_type="account",
            subject_id=person.account_id,
            actor_account_id=person.account_id,
            now=now,
        )


@signed_in
def end_own_session(session_id: int) -> Response:
    """End one of one's own sessions. One that is over, or somebody else's, changes nothing."""
    with unit_of_work() as work:
        if end_session(work.session, account_id=who().account_id, session_id=session_id, now=utc_now()):
            flash("That browser is signed out.")
    return redirect(url_for("auth.account"))


@signed_in
def end_other_sessions() -> Response:
    """End all of one's own sessions but this one."""
    with unit_of_work() as work:
        end_sessions(work.session, account_id=who().account_id, now=utc_now(), besides=who().session_id)
    flash("Every other browser is signed out.")
    return redirect(url_for("auth.account"))
