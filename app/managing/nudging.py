"""One click: one friendly message to one person of the team, at most once in seven days."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import signed_in, who
from app.platform.asked.nudging import nudge_and_say
from app.platform.extensions import db
from app.platform.input.requests import number_in
from courses.catalogue.versions import get_course
from kernel.clock import local_day, utc_now
from people.persons import Person
from people.visibility import team_scope


@signed_in
def team_nudge(slug: str, person_id: int, course_slug: str) -> Response:
    """Nudge somebody about a course, or say in words why not."""
    session, now = db.session(), utc_now()
    scope = team_scope(session, who(), on=local_day(now))
    organisation_id = scope.organisation_of(slug, person_id)
    course_id = get_course(session, slug=course_slug).id
    name = session.get_one(Person, person_id).chosen_name
    nudge_and_say(person_id=person_id, name=name, organisation_id=organisation_id, course_id=course_id)
    page = number_in(request.args, "page")
    return redirect(url_for("managing.team", page=page if page > 1 else None))
