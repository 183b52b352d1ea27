"""What a person chooses about their messages, and their own plan by mail."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import ValidationError

from app.learn.own_words.reach import how_reached
from app.learn.place.unsent_words import find_own
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.mail.kind_words import KIND_WORDS
from app.platform.mail.transport import find_mail_transport
from app.platform.pages.clashes import ClashView, clash_view
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.reflection.plan_messages import ask_for_plan
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.seen import FIELD, ChangedMeanwhile
from kernel.tasks.control import is_any_due
from messages.choices import Choices, Frequency, TextUse, choices_of, choose, marks_of_choices
from messages.ledger import SEND_MESSAGES, messages_to
from messages.sending import MAIL

MOST_SHOWN = 20


class MessagesForm(FlaskForm):
    """When to hear of certificates, and whether to hear of follow-ups."""

    certificates = RadioField(
        "When a certificate is ready, tell me",
        choices=[
            SelectChoice(Frequency.AT_ONCE.value, "At once"),
            SelectChoice(Frequency.DAILY.value, "Once a day, at 8 in the morning"),
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

    texts = RadioField(
        "Text messages",
        choices=[
            SelectChoice(TextUse.WITHOUT_MAIL.value, "Only while no email reaches me"),
            SelectChoice(TextUse.ALWAYS.value, "Instead of email"),
            SelectChoice(TextUse.NEVER.value, "Never"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
    )

    def validate_certificates(self, field: RadioField) -> None:
        """Only what is offered can be picked."""
        if field.data not in list(Frequency):
            raise ValidationError("Select when to tell you about certificates")

    def validate_follow_ups(self, field: RadioField) -> None:
        """Only what is offered can be picked."""
        if field.data not in {"yes", "no"}:
            raise ValidationError("Select whether to tell you about follow-ups")

    def validate_texts(self, field: RadioField) -> None:
        """Only what is offered can be picked. A page from before texts has no such field."""
        if field.data not in list(TextUse):
            raise ValidationError("Select when to send you texts")


@signed_in
@kept_when_signed_out
def messages() -> tuple[str, int] | Response:
    """The choices, where messages go, and what was sent so far."""
    session, person_id = db.session(), who().person_id
    chosen = choices_of(session, person_ids=[person_id])[person_id]
    again = find_own(session, "learn.messages") if request.method == "GET" else None
    form, clash = MessagesForm(data=_stored(chosen) | (again.fields.to_dict() if again else {})), None
    if form.validate_on_submit():
        try:
            _keep(form)
        except ChangedMeanwhile as refusal:
            clash = _both(form, choices_of(session, person_ids=[person_id])[person_id], refusal)
        else:
            flash("Your choices are saved")
            return redirect(url_for("learn.messages"))
    page = render_template(
        "learn/messages.html",
        form=form,
        clash=clash,
        seen=again.fields.get(FIELD, "") if again else _seen_now(session, person_id),
        reach=how_reached(session, person_id=person_id),
        sent=messages_to(session, person_id=person_id, limit=MOST_SHOWN),
        kind_words=KIND_WORDS,
    )
    return page, 409 if clash else 422 if form.errors else 200


def _stored(chosen: Choices) -> dict[str, str]:
    return {
        "certificates": chosen.certificates.value,
        "follow_ups": "yes" if chosen.has_follow_ups else "no",
        "texts": chosen.texts.value,
    }


def _seen_now(session: Session, person_id: int) -> str:
    return marks_of_choices(choices_of(session, person_ids=[person_id])[person_id])


def _keep(form: MessagesForm) -> None:
    picked = Choices(Frequency(form.certificates.data), form.follow_ups.data == "yes", TextUse(form.texts.data))
    seen = request.form.get(FIELD, "")
    with unit_of_work() as work:
        choose(work.session, person_id=who().person_id, choices=picked, now=utc_now(), seen=seen)


def _both(form: MessagesForm, saved: Choices, refusal: ChangedMeanwhile) -> ClashView:
    stored = _stored(saved)
    fields = {"certificates": form.certificates, "follow_ups": form.follow_ups, "texts": form.texts}
    rows = [
        (fields[name].label.text, _chosen(fields[name], stored[name]), _chosen(fields[name], fields[name].data))
        for name in refusal.names
    ]
    return clash_view("messages", rows, keep_url=url_for("learn.messages"))


def _chosen(field: RadioField, value: str) -> str:
    return next(str(option.label.text) for option in field if option.data == value)


@signed_in
def mail_plan(form_id: str) -> Response:
    """Mail the plan to its writer, who has just asked for it."""
    try:
        with unit_of_work() as work:
            now = utc_now()
            ask_for_plan(work.session, person_id=who().person_id, form_id=form_id, now=now)
            if find_mail_transport() is not None and is_any_due(work.session, MAIL, now=now):
                work.ring_after_commit(SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("Your plan is on its way to your email address")
    return redirect(url_for("learn.plan"))
