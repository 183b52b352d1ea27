"""Stopping messages by the link that they carry, without signing in."""

from flask import render_template, request
from flask_wtf import FlaskForm

from app.access import public
from app.letters import find_person_of
from app.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.message_choices import stop_follow_ups


class StopForm(FlaskForm):  # type: ignore[misc]
    """Nothing to fill in: the link says whose messages they are."""


@public
def stop_messages(token: str) -> str:
    """Ask first, because mail programs open links by themselves; then stop the messages about follow-ups."""
    person_id = find_person_of(token)
    if person_id is None:
        raise NotFound("messages to stop")
    form = StopForm()
    is_stopped = request.method == "POST" and form.validate_on_submit()
    if is_stopped:
        with unit_of_work() as work:
            stop_follow_ups(work.session, person_id=person_id, now=utc_now())
    return render_template("public/stop_messages.html", form=form, is_stopped=is_stopped)
