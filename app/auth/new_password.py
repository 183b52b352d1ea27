"""A new password for somebody who forgot theirs: by a link in a mail, or by a one-time code on paper."""

from flask import flash, redirect, render_template, request, session, url_for
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from app.auth.account import PASSWORD_HINT
from app.auth.limits import LONGEST_NAME, address_and_name, for_one_address, for_one_name, was_refused
from app.platform.access import public
from app.platform.extensions import db, limiter, visitor_address
from app.platform.forms import FlaskForm
from app.platform.mail.transport import find_mail_transport
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from messages.ledger import SEND_MESSAGES
from messages.password_links import ask_for_password_link
from people.password_resets import NOT_OPEN, find_open_reset, try_code, use_reset
from people.password_rules import LONGEST_PASSWORD

LONGEST_CODE = 40
ACCEPTED = "accepted_first_way"  # in the session: what opens the page for a first password in this browser
WRONG_CODE = (
    "Check your username and the code. One of them does not match, the time of the code is over, or it may have been "
    "used already: then sign in with your password"
)


class ForgottenPasswordForm(FlaskForm):
    """Whose password it is."""

    username = StringField(
        "Username", widget=GovTextInput(), validators=[InputRequired("Enter your username"), Length(max=LONGEST_NAME)]
    )
    submit = SubmitField("Send me a link", widget=GovSubmitInput())


class CodeForm(FlaskForm):
    """A code that somebody was handed."""

    username = StringField(
        "Username", widget=GovTextInput(), validators=[InputRequired("Enter your username"), Length(max=LONGEST_NAME)]
    )
    code = StringField(
        "One-time code",
        description="Ten letters and digits, on your sign-in card or from your HR team",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the code"), Length(max=LONGEST_CODE)],
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())

    class Meta(FlaskForm.Meta):
        """Everybody gets the same page."""

        is_alike = True


class NewPasswordForm(FlaskForm):
    """The new password."""

    password = PasswordField(
        "New password",
        description=PASSWORD_HINT,
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter a new password"), Length(max=LONGEST_PASSWORD)],
    )
    submit = SubmitField("Set this password", widget=GovSubmitInput())


@public
@limiter.limit(for_one_address, key_func=visitor_address, methods=["POST"])
@limiter.limit(for_one_name, key_func=address_and_name, methods=["POST"])
def forgotten_password() -> str | tuple[str, int]:
    """Ask for a link by mail. The answer is the same whether the username exists or not."""
    form, transport = ForgottenPasswordForm(), find_mail_transport()
    if transport is not None and form.validate_on_submit():
        with unit_of_work() as work:
            if ask_for_password_link(work.session, username=form.username.data or "", now=utc_now()):
                work.ring_after_commit(SEND_MESSAGES)
        return render_template("auth/forgotten_password_asked.html")
    page = render_template("auth/forgotten_password.html", form=form, has_mail=transport is not None)
    return page, 422 if form.errors else 200


@public
@limiter.limit(for_one_address, key_func=visitor_address, methods=["POST"], deduct_when=was_refused)
@limiter.limit(for_one_name, key_func=address_and_name, methods=["POST"], deduct_when=was_refused)
def sign_in_code() -> str | tuple[str, int] | Response:
    """A one-time code, of a sign-in card or from HR or an administrator, leads to the page for a password."""
    form = CodeForm(data={"username": request.args.get("username", "")[:LONGEST_NAME]})
    if form.validate_on_submit():
        with unit_of_work() as work:
            token = try_code(work.session, username=form.username.data or "", typed=form.code.data or "", now=utc_now())
        if token is not None:
            return redirect(_next_page(token))
        form.code.errors = [WRONG_CODE]
    return render_template("auth/sign_in_code.html", form=form), 422 if form.errors else 200


def _next_page(token: str) -> str:
    """Whoever comes with a card sets their first password, and what opens that page stands in no address."""
    leave = find_open_reset(db.session(), token=token, now=utc_now())
    if leave is None or leave.batch_id is None:
        return url_for("auth.new_password", token=token)
    session[ACCEPTED] = token
    return url_for("auth.first_password")


@public
def new_password(token: str) -> str | tuple[str, int] | Response:
    """Set the password that this link or code was given for; then sign in with it."""
    leave = find_open_reset(db.session(), token=token, now=utc_now())
    if leave is None or leave.batch_id is not None:
        return render_template("auth/new_password.html", form=None, message=NOT_OPEN), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            _use(token, form.password.data or "")
        except RuleBroken as refusal:
            form.password.errors = [refusal.message]
        else:
            flash("Your new password is set. Sign in with it.")
            return redirect(url_for("auth.sign_in"))
    return render_template("auth/new_password.html", form=form, message=None), 422 if form.errors else 200


def _use(token: str, password: str) -> None:
    now = utc_now()
    with unit_of_work() as work:
        account = use_reset(work.session, token=token, password=password, now=now)
        record(
            work.session,
            action="password-set",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=account.id,
            now=now,
        )
