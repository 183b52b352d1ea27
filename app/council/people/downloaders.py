"""Who may download rows about an authority's people: an admin gives the right to somebody else, and takes it back."""

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.day_field import DayField, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.requests import number_in
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.roles import Role
from people.row_downloads.right import (
    RowDownloadRight,
    give_row_downloads,
    possible_downloaders,
    take_row_downloads,
)
from people.visibility import figures_scope


class RightForm(FlaskForm):
    """Whose right, why and until when."""

    account = SelectField("Who", widget=GovSelect(), validators=[InputRequired("Select a person")])
    reason = line("Why do they need it?", "Enter why they need it", RowDownloadRight.reason, "Admins read it later")
    ends_on = DayField(
        "Last day",
        name_in_errors="Last day",
        description="At most a year ahead",
        validators=[InputRequired("Enter the last day"), not_past],
    )


@allow(Role.ADMIN)
def people_downloaders(slug: str) -> str | tuple[str, int] | Response:
    """The list, and giving the right."""
    session, now = db.session(), utc_now()
    organisation = figures_scope(session, who(), slug=slug).organisation
    possible = possible_downloaders(session, organisation_id=organisation.id, on=local_day(now))
    others = [one for one in possible if one.account_id != who().account_id]
    form = RightForm()
    form.account.choices = [
        SelectChoice("", "Select a person"),
        *(SelectChoice(str(a.account_id), a.name) for a in others),
    ]
    if form.validate_on_submit():
        try:
            with unit_of_work() as work:
                give_row_downloads(
                    work.session,
                    account_id=int(form.account.data),
                    organisation_id=organisation.id,
                    reason=form.reason.data or "",
                    ends_on=form.ends_on.data or local_day(now),
                    by=who().account_id,
                    now=now,
                )
        except RuleBroken as problem:
            form.ends_on.errors = [problem.message]
        else:
            flash("The right is given")
            return redirect(url_for("council.people_downloaders", slug=slug))
    shown = render_template("council/people_downloaders.html", organisation=organisation, possible=possible, form=form)
    return shown, 422 if form.errors else 200


@allow(Role.ADMIN)
def people_downloader_stopped(slug: str) -> Response:
    """Take the right back."""
    organisation = figures_scope(db.session(), who(), slug=slug).organisation
    organisation_id, right_id = organisation.id, number_in(request.form, "right", 0)
    with unit_of_work() as work:
        take_row_downloads(
            work.session, right_id=right_id, organisation_id=organisation_id, by=who().account_id, now=utc_now()
        )
    flash("The right is taken back")
    return redirect(url_for("council.people_downloaders", slug=slug))
