"""The examples that fit somebody's job: picked on a screen of the course, and changed on a page of their own."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import ValidationError

from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from courses.catalogue.example_sets import choose_examples
from courses.records.attempts import CurrentAttempt, find_attempt_with_local_wording
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
        if field.data not in [option.data for option in field]:
            raise ValidationError(SELECT)


@signed_in
def examples(slug: str) -> str | tuple[str, int] | Response:
    """Change the set; the choice counts from the next page on."""
    session, now = db.session(), utc_now()
    found = find_attempt_with_local_wording(session, person_id=who().person_id, slug=slug, on=local_day(now))
    if found is None:
        return redirect(url_for("learn.course", slug=slug))
    attempt, local_wording = found
    document = attempt.document(session)
    if not document.examples:
        raise NotFound(f"examples of {slug}")
    form = ExamplesForm(data={"examples": document.example_set(local_wording.example_set)})
    form.examples.choices = [(one.id, one.name) for one in document.examples]
    if form.validate_on_submit():
        with unit_of_work() as work:
            keep_choice(work.session, attempt, form.examples.data, now=now)
        flash("Your choice is saved. It changes the stories from now on.")
        return redirect(url_for("learn.course", slug=slug))
    return render_template("learn/examples.html", course=document, form=form), 422 if form.errors else 200


def keep_choice(session: Session, attempt: CurrentAttempt, set_id: str, *, now: datetime) -> None:
    """Keep a set for the person at the keyboard. Raises ``RuleBroken``."""
    choose_examples(
        session,
        person_id=attempt.person_id,
        course_id=attempt.course_id,
        document=attempt.document(session),
        set_id=set_id,
        now=now,
    )
