"""What is asked of a person, and why they stand where they stand with it."""

from collections.abc import Sequence
from datetime import date

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.standing.explaining import Reader, explanations
from kernel.audit import record
from kernel.clock import local_day, utc_now
from people.directory import get_person
from people.jobs.employment import Employment
from people.jobs.reading import jobs_on
from people.organisations import Organisation
from people.roles import Role
from people.visibility import people_scope, requirements_scopes


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
    return render_template(
        "people/person_asked.html",
        person_id=person_id,
        name=name,
        found=explained,
        exempting=employers_to_exempt_at(session, person_id, local_day(now)),
    )


def employers_to_exempt_at(session: Session, person_id: int, on: date) -> Sequence[Organisation]:
    """Where they work and the one who reads it says what is asked."""
    jobs = jobs_on(on, Employment.person_id == person_id)
    held = set(session.scalars(select(jobs.c.organisation_id).where(jobs.c.is_held)))
    return [one for one in requirements_scopes(session, who()) if one.id in held]
