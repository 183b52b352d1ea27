"""A step in a branching story: choose, go back, or begin another way. Each is a form of its own, kept at once."""

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.place.answer_reading import number_in, try_number_in
from app.learn.place.finishing import say_finished
from app.learn.place.place import get_place
from app.learn.place.screen_page import show_refused_answer
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.taking.screens import ScreenAddress, open_screen
from courses.taking.stories import Move, Step, take_step
from kernel.clock import utc_now
from kernel.errors import RuleBroken

GONE_ON = (
    "You have gone on with this story in another tab, or on another device. "
    "What you chose now was not saved. This is where you are"
)


@signed_in
@kept_when_signed_out
def story_step(address: ScreenAddress, question_id: str) -> str | tuple[str, int] | Response:
    """Keep a step, and show the node or the ending that it leads to."""
    back = screen_url(address, fragment=f"{question_id}-now")
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(back)
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            outcome = take_step(work.session, here, question_id, _step(), now=now)
            work.publish(outcome.events)
    except RuleBroken as refusal:
        return show_refused_answer(get_place(db.session(), address), question_id, refusal.message)
    if outcome.is_set_aside:
        flash(GONE_ON, "important")
    if outcome.events:
        say_finished(here.document)
    return redirect(back)


def _step() -> Step:
    sent = request.form.get("move", "")
    return Step(
        try_number=try_number_in(request.form),
        position=number_in(request.form, "position"),
        move=Move(sent) if sent in set(Move) else Move.CHOOSE,
        choice_id=request.form.get("answer", "")[:60] or None,
    )
