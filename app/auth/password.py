"""Sign-in with a username and a password."""

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from app.access import enter, find_visitor, leave, public
from app.extensions import limiter
from app.navigation import home_of
from app.work import unit_of_work
from kernel.clock import utc_now
from people.accounts import normal_username
from people.accounts import sign_in as check_credentials

REFUSED = "Check your username and password. One of them does not match our records"


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Username and password."""

    username = StringField(
        "Username", widget=GovTextInput(), validators=[InputRequired("Enter your username"), Length(max=120)]
    )
    password = PasswordField(
        "Password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password"), Length(max=200)]
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


def _limit() -> str:
    limit: str = current_app.config["SETTINGS"].sign_in_limit
    return limit


def _typed_username() -> str:
    return "sign-in:" + normal_username(request.form.get("username", ""))[:120]


@public
@limiter.limit(_limit, methods=["POST"])
@limiter.limit(_limit, key_func=_typed_username, methods=["POST"])
def sign_in() -> str | tuple[str, int] | Response:
    """Ask for credentials; then go where the person wanted to go."""
    person = find_visitor()
    if person is not None:
        return redirect(home_of(person))
    form = SignInForm()
    if form.validate_on_submit():
        with unit_of_work() as work:
            account = check_credentials(
                work.session, username=form.username.data, password=form.password.data, now=utc_now()
            )
            account_id = account.id if account else None
        if account_id is not None:
            enter(account_id)
            return redirect(_wanted_page() or url_for("learn.start"))
        form.username.errors = [REFUSED]
    return render_template("auth/sign_in.html", form=form), 422 if form.errors else 200


def _wanted_page() -> str | None:
    """The page asked for before sign-in, if it is one of ours: never an address that leads elsewhere."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if is_ours and not parts.scheme and not parts.netloc else None


@public
def sign_out() -> Response:
    """End the session in this browser."""
    leave()
    return redirect(url_for("auth.sign_in"))
