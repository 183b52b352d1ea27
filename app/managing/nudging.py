"""One click: one friendly message to one person of the team, at most once in seven days."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from assignments.reminders.nudges import nudge
from courses.catalogue.versions import get_course
from kernel.clock import LOCAL, local_day, utc_now
from kernel.errors import RuleBroken
from messages.ledger import SEND_MESSAGES
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
    try:
        with unit_of_work() as work:
            due_at = nudge(
                work.session,
                person_id=person_id,
                organisation_id=organisation_id,
                course_id=course_id,
                account_id=who().account_id,
                ways=ways_here(),
                now=now,
            )
            work.ring_after_commit(SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        local = due_at.astimezone(LOCAL)
        when = "now" if due_at == now else f"on {local:%A} {local.day} {local:%B} at {local:%H:%M}"
        flash(f"{name} gets one message {when}")
    page = number_in(request.args, "page")
    return redirect(url_for("managing.team", page=page if page > 1 else None))
