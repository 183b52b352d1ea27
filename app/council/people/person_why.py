"""One person of the list: what is asked of them here, and why they stand where they stand with it."""

from flask import render_template
from sqlalchemy.orm import Session

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.standing.explaining import Reader, explanations
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.directory import unit_in
from people.organisations import units_of
from people.persons import Person
from people.roles import Role
from people.visibility import FiguresScope, figures_scope
from reports.listing.wanted import units_below


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def person_why(slug: str, person_id: int) -> str:
    """What the list says of somebody, explained. Managers see whether they have finished, and not when."""
    session, now = db.session(), utc_now()
    scope = figures_scope(session, who(), slug=slug)
    _refuse_others(session, scope, person_id)
    only = frozenset({scope.organisation.id})
    reader = Reader(is_manager=not scope.shows_started, organisation_ids=only)
    found = explanations(session, person_id=person_id, on=local_day(now), reader=reader)
    name, organisation_name = session.get_one(Person, person_id).chosen_name, scope.organisation.name
    with unit_of_work() as work:
        record(
            work.session,
            action="person-opened",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=who().account_id,
            now=now,
        )
    return render_template(
        "council/person_why.html", slug=slug, organisation_name=organisation_name, name=name, found=found
    )


def _refuse_others(session: Session, scope: FiguresScope, person_id: int) -> None:
    """Raises ``NotFound`` for somebody who does not work where this person may look."""
    organisation_id = scope.organisation.id
    unit_id = unit_in(session, person_id=person_id, organisation_id=organisation_id, on=local_day(utc_now()))
    units = units_below(units_of(session, organisation_id=organisation_id), scope.unit_ids)
    if unit_id is None or unit_id not in {one.id for one in units}:
        raise NotFound(f"person {person_id} of {scope.organisation.slug}")
