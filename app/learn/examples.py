"""The examples that fit somebody's job: picked on a screen of the course, and changed on a page of their own."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import ValidationError

from app.access import signed_in, who
from app.extensions import db
from app.work import unit_of_work
from courses.attempts import CurrentAttempt, find_attempt_with_locality, get_attempt
from courses.example_sets import choose_examples
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound

SELECT = "Select the examples that fit your job"


class ExamplesForm(FlaskForm):
    """One choice among the sets of a course."""

    examples = RadioField(
        "Which examples fit your job?",
        widget=GovRadioInput(),
        validate_choice=False,
    )

    def validate_examples(self, field: RadioField) -> None:
        """Only a set of the course can be picked."""
        if field.data not in dict(field.choices):
            raise ValidationError(SELECT)


@signed_in
def examples(slug: str) -> str | tuple[str, int] | Response:
    """Change the set; the choice counts from the next page on."""
    session, person_id = db.session(), who().person_id
    found = find_attempt_with_locality(session, person_id=person_id, slug=slug, on=local_day(utc_now()))
    if found is None:
        return redirect(url_for("learn.course", slug=slug))
    attempt, locality = found
    document = attempt.document(session)
    if not document.examples:
        raise NotFound(f"examples of {slug}")
    form = ExamplesForm(data={"examples": document.example_set(locality.example_set)})
    form.examples.choices = [(one.id, one.name) for one in document.examples]
    if form.validate_on_submit():
        with unit_of_work() as work:
            keep_choice(work.session, attempt, form.examples.data)
        flash("Your choice is saved. It changes the stories from now on.")
        return redirect(url_for("learn.course", slug=slug))
    return render_template("learn/examples.html", course=document, form=form), 422 if form.errors else 200


def keep_posted_choice(session: Session, slug: str) -> None:
    """Keep the set that was picked on a screen of the course, if its form held one. Raises ``RuleBroken``."""
    picked = request.form.get("examples")
    if picked is not None:
        keep_choice(session, get_attempt(session, person_id=who().person_id, slug=slug), picked)


def keep_choice(session: Session, attempt: CurrentAttempt, set_id: str) -> None:
    """Keep a set for the person at the keyboard. Raises ``RuleBroken``."""
    choose_examples(
        session,
        person_id=attempt.person_id,
        course_id=attempt.course_id,
        document=attempt.document(session),
        set_id=set_id,
        now=utc_now(),
    )
