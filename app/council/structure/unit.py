"""One unit with its history, and adding one."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField

from app.council.structure.paths import find_unit, no_unit
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.input.text_line import line
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation, Unit
from people.reorganisation.adding import add_unit
from people.reorganisation.periods import UnitOnDay, units_on
from people.reorganisation.unit_history import history_of
from people.roles import Role
from people.visibility import structure_scope


class UnitForm(FlaskForm):
    """Where a unit begins, and what it is called."""

    into = StringField("In which unit", widget=GovTextInput())
    name = line("Name", "Enter the name of the unit", Unit.name)


@allow(Role.HR_LEAD, Role.ADMIN)
def structure_unit(slug: str, unit_id: int) -> str:
    """What it is called, what it stands in, what is in it, and what became of it."""
    session, today = db.session(), local_day(utc_now())
    organisation = structure_scope(session, who(), slug=slug)
    unit = _get_unit(session, organisation, unit_id)
    units = {one.id: one for one in units_on(session, organisation_id=organisation.id, on=today)}
    here = units.get(unit.id)
    return render_template(
        "council/structure_unit.html",
        slug=slug,
        organisation=organisation,
        unit=unit,
        here=here,
        above=units.get(here.parent_id) if here and here.parent_id else None,
        inside=[one for one in units.values() if one.parent_id == unit.id],
        history=history_of(session, unit),
    )


def _get_unit(session: Session, organisation: Organisation, unit_id: int) -> Unit:
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation.id:
        raise NotFound(f"unit {unit_id} of {organisation.slug}")
    return unit


@allow(Role.HR_LEAD, Role.ADMIN)
def structure_add(slug: str) -> str | tuple[str, int] | Response:
    """A unit that is there from now on."""
    session = db.session()
    organisation = structure_scope(session, who(), slug=slug)
    units = units_on(session, organisation_id=organisation.id, on=local_day(utc_now()))
    form = UnitForm(into=request.args.get("into", "")[:700])
    new = _added(slug, form, units) if form.validate_on_submit() else None
    if new is not None:
        flash("The unit is added")
        return redirect(url_for("council.structure_unit", slug=slug, unit_id=new))
    shown = render_template("council/structure_add.html", slug=slug, organisation=organisation, form=form, units=units)
    return (shown, 422) if form.errors else shown


def _added(slug: str, form: UnitForm, units: Sequence[UnitOnDay]) -> int | None:
    """The id of the new unit; ``None`` where something stands against it, which its field then says."""
    typed, by = (form.into.data or "").strip(), who().account_id
    into = find_unit(units, typed) if typed else None
    if typed and into is None:
        form.into.errors = [no_unit(units, typed)]
        return None
    into_id, name = into.id if into else None, form.name.data or ""
    try:
        with unit_of_work() as work:
            organisation = structure_scope(work.session, who(), slug=slug)
            new = add_unit(work.session, organisation=organisation, into_id=into_id, name=name, by=by, now=utc_now())
            return new.id
    except RuleBroken as refusal:
        form.name.errors = [refusal.message]
        return None
