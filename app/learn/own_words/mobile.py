"""A person's own mobile number for texts: proven with a code, given with their consent, and taken back at any time."""

import re
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.learn.own_words.reach import how_reached
from app.learn.place.unsent_words import find_own
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.texts.carriers import ways_here
from app.platform.texts.codes import code_key
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.mobiles.writing import NotAMobile, mobile_in_words, read_mobile
from kernel.tasks.kinds import TaskState
from messages.by_text.numbers import find_own_mobile, take_own_mobile_back
from messages.by_text.proving import SEND_CODES, TriedCode, ask_for_code, find_open_code, try_code
from messages.by_text.record import try_number_again

OVER = "This code does not work any more. Ask for another"


class MobileForm(FlaskForm):
    """The number, and that texts may go to it."""

    number = StringField("Mobile number", widget=GovTextInput())
    agree = BooleanField("I agree that Common Ground sends texts to this number", widget=GovCheckboxInput())

    def validate_number(self, field: StringField) -> None:
        """A number to which texts can go."""
        try:
            read_mobile(field.data or "")
        except NotAMobile as problem:
            raise ValidationError(str(problem)) from problem

    def validate_agree(self, field: BooleanField) -> None:
        """Without consent no number is kept."""
        if not field.data:
            raise ValidationError("Select that you agree to texts to this number")


class CodeForm(FlaskForm):
    """The code that came."""

    code = StringField(
        "Code", description="Six figures", widget=GovTextInput(), validators=[InputRequired("Enter the code")]
    )

    def validate_code(self, field: StringField) -> None:
        """Six figures, with blanks between them or not. Anything else is no try."""
        if not re.fullmatch(r"[0-9]{6}", "".join((field.data or "").split())):
            raise ValidationError("Enter the six figures of the code")


@signed_in
@kept_when_signed_out
def mobile() -> tuple[str, int] | Response:
    """The number that somebody gave, and giving one."""
    session, person_id = db.session(), who().person_id
    own = find_own_mobile(session, person_id=person_id)
    again = find_own(session, "learn.mobile") if request.method == "GET" else None
    form = MobileForm(data=_typed(again.fields) if again else None)
    if form.validate_on_submit():
        try:
            _ask_for_code(form, person_id)
        except RuleBroken as refusal:
            form[refusal.field or "number"].errors = [refusal.message]
        else:
            return redirect(url_for("learn.mobile_code"))
    page = render_template(
        "learn/mobile.html",
        form=form,
        own=mobile_in_words(own.number) if own and own.number else "",
        agreed_at=own.agreed_at if own else None,
        is_proven=own is not None and own.proven_at is not None,
        reach=how_reached(session, person_id=person_id),
    )
    return page, 422 if form.errors else 200


def _ask_for_code(form: MobileForm, person_id: int) -> None:
    """Have a code sent. Raises ``RuleBroken`` with the field."""
    if not ways_here().sends_texts:
        raise RuleBroken("This site sends no texts at the moment, so no number can be proven", field="number")
    with unit_of_work() as work:
        ask_for_code(
            work.session,
            person_id=person_id,
            written=form.number.data or "",
            has_agreed=bool(form.agree.data),
            now=utc_now(),
        )
        work.ring_after_commit(SEND_CODES)


@signed_in
def mobile_code() -> tuple[str, int] | Response:
    """Type in the code that went to a number; then texts go there."""
    form, person_id = CodeForm(), who().person_id
    if form.validate_on_submit():
        with unit_of_work() as work:
            tried = try_code(
                work.session,
                person_id=person_id,
                typed=form.code.data or "",
                key=code_key(),
                account_id=who().account_id,
                now=utc_now(),
            )
        if tried.number:
            flash("Your number is saved")
            return redirect(url_for("learn.messages"))
        if tried.is_over:
            flash(OVER, "important")
            return redirect(url_for("learn.mobile"))
        form.code.errors = [_why_not(tried)]
    return _code_page(form, person_id)


def _code_page(form: CodeForm, person_id: int) -> tuple[str, int] | Response:
    waiting = find_open_code(db.session(), person_id=person_id, now=utc_now())
    if waiting is None:
        if form.is_submitted():
            flash(OVER, "important")
        return redirect(url_for("learn.mobile"))
    page = render_template(
        "learn/mobile_code.html",
        form=form,
        number=mobile_in_words(waiting.number),
        is_sent=waiting.handed_at is not None,
        failed=waiting.state is TaskState.PARKED,
        tries_left=waiting.tries_left,
    )
    return page, 422 if form.errors else 200


def _why_not(tried: TriedCode) -> str:
    if not tried.tries_left:
        return "The code is still on its way. Wait until it has come"
    return f"This is not the code. You have {'1 try' if tried.tries_left == 1 else f'{tried.tries_left} tries'} left"


def _typed(fields: Mapping[str, str]) -> dict[str, object]:
    """What somebody sent after they were signed out, to be sent again."""
    return {"number": fields.get("number", ""), "agree": "agree" in fields}


@signed_in
def mobile_taken_back() -> Response:
    """Forget the number at once."""
    with unit_of_work() as work:
        taken = take_own_mobile_back(
            work.session, person_id=who().person_id, account_id=who().account_id, now=utc_now()
        )
    flash("Your own number is deleted" if taken else "We hold no number that you gave yourself")
    return redirect(url_for("learn.messages"))


@signed_in
def mobile_tried_again() -> Response:
    """Let texts go again to a number that did not work."""
    with unit_of_work() as work:
        is_new = try_number_again(work.session, person_id=who().person_id, account_id=who().account_id, now=utc_now())
    flash("Texts go there again" if is_new else "Texts go there already")
    return redirect(url_for("learn.messages"))
