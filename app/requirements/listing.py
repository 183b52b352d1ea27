"""What is asked now, authority by authority, with the audiences that it is asked of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from sqlalchemy.orm import Session

from app.platform.access import allow, who
from app.platform.extensions import db
from assignments.audiences.saved import SavedAudience, audiences_of
from assignments.periods.words import valid_in_words
from assignments.plan_words import due_rule_in_words
from assignments.plans import plans_on
from assignments.requests.listing import RequestsScope, count_open
from assignments.requirements import Requirement
from courses.catalogue.programmes import programmes_of
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation
from people.roles import Role
from people.visibility import requirements_scopes


@dataclass(frozen=True)
class Line:
    """One requirement as the list shows it."""

    course_slug: str
    title: str
    audience_id: int | None
    audience_name: str | None
    by_when: str
    valid: str
    asked_on: date
    programme_id: int | None = None


def lines_of(session: Session, organisation: Organisation, on: date) -> list[Line]:
    """What an authority asks, first asked first."""
    plans = plans_on(session, Requirement.organisation_id == organisation.id, on=on)
    courses = [plan.course_id for plan in plans]
    titles, slugs = titles_of(session, course_ids=courses), courses_by_id(session, course_ids=courses)
    programmes = {one.course_id: one.programme_id for one in programmes_of(session, organisation.id)}
    return [
        Line(
            slugs[plan.course_id].slug,
            titles[plan.course_id],
            plan.audience_id,
            plan.audience_name,
            due_rule_in_words(session, plan.due),
            valid_in_words(plan.period),
            plan.asked_on,
            programmes.get(plan.course_id),
        )
        for plan in plans
    ]


@allow(Role.HR_LEAD, Role.ADMIN)
def requirements() -> str:
    """The list of one authority, and the way to the others."""
    session, today = db.session(), local_day(utc_now())
    mine: Sequence[Organisation] = requirements_scopes(session, who())
    asked = request.args.get("authority")
    organisation = next((one for one in mine if one.slug == asked or asked is None), None)
    if organisation is None:
        raise NotFound(f"requirements of {asked}")
    known: Sequence[SavedAudience] = audiences_of(session, organisation_id=organisation.id)
    return render_template(
        "requirements/requirements.html",
        organisation=organisation,
        authorities=mine,
        lines=lines_of(session, organisation, today),
        programmes=programmes_of(session, organisation.id),
        audiences=known,
        open_requests=count_open(session, RequestsScope(organisation.id, (), today)),
    )
