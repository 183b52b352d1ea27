"""Other tries at quizzes: requests that wait, and what an admin gives to one person, with a reason."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovSelect, GovTextArea, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from courses.quizzes.adjustments import MOST_EXTRA, MOST_WORDS, Adjustment, adjust, decline
from courses.quizzes.retry_review import get_newest_attempt, get_retry_review, limited_quizzes, open_retry_requests
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.roles import Role

_EXTRA = f"More tries must be a whole number between 0 and {MOST_EXTRA}"


class FindForm(FlaskForm):
    """Somebody who has not asked."""

    username = StringField("Username", widget=GovTextInput(), validators=[InputRequired("Enter a username")])
    quiz = SelectField("Quiz", widget=GovSelect(), validators=[InputRequired("Select a quiz")], validate_choice=False)


class TryForm(FlaskForm):
    """What to give, and why."""

    extra_attempts = IntegerField(
        "How many more tries?",
        description=f"From 0 to {MOST_EXTRA}.",
        widget=GovTextInput(),
        default=1,
        validators=[Optional(), NumberRange(0, MOST_EXTRA, _EXTRA)],
    )
    waives_pause = BooleanField("Leave out the pause before the next try", widget=GovCheckboxInput())
    reason = TextAreaField(
        "Why?",
        description="They read this, so write it to them.",
        widget=GovTextArea(),
        validators=[
            InputRequired("Write a reason"),
            Length(max=MOST_WORDS, message=f"The reason must be {MOST_WORDS} characters or fewer"),
        ],
    )


@allow(Role.ADMIN)
def quiz_tries() -> str | tuple[str, int] | Response:
    """Requests that wait, oldest first, and a way to help somebody who has not asked."""
    session, form = db.session(), FindForm()
    quizzes = limited_quizzes(session)
    form.quiz.choices = [
        (f"{one.course_slug}/{one.quiz.id}", f"{one.course_title}: {one.quiz.title}") for one in quizzes
    ]
    if form.validate_on_submit():
        slug, _, quiz_id = form.quiz.data.partition("/")
        try:
            attempt_id = get_newest_attempt(session, username=form.username.data or "", course_slug=slug)
        except RuleBroken as refusal:
            form.username.errors = [refusal.message]
        else:
            return redirect(url_for("manage.quiz_try", attempt_id=attempt_id, quiz_id=quiz_id))
    waiting = open_retry_requests(session)
    if waiting:
        note_names_opened("quiz-tries-asked-for", people=len(waiting))
    page = render_template("manage/quiz_tries.html", requests=waiting, form=form, has_quizzes=bool(quizzes))
    return page, 422 if form.errors else 200


@allow(Role.ADMIN)
def quiz_try(attempt_id: int, quiz_id: str) -> str | tuple[str, int] | Response:
    """One person and one quiz: give another try, or say why not."""
    session, form = db.session(), TryForm()
    review = get_retry_review(session, attempt_id=attempt_id, quiz_id=quiz_id)
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                _decide(work.session, form, attempt_id, quiz_id)
        except RuleBroken as refusal:
            form[refusal.field or "reason"].errors = [refusal.message]
            review = get_retry_review(session, attempt_id=attempt_id, quiz_id=quiz_id)
        else:
            flash(f"{review.person_name} can read your answer now")
            return redirect(url_for("manage.quiz_tries"))
    return render_template("manage/quiz_try.html", review=review, form=form), 422 if form.errors else 200


def _decide(session: Session, form: TryForm, attempt_id: int, quiz_id: str) -> None:
    account_id, now = who().account_id, utc_now()
    if "decline" in request.form:
        decline(
            session,
            attempt_id=attempt_id,
            quiz_id=quiz_id,
            reason=form.reason.data or "",
            account_id=account_id,
            now=now,
        )
        return
    adjustment = Adjustment(form.extra_attempts.data or 0, form.waives_pause.data, form.reason.data or "")
    adjust(session, attempt_id=attempt_id, quiz_id=quiz_id, adjustment=adjustment, account_id=account_id, now=now)
