"""How the sending of messages stands, for those who look after the platform. No names and no addresses."""

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import allow, who
from app.extensions import db
from app.learn.messages import KIND_WORDS
from app.mail import find_office
from app.work import unit_of_work
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.message_sending import counts_by_state, retry, retry_all, troubled
from people.messages import SEND_MESSAGES, Message, MessageState
from people.organisations import Organisation
from people.persons import find_main_employment
from people.roles import Role

PAGE_SIZE = 25


@allow(Role.ADMIN)
def messages() -> str:
    """Counts by state, and what failed, with the reason."""
    session = db.session()
    counts, office = counts_by_state(session), find_office()
    pages = max(1, -(-(counts[MessageState.FAILED] + counts[MessageState.PARKED]) // PAGE_SIZE))
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= pages:
        abort(404)
    found = troubled(session, page=page, size=PAGE_SIZE)
    return render_template(
        "manage/messages.html",
        counts=counts,
        place=office.place if office else None,
        rows=[(message, _whose(session, message)) for message in found],
        kind_words=KIND_WORDS,
        page=page,
        pages=pages,
    )


def _whose(session: Session, message: Message) -> str:
    """By what an HR team finds the record whose address may be wrong."""
    job = find_main_employment(session, person_id=message.person_id, on=local_day(utc_now()))
    if job is None:
        return "No job on record"
    return f"{session.get_one(Organisation, job.organisation_id).name}, payroll number {job.payroll_number}"


@allow(Role.ADMIN)
def message_retry(message_id: int) -> Response:
    """Make one failed or parked message due at once."""
    now = utc_now()
    try:
        with unit_of_work() as work:
            retry(work.session, message_id=message_id, now=now)
            _note(work.session, "message-retried", message_id)
            work.ring_after_commit(SEND_MESSAGES)
    except NotFound:
        flash("That message has not failed, or is being sent again already", "important")
    else:
        flash("The message will be sent again now")
    return redirect(url_for("manage.messages"))


@allow(Role.ADMIN)
def message_retry_all() -> Response:
    """Make every failed and parked message due at once."""
    with unit_of_work() as work:
        count = retry_all(work.session, now=utc_now())
        if count:
            _note(work.session, "messages-retried", "all")
            work.ring_after_commit(SEND_MESSAGES)
    if count:
        flash(f"{count:,} {'message' if count == 1 else 'messages'} will be sent again now")
    else:
        flash("No message has failed, so there is nothing to send again", "important")
    return redirect(url_for("manage.messages"))


def _note(session: Session, action: str, subject: object) -> None:
    record(
        session,
        action=action,
        subject_type="message",
        subject_id=subject,
        actor_account_id=who().account_id,
        now=utc_now(),
    )
