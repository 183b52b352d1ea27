"""One screen at a time: read it, and move on. Reading never writes; every change is a POST."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.examples import keep_posted_choice
from app.learn.places import find_place, get_place, show, show_refused_answer
from app.learn.quiz_panel import panel_on
from app.work import unit_of_work
from courses.attempts import get_attempt
from courses.completion import find_completion
from courses.taking import finish_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def screen(slug: str, module_slug: str, number: int) -> str | Response:
    """Show a screen of a module that is open."""
    place = find_place(db.session(), slug, module_slug, number)
    if place is None:
        return redirect(url_for("learn.course", slug=slug))
    return show(db.session(), place, quiz=panel_on(db.session(), place, now=utc_now()))


@signed_in
def move_on(slug: str, module_slug: str, number: int) -> str | tuple[str, int] | Response:
    """The learner has read a screen; the last one of a module leads back to the course."""
    try:
        with unit_of_work() as work:
            keep_posted_choice(work.session, slug)
            outcome = finish_screen(
                work.session,
                person_id=who().person_id,
                slug=slug,
                module_slug=module_slug,
                screen=number,
                now=utc_now(),
            )
            work.publish(outcome.events)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        place = get_place(db.session(), slug, module_slug, number)
        if panel := panel_on(db.session(), place, now=utc_now()):
            return show(db.session(), place, quiz=panel, error=refusal.message), 422
        return show_refused_answer(place, refusal.field, refusal.message)
    if outcome.next_screen:
        return redirect(url_for("learn.screen", slug=slug, module_slug=module_slug, number=outcome.next_screen))
    return redirect(_way_on(slug, module_slug))


def _way_on(slug: str, module_slug: str) -> str:
    """After a module: the certificate when it was the last and the course is complete, else the course."""
    session, person_id = db.session(), who().person_id
    attempt = get_attempt(session, person_id=person_id, slug=slug)
    is_last = attempt.document(session).modules[-1].slug == module_slug
    # An answer may have completed the course before, so the event of this request is not enough to know.
    if is_last and find_completion(session, person_id=person_id, course_id=attempt.course_id):
        return url_for("learn.finished", slug=slug)
    return url_for("learn.course", slug=slug)
