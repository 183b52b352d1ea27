"""Stopping messages and texts by the link that they carry, without signing in."""

from flask import render_template, request

from app.platform.access import public
from app.platform.extensions import csrf, db
from app.platform.forms import FlaskForm
from app.platform.mail.rendering import ONE_CLICK, find_person_of
from app.platform.texts.stopping import find_text_id
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound
from messages.by_text.numbers import take_own_mobile_back
from messages.by_text.record import TextMessage
from messages.choices import refuse_texts, stop_follow_ups


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


@public
def stop_texts(token: str) -> str:
    """Ask first, because phones open links to draw a picture of them; then send no more texts, and forget a number that
    the person gave themselves."""
    session = db.session()
    text_id = find_text_id(token)
    text = session.get(TextMessage, text_id) if text_id is not None else None
    if text is None:
        raise NotFound("texts to stop")
    is_stopped = request.method == "POST"
    if is_stopped:
        with unit_of_work() as work:
            now = utc_now()
            refuse_texts(work.session, person_id=text.person_id, now=now)
            take_own_mobile_back(work.session, person_id=text.person_id, account_id=None, now=now)
    return render_template("public/stop_texts.html", form=StopForm(), is_stopped=is_stopped)
