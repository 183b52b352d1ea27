"""What a person chooses about their messages, and their own plan by mail."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app.access import signed_in, who
from app.extensions import db
from app.mail import find_office
from app.work import unit_of_work
from certificates.announcing import CERTIFICATE_READY
from courses.follow_up_messages import FOLLOW_UP_OPEN, FOLLOW_UP_REMINDER
from courses.plan_messages import OWN_PLAN, ask_for_plan
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.message_choices import Choices, Pace, choices_of, choose
from people.message_sending import is_any_due
from people.messages import SEND_MESSAGES, messages_to
from people.persons import Person

KIND_WORDS = {
    CERTIFICATE_READY: "A certificate is ready",
    FOLLOW_UP_OPEN: "A follow-up is open",
    FOLLOW_UP_REMINDER: "A follow-up is still open",
    OWN_PLAN: "Your plan, which you asked for",
}
MOST_SHOWN = 20


class MessagesForm(FlaskForm):  # type: ignore[misc]
    """When to hear of certificates, and whether to hear of follow-ups."""

    certificates = RadioField(
        "When a certificate is ready, tell me",
        choices=[
            SelectChoice(Pace.AT_ONCE.value, "At once"),
            SelectChoice(Pace.DAILY.value, "Once a day, at 8 in the morning"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    follow_ups = RadioField(
        "When a follow-up opens, tell me",
        choices=[SelectChoice("yes", "Yes, and remind me once after five days"), SelectChoice("no", "No")],
        widget=GovRadioInput(),
        validate_choice=False,
    )

    def validate_certificates(self, field: RadioField) -> None:
        """Only what is offered can be picked."""
        if field.data not in list(Pace):
            raise ValidationError("Select when to tell you about certificates")

    def validate_follow_ups(self, field: RadioField) -> None:
        """Only what is offered can be picked."""
        if field.data not in {"yes", "no"}:
            raise ValidationError("Select whether to tell you about follow-ups")


@signed_in
def messages() -> tuple[str, int] | Response:
    """The choices, where messages go, and what was sent so far."""
    session, person_id = db.session(), who().person_id
    chosen = choices_of(session, person_ids=[person_id])[person_id]
    now = {"certificates": chosen.certificates.value, "follow_ups": "yes" if chosen.has_follow_ups else "no"}
    form = MessagesForm(data=now)
    if form.validate_on_submit():
        with unit_of_work() as work:
            picked = Choices(Pace(form.certificates.data), form.follow_ups.data == "yes")
            choose(work.session, person_id=person_id, choices=picked, now=utc_now())
        flash("Your choices are saved")
        return redirect(url_for("learn.messages"))
    page = render_template(
        "learn/messages.html",
        form=form,
        address=session.get_one(Person, person_id).email,
        is_mail_sent=find_office() is not None,
        sent=messages_to(session, person_id=person_id, limit=MOST_SHOWN),
        kind_words=KIND_WORDS,
    )
    return page, 422 if form.errors else 200


@signed_in
def mail_plan(form_id: str) -> Response:
    """Mail the plan to its writer, who has just asked for it."""
    try:
        with unit_of_work() as work:
            now = utc_now()
            ask_for_plan(work.session, person_id=who().person_id, form_id=form_id, now=now)
            if find_office() is not None and is_any_due(work.session, now=now):
                work.ring_after_commit(SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("Your plan is on its way to your email address")
    return redirect(url_for("learn.plan"))
