"""What one authority asks for: by another day, or no longer. What people have completed stays theirs."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import ValidationError

from app.manage.requirements.asking import people_asked
from app.platform.access import allow, who
from app.platform.day_field import DayField, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.pages.templating import day
from app.platform.work import unit_of_work
from assignments.requirement_changes import (
    CHANGED_MEANWHILE,
    change_due_day,
    get_requirement,
    withdraw_requirement,
)
from assignments.requirements import Requirement
from courses.catalogue.versions import Course, get_course, get_current_version
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.organisations import Organisation, get_organisation
from people.roles import Role
from reports.suppression import SMALLEST_SHOWN


class DayForm(FlaskForm):
    """The day by which people should finish, or that there is none, and which row the person looked at."""

    looked_at = HiddenField()
    no_date = HiddenField()
    due_on = DayField(
        "By when should they finish?",
        name_in_errors="Due date",
        description="For example, 31 3 2027",
        validators=[not_past],
    )

    def validate_due_on(self, field: DayField) -> None:
        """To have no date is a choice of its own: three empty boxes are no answer."""
        if field.data is None and not field.errors and self.no_date.data != "yes":
            raise ValidationError("Enter a date")


def _held(session: Session, slug: str, organisation_slug: str) -> tuple[Course, Organisation, Requirement]:
    course = get_course(session, slug=slug)
    organisation = get_organisation(session, slug=organisation_slug)
    return course, organisation, get_requirement(session, course_id=course.id, organisation_id=organisation.id)


@allow(Role.AUTHOR, Role.ADMIN)
def requirement(slug: str, organisation_slug: str) -> str | tuple[str, int] | Response:
    """What is asked now, of how many, and a form for another day or for none."""
    session = db.session()
    course, organisation, held = _held(session, slug, organisation_slug)
    form = DayForm(data={"due_on": held.due_on})
    wants_none = form.no_date.data == "yes"
    if form.validate_on_submit():
        try:
            return _change(slug, organisation, held, form.looked_at.data, None if wants_none else form.due_on.data)
        except RuleBroken as refusal:
            form.due_on.errors = [refusal.message]  # what was typed stays in the boxes, beneath what is asked by now
            course, organisation, held = _held(session, slug, organisation_slug)
    page = render_template(
        "manage/requirement.html",
        course=course,
        version=get_current_version(session, course_id=course.id),
        organisation=organisation,
        held=held,
        form=form,
        people=people_asked(session, organisation.id),
        smallest=SMALLEST_SHOWN,
    )
    return page, 422 if form.errors else 200


def _change(
    slug: str, organisation: Organisation, held: Requirement, looked_at: str | None, due_on: date | None
) -> Response:
    """Ask by another day, or by none. Raises ``RuleBroken`` when the page that was sent is older than what is asked."""
    name = organisation.name
    if looked_at != str(held.id):
        raise RuleBroken(CHANGED_MEANWHILE)
    with unit_of_work() as work:
        is_new = change_due_day(
            work.session, requirement_id=held.id, due_on=due_on, account_id=who().account_id, now=utc_now()
        )
    how = f"to finish by {day(due_on)}" if due_on else "without a date"
    flash(f"{name} asks {how} from now on" if is_new else f"{name} asked {how} already. Nothing has changed")
    return redirect(url_for("manage.course", slug=slug))


@allow(Role.AUTHOR, Role.ADMIN)
def requirement_withdrawn(slug: str, organisation_slug: str) -> str | Response:
    """Say what ending it means, and end it."""
    session = db.session()
    course, organisation, held = _held(session, slug, organisation_slug)
    if not FlaskForm().validate_on_submit():
        return render_template(
            "manage/requirement_withdrawn.html",
            course=course,
            version=get_current_version(session, course_id=course.id),
            organisation=organisation,
            held=held,
            people=people_asked(session, organisation.id),
            smallest=SMALLEST_SHOWN,
        )
    requirement_id, name = held.id, organisation.name
    try:
        with unit_of_work() as work:
            withdraw_requirement(
                work.session, requirement_id=requirement_id, account_id=who().account_id, now=utc_now()
            )
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(f"{name} no longer asks for this course. Completions and certificates stay")
    return redirect(url_for("manage.course", slug=slug))
