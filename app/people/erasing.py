"""Erasing a person: first what it would take, then doing it. For admins alone, and in two steps."""

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from privacy.erasing.erasure import ErasureReason, erase_person, preview_erasure
from privacy.erasing.files import DELETE_ERASED_FILES

REASONS = [
    SelectChoice(ErasureReason.ASKED.value, "They asked for it"),
    SelectChoice(ErasureReason.TIME_IS_OVER.value, "The time for which their employer keeps the record is over"),
    SelectChoice(ErasureReason.MISTAKE.value, "The record should never have been made"),
]


class ErasureForm(FlaskForm):
    """Why, and that somebody has looked at whom."""

    reason = RadioField(
        "Why is this person erased?",
        widget=GovRadioInput(),
        choices=REASONS,
        validators=[InputRequired("Select why this person is erased")],
    )
    is_sure = BooleanField(
        "I have made sure that this is the right person, and that nothing of it is needed any more",
        widget=GovCheckboxInput(),
        validators=[InputRequired("Tick the box once you have made sure")],
    )


@allow(Role.ADMIN)
def person_erased(person_id: int) -> str | tuple[str, int] | Response:
    """What would go and what would stay, and a button; then it is done for good."""
    now, by, form = utc_now(), who().account_id, ErasureForm()
    if form.validate_on_submit():
        try:
            _erase(person_id, ErasureReason(form.reason.data))
        except RuleBroken as refusal:
            flash(refusal.message, "important")
        else:
            flash("The person is erased. Their completions stay in the figures without a name.")
        return redirect(url_for("people.person", person_id=person_id))
    found = preview_erasure(db.session(), person_id=person_id, by=by, on=local_day(now))
    page = render_template("people/person_erased.html", found=found, form=form)
    return page, 422 if form.errors else 200


def _erase(person_id: int, reason: ErasureReason) -> None:
    now = utc_now()
    with unit_of_work() as work:
        erase_person(work.session, person_id=person_id, reason=reason, by=who().account_id, on=local_day(now), now=now)
        work.ring_after_commit(DELETE_ERASED_FILES)
