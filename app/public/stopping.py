"""Stopping messages by the link that they carry, without signing in."""

from flask import render_template, request

from app.platform.access import public
from app.platform.extensions import csrf
from app.platform.forms import FlaskForm
from app.platform.mail.rendering import ONE_CLICK, find_person_of
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound
from messages.choices import stop_follow_ups


class StopForm(FlaskForm):
    """Nothing to fill in: the link says whose messages they are."""


@public
def stop_messages(token: str) -> str:
    """Ask first, because mail programs open links by themselves; then stop the messages about follow-ups.

    The server of a mail provider posts one field, whose name and value RFC 8058 fixes, and has no form token.
    """
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        csrf.protect()
    person_id = find_person_of(token)
    if person_id is None:
        raise NotFound("messages to stop")
    is_stopped = request.method == "POST"
    if is_stopped:
        with unit_of_work() as work:
            stop_follow_ups(work.session, person_id=person_id, now=utc_now())
    return render_template("public/stop_messages.html", form=StopForm(), is_stopped=is_stopped)
