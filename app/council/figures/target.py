"""The share of people that an authority wants to have finished a course, and by when: set, changed or taken away."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import ValidationError

from app.council.figures.course_choice import CourseChoice, course_choice
from app.platform.access import allow, who
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from assignments.targets import LEAST_PERCENT, MOST_PERCENT, Target, find_target, set_target
from kernel.clock import local_day, utc_now
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scope

AWAY, _MOST_DIGITS = "away", 3


def _share(typed: str | None) -> int | None:
    text = (typed or "").strip().removesuffix("%").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        return None
    return int(text) if LEAST_PERCENT <= int(text) <= MOST_PERCENT else None


class TargetForm(FlaskForm):
    """A share in whole per cent and a day."""

    percent = StringField("Share of people who should have finished, in per cent", widget=GovTextInput())
    by_on = DayField("By when", name_in_errors="By when")

    def validate_percent(self, field: StringField) -> None:
        """A whole number of per cent."""
        if _share(field.data) is None:
            raise ValidationError("Enter a whole number from 1 to 100, such as 90")

    def validate_by_on(self, field: DayField) -> None:
        """A day that is not over: a target in the past cannot be worked towards."""
        if field.data is None:
            raise ValidationError("Enter the day by which they should have finished")
        if field.data < local_day(utc_now()):
            raise ValidationError("By when must be today or later")


@allow(Role.HR_LEAD, Role.ADMIN)
def target(slug: str) -> str | tuple[str, int] | Response:
    """The target of one course or programme."""
    session = db.session()
    organisation = requirements_scope(session, who(), slug=slug)
    choice = course_choice(session, organisation_id=organisation.id)
    course = choice.get_course()
    held = find_target(session, organisation_id=organisation.id, course_id=course.id)
    form = TargetForm(data={"percent": str(held.percent), "by_on": held.by_on} if held else None)
    if request.method == "POST" and AWAY in request.form:
        return _keep(organisation, choice, None)
    share, by_on = _share(form.percent.data), form.by_on.data
    if form.validate_on_submit() and share is not None and by_on is not None:
        return _keep(organisation, choice, Target(share, by_on))
    shown = render_template("council/target.html", organisation=organisation, courses=choice, form=form, held=held)
    return shown, 422 if form.errors else 200


def _keep(organisation: Organisation, choice: CourseChoice, wanted: Target | None) -> Response:
    slug, course = organisation.slug, choice.get_course()
    with unit_of_work() as work:
        set_target(
            work.session,
            organisation_id=organisation.id,
            course_id=course.id,
            target=wanted,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("The target is kept" if wanted else "There is no target any more")
    return redirect(url_for("council.overview", slug=slug, course=None if choice.is_default else course.slug))
