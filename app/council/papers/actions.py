"""What an authority decided to do for equality: the list, adding to it, and saying what became of something."""

from flask import abort, flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import ValidationError

from app.platform.access import allow, who
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.requests import number_in
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.roles import Role
from people.visibility import hr_scope
from reports.evidence.actions import (
    ENDED_ALREADY,
    ActionEnd,
    EqualityAction,
    EqualityActionEnd,
    ListedAction,
    NewEnd,
    actions_on,
    add_action,
    count_actions,
    end_action,
    get_action,
)

PAGE_SIZE = 50


class ActionForm(FlaskForm):
    """What was decided, when, and by when it is to be done."""

    words = line(
        "What was decided?",
        "Enter what was decided",
        EqualityAction.words,
        "Such as “Every panel for hiring has somebody who has taken the course”. Do not name people",
    )
    decided_on = DayField("When was it decided?", name_in_errors="The day of the decision")
    due_on = DayField("By when is it to be done?", name_in_errors="By when")

    def validate_decided_on(self, field: DayField) -> None:
        """A day that has come."""
        if field.data is None:
            raise ValidationError("Enter the day on which it was decided")
        if field.data > local_day(utc_now()):
            raise ValidationError("The day of the decision must be today or in the past")

    def validate_due_on(self, field: DayField) -> None:
        """A day that is not before the decision."""
        if field.data is None:
            raise ValidationError("Enter by when it is to be done")
        if self.decided_on.data is not None and field.data < self.decided_on.data:
            raise ValidationError("By when must not be before the day of the decision")


class ActionEndForm(FlaskForm):
    """What became of it, when, and in words."""

    end = RadioField(
        "What became of it?",
        choices=[SelectChoice(ActionEnd.DONE, "It is done"), SelectChoice(ActionEnd.DROPPED, "It was dropped")],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    on = DayField("When?", name_in_errors="The day")
    words = line(
        "In words", "Enter what was done, or why it was dropped", EqualityActionEnd.words, "Do not name people"
    )

    def validate_end(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in list(ActionEnd):
            raise ValidationError("Select what became of it")

    def validate_on(self, field: DayField) -> None:
        """A day that has come."""
        if field.data is None:
            raise ValidationError("Enter the day on which it was done or dropped")
        if field.data > local_day(utc_now()):
            raise ValidationError("The day must be today or in the past")


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_actions(slug: str) -> tuple[str, int] | Response:
    """The list, and adding to it."""
    session, today = db.session(), local_day(utc_now())
    organisation = hr_scope(session, who(), slug=slug)
    form = ActionForm()
    if form.validate_on_submit():
        _add(organisation.id, form)
        return redirect(url_for("council.evidence_actions", slug=slug))
    how_many = count_actions(session, organisation_id=organisation.id, on=today)
    pages, page = max(1, -(-how_many // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    start = (page - 1) * PAGE_SIZE
    shown = render_template(
        "council/evidence_actions.html",
        organisation=organisation,
        form=form,
        actions=actions_on(session, organisation_id=organisation.id, on=today, limit=PAGE_SIZE, offset=start),
        how_many=how_many,
        today=today,
        page=page,
        pages=pages,
    )
    return shown, 422 if form.errors else 200


def _add(organisation_id: int, form: ActionForm) -> None:
    decided_on, due_on = form.decided_on.data, form.due_on.data
    if decided_on is None or due_on is None:
        abort(422)
    with unit_of_work() as work:
        add_action(
            work.session,
            organisation_id=organisation_id,
            words=form.words.data or "",
            decided_on=decided_on,
            due_on=due_on,
            account_id=who().account_id,
            now=utc_now(),
        )
    flash("The action is on the list")


@allow(Role.HR_LEAD, Role.ADMIN)
def evidence_action(slug: str, action_id: int) -> tuple[str, int] | Response:
    """One action, and saying what became of it."""
    session = db.session()
    organisation = hr_scope(session, who(), slug=slug)
    action = get_action(session, action_id=action_id, organisation_id=organisation.id)
    form = ActionEndForm(data={"on": local_day(utc_now())})
    if form.validate_on_submit() and form.on.data is not None:
        if form.on.data >= action.decided_on:
            _end(organisation.id, action, form)
            return redirect(url_for("council.evidence_actions", slug=slug))
        form.on.errors = ["The day must not be before the day of the decision"]
    shown = render_template("council/evidence_action.html", organisation=organisation, form=form, action=action)
    return shown, 422 if form.errors else 200


def _end(organisation_id: int, action: ListedAction, form: ActionEndForm) -> None:
    on = form.on.data
    if on is None:
        abort(422)
    try:
        with unit_of_work() as work:
            end_action(
                work.session,
                action.id,
                NewEnd(ActionEnd(form.end.data), on, form.words.data or ""),
                organisation_id=organisation_id,
                account_id=who().account_id,
                now=utc_now(),
            )
    except RuleBroken:
        flash(ENDED_ALREADY, "important")
    else:
        flash("It is kept")
