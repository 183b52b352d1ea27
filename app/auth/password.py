"""Sign-in with a username and a password."""

from flask import redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from app.auth.devices import device_of
from app.auth.limits import LONGEST_NAME, address_and_name, for_one_address, for_one_name, was_refused
from app.auth.wanted import wanted_page
from app.platform.access import end_session, find_signed_in_person, longest_session, public, start_session
from app.platform.extensions import limiter, visitor_address
from app.platform.forms import FlaskForm
from app.platform.pages import unsent
from app.platform.pages.navigation import home_of
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.accounts import sign_in as check_credentials
from people.password_rules import LONGEST_PASSWORD
from people.sessions import BegunSession, begin_session

REFUSED = "Check your username and password. One of them does not match our records"

NOT_SAVED = {True: unsent.NOT_SAVED, False: "What you sent last was not saved"}


class SignInForm(FlaskForm):
    """Username and password."""

    username = StringField(
        "Username",
        widget=GovTextInput(),
        validators=[InputRequired("Enter your username"), Length(max=LONGEST_NAME)],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[InputRequired("Enter your password"), Length(max=LONGEST_PASSWORD)],
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())

    class Meta(FlaskForm.Meta):
        """Everybody gets the same page."""

        is_alike = True


@public
@limiter.limit(for_one_address, key_func=visitor_address, methods=["POST"], deduct_when=was_refused)
@limiter.limit(for_one_name, key_func=address_and_name, methods=["POST"], deduct_when=was_refused)
def sign_in() -> str | tuple[str, int] | Response:
    """Ask for credentials; then go where the person wanted to go."""
    person = find_signed_in_person()
    if person is not None:  # in another tab, it may be
        is_back = unsent.owner_in_address() == person.account_id
        return redirect((wanted_page() if is_back else None) or home_of(person))
    form = SignInForm()
    if form.validate_on_submit():
        begun = _begin(form.username.data or "", form.password.data or "")
        if begun is not None:
            start_session(begun)
            return redirect(_way_back(begun.account_id) or url_for("learn.start"))
        form.username.errors = [REFUSED]
    not_saved = NOT_SAVED[is_answer()] if request.args.get("unsaved") else None
    return render_template("auth/sign_in.html", form=form, not_saved=not_saved), 422 if form.errors else 200


def _way_back(account_id: int) -> str | None:
    """Where the person wanted to go, with what has to be said there; nowhere, if somebody else had posted to it."""
    is_own, unsaved = unsent.owner_in_address() in (None, account_id), request.args.get("unsaved")
    wanted = wanted_page() if is_own else None
    if is_own and unsaved:
        unsent.say_not_saved(NOT_SAVED[is_answer()], is_kept=unsaved == "kept")
    unsent.say_what_waits(account_id, besides=wanted)
    return wanted


def is_answer() -> bool:
    """Whether what was sent without being signed in was a learner’s."""
    return request.args.get("unsaved") in {"answer", "kept"}


def _begin(username: str, password: str) -> BegunSession | None:
    now = utc_now()
    with unit_of_work() as work:
        account = check_credentials(work.session, username=username, password=password, now=now)
        if account is None:
            return None
        device = device_of(request.user_agent.string)
        return begin_session(work.session, account_id=account.id, device=device, now=now, longest=longest_session())


@public
def sign_out() -> Response:
    """End the session in this browser."""
    end_session()
    return redirect(url_for("auth.sign_in"))
