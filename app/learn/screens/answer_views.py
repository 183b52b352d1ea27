"""What a learner writes on a screen: answers, which are marked at once, and private words."""

from datetime import datetime

from flask import redirect, request
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.place.answer_reading import given_try
from app.learn.place.finishing import say_finished
from app.learn.place.in_place import refused_in_place, saved_in_place, status_of
from app.learn.place.place import get_place
from app.learn.place.screen_page import reflections_on, show, show_refused_answer
from app.learn.place.typed_again import choice_in, reflection_again, text_in
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.negotiation import wants_json
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.reflection.reflections import save_reflection
from courses.taking.answering import submit_answer
from courses.taking.screens import ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.seen import FIELD

ANSWERED_ELSEWHERE = (
    "You have answered this in another tab, or on another device, since you opened this page. "
    "Check your answer below, and send it again if you want it to count"
)


@signed_in
@kept_when_signed_out
def answer(address: ScreenAddress, question_id: str) -> str | tuple[str, int] | Response:
    """Mark an answer at once, keep it, and show what it says beside each option."""
    back = screen_url(address, fragment=f"{question_id}-feedback")
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(back)
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            question = here.question(question_id)
            given = given_try(request.form, question, slug=address.slug, now=now)
            outcome = submit_answer(work.session, here, question, given, now=now)
            work.publish(outcome.events)
    except RuleBroken as refusal:
        return show_refused_answer(get_place(db.session(), address), question_id, refusal.message)
    if outcome.is_set_aside:
        return show_refused_answer(get_place(db.session(), address), question_id, ANSWERED_ELSEWHERE)
    if outcome.events:
        say_finished(here.document)
    return redirect(back)


@signed_in
@kept_when_signed_out
def reflect(address: ScreenAddress, reflection_id: str) -> str | tuple[str | Response, int] | Response:
    """Keep private words. Scripts ask for JSON while somebody types; without them the page comes back."""
    back = screen_url(address, fragment=reflection_id)
    if request.method == "GET":
        return redirect(back)
    now = utc_now()
    try:
        _keep_words(address, reflection_id, now)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        place = get_place(db.session(), address)
        views = reflection_again(db.session(), place, reflection_id, request.form, refusal)
        if wants_json():
            return refused_in_place(refusal, views[reflection_id])
        return show(db.session(), place, reflections=views, error=refusal.message), status_of(refusal)
    if not wants_json():
        return redirect(back)
    place = get_place(db.session(), address)
    return saved_in_place(now, seen=reflections_on(db.session(), place)[reflection_id].seen)


def _keep_words(address: ScreenAddress, reflection_id: str, now: datetime) -> None:
    with unit_of_work() as work:
        here = open_screen(work.session, address, person_id=who().person_id, now=now)
        save_reflection(
            work.session,
            here,
            reflection_id=reflection_id,
            text=text_in(request.form),
            choice=choice_in(request.form),
            now=now,
            seen=request.form.get(FIELD, ""),
        )
