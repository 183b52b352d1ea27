"""Coming in for the first time: with a sign-in card, or by an invitation that one browser accepts.

Scanners open the links in mails, and some follow every link on the page. Opening changes nothing; the button does, and
from then on the invitation is open in this browser alone, whose cookie holds what opens it.
"""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.auth.devices import device_of
from app.auth.new_password import ACCEPTED, NewPasswordForm
from app.platform.access import longest_session, public, start_session
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.accounts import get_account
from people.password_resets import find_open_reset, use_reset
from people.sessions import BegunSession, begin_session
from people.ways_in.leaves import accept_invitation, find_invitation

ANSWERED = (
    "This invitation has been used, or its time is over. If you opened it in another browser, go on there. "
    "If not, ask your HR team for a new one"
)


@public
def card() -> Response:
    """The short address on sign-in cards. The picture on a card leads here too, and says whose it is."""
    return redirect(url_for("auth.sign_in_code", username=request.args.get("username") or None))


@public
def invitation(token: str) -> str | tuple[str, int] | Response:
    """Say what this is, and wait for the person’s own press of the button."""
    if find_open_reset(db.session(), token=session.get(ACCEPTED, ""), now=utc_now()) is not None:
        return redirect(url_for("auth.first_password"))  # opened here once more
    if find_invitation(db.session(), token=token, now=utc_now()) is None:
        return render_template("auth/invitation.html", message=ANSWERED), 410
    if request.method != "POST":  # scanners of mail follow links; none presses a button
        return render_template("auth/invitation.html", message=None)
    try:
        with unit_of_work() as work:
            session[ACCEPTED] = accept_invitation(work.session, token=token, now=utc_now())
        session.permanent = True  # a phone forgets the rest when its browser is closed
    except RuleBroken:
        return render_template("auth/invitation.html", message=ANSWERED), 410
    return redirect(url_for("auth.first_password"))


@public
def first_password() -> str | tuple[str, int] | Response:
    """Set the first password in the browser that accepted the invitation, and be signed in."""
    token = session.get(ACCEPTED, "")
    leave = find_open_reset(db.session(), token=token, now=utc_now())
    if leave is None:
        return render_template("auth/first_password.html", form=None, message=ANSWERED), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            begun = set_first_password(token, form.password.data or "")
        except RuleBroken as refusal:
            form.password.errors = [refusal.message]
        else:
            start_session(begun)
            return redirect(url_for("learn.start"))
    username = get_account(db.session(), account_id=leave.account_id).username
    page = render_template("auth/first_password.html", form=form, message=None, username=username)
    return page, 422 if form.errors else 200


def set_first_password(token: str, password: str) -> BegunSession:
    """Use a card or an invitation, and begin the person’s first session. Raises ``RuleBroken``."""
    now = utc_now()
    with unit_of_work() as work:
        account = use_reset(work.session, token=token, password=password, now=now)
        account.last_signed_in_at = now
        record(
            work.session,
            action="password-set",
            subject_type="account",
            subject_id=account.id,
            actor_account_id=account.id,
            now=now,
        )
        device = device_of(request.user_agent.string)
        return begin_session(work.session, account_id=account.id, device=device, now=now, longest=longest_session())
