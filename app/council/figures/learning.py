"""What an authority asks, and everything about its people's learning that is no figure of one course."""

from flask import render_template

from app.platform.access import allow, who
from app.platform.extensions import db
from assignments.plan_words import due_rule_in_words
from assignments.plans import plans_on
from assignments.requests.listing import RequestsScope, count_open
from assignments.requirements import Requirement
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from people.roles import Role
from people.visibility import requirements_scope


@allow(Role.HR_LEAD, Role.ADMIN)
def learning(slug: str) -> str:
    """What is asked in one list, then the pages about it."""
    session, today = db.session(), local_day(utc_now())
    organisation = requirements_scope(session, who(), slug=slug)
    plans = plans_on(session, Requirement.organisation_id == organisation.id, on=today)
    titles = titles_of(session, course_ids=[plan.course_id for plan in plans])
    return render_template(
        "council/learning.html",
        organisation=organisation,
        asked=[(titles[one.course_id], one.audience_name, due_rule_in_words(session, one.due)) for one in plans],
        open_requests=count_open(session, RequestsScope(organisation.id, (), today)),
    )
