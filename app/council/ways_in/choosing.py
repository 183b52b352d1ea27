"""The choice of an authority: what its people get who have never signed in, and what usernames are made of."""

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import AnyOf

from app.council.ways_in.overview import STYLE_WORDS, WAY_WORDS, Here, here_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way, suggested_prefix


class WayInForm(FlaskForm):
    """What people get, and what their usernames are."""

    way = RadioField(
        "What do people get who have never signed in?",
        choices=[SelectChoice(way.value, words) for way, words in WAY_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(FirstWay), "Select what people get")],
    )
    usernames = RadioField(
        "What are usernames made of?",
        choices=[SelectChoice(style.value, words) for style, words in STYLE_WORDS.items()],
        description="Usernames that people have already stay as they are",
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(UsernameStyle), "Select what usernames are made of")],
    )
    for_starters = BooleanField(
        "Do this for new starters too, without anybody asking",
        widget=GovCheckboxInput(),
        description="Whoever joins, or comes back without ever having signed in: an invitation goes out within minutes,"
        " and cards wait here, one sheet for each team and day",
    )
    prefix = StringField(
        "Word before payroll numbers",
        description="2 to 10 letters and digits, such as hal: number 00451 then signs in as hal-00451",
        widget=GovTextInput(),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def ways_in_choice(slug: str) -> str | tuple[str, int] | Response:
    """Choose, once for everybody who comes from now on."""
    here = here_of(db.session(), slug)
    if here.scope.is_manager:
        raise NotFound(f"the choice of {slug}")
    form = _form(here)
    if form.validate_on_submit():
        try:
            _keep(here, form)
        except RuleBroken as refusal:
            form[refusal.field or "prefix"].errors = [refusal.message]
        else:
            flash("The choice is kept. It holds for everybody who gets a way in from now on.")
            return redirect(url_for("council.ways_in", slug=slug))
    page = render_template("council/ways_in_choice.html", slug=slug, here=here, form=form)
    return page, 422 if form.errors else 200


def _form(here: Here) -> WayInForm:
    if here.choice is None:
        return WayInForm(data={"prefix": suggested_prefix(here.scope.organisation.slug), "for_starters": True})
    return WayInForm(data={**vars(here.choice)})


def _keep(here: Here, form: WayInForm) -> None:
    way, usernames = FirstWay(form.way.data), UsernameStyle(form.usernames.data)
    choice = ChosenWay(way, usernames, form.prefix.data or "", for_starters=bool(form.for_starters.data))
    with unit_of_work() as work:
        choose_way(
            work.session,
            organisation_id=here.reach.organisation_id,
            choice=choice,
            by=who().account_id,
            now=utc_now(),
        )
