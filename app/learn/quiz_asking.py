"""Asking for another try at a quiz, with a reason: no rule locks anybody out for good."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.access import signed_in
from app.extensions import db
from app.learn.quiz_panel import quiz_panel
from app.learn.quiz_places import QuizHere, get_quiz_here, quiz_place
from app.work import unit_of_work
from courses.quizzes.adjustments import MOST_WORDS, ask_for_try
from courses.quizzes.sittings import open_quiz
from courses.taking import NotOpen
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def quiz_ask(slug: str, module_slug: str, number: int) -> str | tuple[str, int] | Response:
    """Say why another try would help; an admin reads it and answers."""
    if request.method == "GET":
        here = get_quiz_here(db.session(), slug, module_slug, number)
        can_ask = quiz_panel(db.session(), here, now=utc_now()).can_ask
        return _page(here) if can_ask else redirect(here.url())
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    try:
        with unit_of_work() as work:
            opened = open_quiz(work.session, quiz_place(slug, module_slug, number))
            ask_for_try(work.session, attempt_id=opened.here.attempt.id, quiz=opened.quiz, reason=reason, now=utc_now())
    except RuleBroken as refusal:
        if isinstance(refusal, NotOpen):
            raise
        here = get_quiz_here(db.session(), slug, module_slug, number)
        if refusal.field is not None:
            return _page(here, reason=reason, error=refusal.message), 422
        flash(refusal.message, "important")
        return redirect(here.url())
    flash("Your request is sent. The answer will be on this page")
    return redirect(get_quiz_here(db.session(), slug, module_slug, number).url())


def _page(here: QuizHere, *, reason: str = "", error: str | None = None) -> str:
    return render_template("learn/quiz_ask.html", here=here, reason=reason, error=error, most=MOST_WORDS)
