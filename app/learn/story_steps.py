"""A step in a branching story: choose, go back, or begin another way. Each is a form of its own, kept at once."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.answers import number_in, try_number_in
from app.learn.places import get_place, show_refused_answer
from app.learn.replies import say_finished
from app.work import unit_of_work
from courses.stories import Move, take_step
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def story_step(slug: str, module_slug: str, number: int, question_id: str) -> str | tuple[str, int] | Response:
    """Keep a step, and show the node or the ending that it leads to."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=f"{question_id}-now")
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(here)
    try:
        with unit_of_work() as work:
            outcome = take_step(
                work.session,
                person_id=who().person_id,
                slug=slug,
                module_slug=module_slug,
                screen=number,
                question_id=question_id,
                try_number=try_number_in(request.form),
                position=number_in(request.form, "position"),
                move=_move(),
                choice_id=request.form.get("answer", "")[:60] or None,
                now=utc_now(),
            )
            work.publish(outcome.events)
    except RuleBroken as refusal:
        place = get_place(db.session(), slug, module_slug, number)
        return show_refused_answer(place, question_id, refusal.message)
    if outcome.events:
        say_finished(get_place(db.session(), slug, module_slug, number).course.document)
    return redirect(here)


def _move() -> Move:
    sent = request.form.get("move", "")
    return Move(sent) if sent in set(Move) else Move.CHOOSE
