"""What is asked of a person, and why they stand where they stand with it."""

from flask import render_template

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.explaining import Reader, explanations
from kernel.audit import record
from kernel.clock import local_day, utc_now
from people.directory import get_person
from people.roles import Role
from people.visibility import people_scope


@allow(Role.ADMIN, Role.HR_LEAD)
def person_asked(person_id: int) -> str:
    """Each course that is asked of them: the rule, what happened, what is missing. Each opening is on record."""
    session, now, scope = db.session(), utc_now(), people_scope(who())
    found = get_person(session, person_id=person_id, scope=scope, on=local_day(now))
    reader = Reader(organisation_ids=scope.organisation_ids)
    explained = explanations(session, person_id=person_id, on=local_day(now), reader=reader)
    name = found.chosen_name
    with unit_of_work() as work:
        record(
            work.session,
            action="person-opened",
            subject_type="person",
            subject_id=person_id,
            actor_account_id=who().account_id,
            now=now,
        )
    return render_template("people/person_asked.html", person_id=person_id, name=name, found=explained)
