"""How the sending of messages stands, for those who look after the platform. No names and no addresses."""

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.mail.bounce_boxes import find_bounce_box
from app.platform.mail.kind_words import KIND_WORDS
from app.platform.mail.transport import find_mail_transport
from app.platform.texts.carriers import find_text_carrier
from app.platform.work import unit_of_work
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.tasks.control import counts_by_state, retry
from kernel.tasks.kinds import TaskState
from messages.bounces.looks import BounceLook, find_look
from messages.ledger import SEND_MESSAGES, Message
from messages.sending import MAIL, troubled
from people.jobs.reading import find_main_employment
from people.organisations import Organisation
from people.roles import Role

PAGE_SIZE = 25


@allow(Role.ADMIN)
def messages() -> str:
    """Counts by state, and what failed, with the reason."""
    session = db.session()
    counts, transport, carrier = counts_by_state(session, MAIL), find_mail_transport(), find_text_carrier()
    pages = max(1, -(-(counts[TaskState.FAILED] + counts[TaskState.PARKED]) // PAGE_SIZE))
    page = number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    found = troubled(session, page=page, size=PAGE_SIZE)
    return render_template(
        "manage/messages.html",
        counts=counts,
        place=transport.place if transport else None,
        texts_place=carrier.place if carrier else None,
        look=_last_look(session),
        rows=[(message, _whose(session, message)) for message in found],
        kind_words=KIND_WORDS,
        page=page,
        pages=pages,
    )


def _last_look(session: Session) -> BounceLook | None:
    box = find_bounce_box()
    return find_look(session, place=box.place) if box else None


def _whose(session: Session, message: Message) -> str:
    """By what an HR team finds the record whose address may be wrong."""
    job = find_main_employment(session, person_id=message.person_id, on=local_day(utc_now()))
    if job is None:
        return "No job on record"
    return f"{session.get_one(Organisation, job.organisation_id).name}, payroll number {job.payroll_number}"


@allow(Role.ADMIN)
def message_retry(message_id: int) -> Response:
    """Make one failed or parked message due at once."""
    with unit_of_work() as work:
        count = retry(work.session, MAIL, which=Message.id == message_id, now=utc_now())
        if count:
            _note(work.session, "message-retried", message_id)
            work.ring_after_commit(SEND_MESSAGES)
    if count:
        flash("The message will be sent again now")
    else:
        flash("That message has not failed, or is being sent again already", "important")
    return redirect(url_for("manage.messages"))


@allow(Role.ADMIN)
def message_retry_all() -> Response:
    """Make every failed and parked message due at once."""
    with unit_of_work() as work:
        count = retry(work.session, MAIL, now=utc_now())
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
