"""A reorganisation that was decided: what it does, and taking it back until its day."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.structure.tree import STATES
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.actors import names_of_accounts
from people.organisations import Organisation
from people.reorganisation.applying import undo
from people.reorganisation.record import Reorganisation, ReorganisationState, find_latest, get_reorganisation
from people.roles import Role
from people.visibility import structure_scope


def _found(session: Session, slug: str, reorganisation_id: int) -> tuple[Organisation, Reorganisation]:
    organisation = structure_scope(session, who(), slug=slug)
    row = get_reorganisation(session, number=reorganisation_id)
    if row.organisation_id != organisation.id:
        raise NotFound(f"reorganisation {reorganisation_id} of {slug}")
    return organisation, row


@allow(Role.HR_LEAD, Role.ADMIN)
def reorganisation(slug: str, reorganisation_id: int) -> str:
    """Its sentences as they were previewed, who decided it, and whether it can be undone."""
    session = db.session()
    organisation, row = _found(session, slug, reorganisation_id)
    latest = find_latest(session, organisation_id=organisation.id)
    is_to_come = row.state is ReorganisationState.PLANNED and row.effective_on > local_day(utc_now())
    accounts = (row.actor_account_id, row.undone_by_account_id)
    return render_template(
        "council/reorganisation.html",
        slug=slug,
        organisation=organisation,
        row=row,
        state=STATES[row.state],
        names=names_of_accounts(session, account_ids=accounts),
        is_to_come=is_to_come,
        builds_on_it=latest if latest is not None and latest.id != row.id else None,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def reorganisation_undo(slug: str, reorganisation_id: int) -> str | Response:
    """What undoing it does, and the button."""
    organisation, row = _found(db.session(), slug, reorganisation_id)
    if FlaskForm().validate_on_submit():
        try:
            with unit_of_work() as work:
                _, row = _found(work.session, slug, reorganisation_id)
                undo(work.session, row=row, by=who().account_id, now=utc_now())
        except RuleBroken as refusal:
            flash(refusal.message, "important")
        else:
            flash("The reorganisation is undone")
        return redirect(url_for("council.reorganisation", slug=slug, reorganisation_id=reorganisation_id))
    return render_template("council/reorganisation_undo.html", slug=slug, organisation=organisation, row=row)
