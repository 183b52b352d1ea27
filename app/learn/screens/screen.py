"""One screen at a time: read it, and move on. Reading never writes; every change is a POST."""

from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.courses.examples import keep_choice
from app.learn.place.place import find_place, get_place
from app.learn.place.screen_page import show, show_refused_answer
from app.learn.place.unsent_words import unsent_on
from app.learn.quizzes.panel import panel_on
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from courses.records.completion import find_completion, leads_to
from courses.taking.progression import finish_screen
from courses.taking.screens import OpenScreen, ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def screen(address: ScreenAddress) -> str | Response:
    """Show a screen of a module that is open."""
    place = find_place(db.session(), address)
    if place is None:
        return redirect(url_for("learn.course", slug=address.slug))
    again = unsent_on(db.session(), place)
    return show(db.session(), place, quiz=panel_on(db.session(), place, now=utc_now()), **again)


@signed_in
def move_on(address: ScreenAddress) -> str | tuple[str, int] | Response:
    """The learner has read a screen; the last one of a module leads back to the course."""
    now, examples = utc_now(), request.form.get("examples")
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            if examples is not None:  # picked on this screen
                keep_choice(work.session, here.attempt, examples, now=now)
            outcome = finish_screen(work.session, here, now=now)
            work.publish(outcome.events)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        place = get_place(db.session(), address)
        if panel := panel_on(db.session(), place, now=now):
            return show(db.session(), place, quiz=panel, error=refusal.message), 422
        return show_refused_answer(place, refusal.field, refusal.message)
    if outcome.next_screen:
        return redirect(screen_url(replace(address, screen_number=outcome.next_screen)))
    return redirect(_way_on(here))


def _way_on(here: OpenScreen) -> str:
    """After a module: the certificate when it was the last and the course is complete, else the course."""
    slug, attempt = here.address.slug, here.attempt
    is_last = here.document.modules[-1].slug == here.module.slug
    # An answer may have completed the course before, so the event of this request is not enough to know.
    if is_last:
        found = find_completion(db.session(), person_id=attempt.person_id, course_id=attempt.course_id)
        # Of a course that is taken again the completion from before is no end.
        if found is not None and (attempt.cycle == 1 or leads_to(attempt, found.cycle)):
            return url_for("learn.finished", slug=slug)
    return url_for("learn.course", slug=slug)
