"""Asking for another try at a quiz, with a reason: no rule locks anybody out for good."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.place.unsent_words import find_own
from app.learn.quizzes.addresses import QuizHere, get_quiz_here
from app.learn.quizzes.panel import quiz_panel
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.clashes import ClashView, clash_view
from app.platform.pages.templating import when
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.quizzes.adjustments import MOST_WORDS, find_retry_request, request_retry
from courses.taking.screens import NotOpen, ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.seen import FIELD, ChangedMeanwhile, marks_of


@signed_in
@kept_when_signed_out
def quiz_ask(address: ScreenAddress) -> str | tuple[str, int] | Response:
    """Say why another try would help; an admin reads it and answers."""
    if request.method == "GET":
        here = get_quiz_here(db.session(), address)
        can_ask = quiz_panel(db.session(), here, now=utc_now()).can_ask
        if not can_ask:
            return redirect(here.url())
        found = find_own(db.session(), "learn.quiz_ask", address=vars(address))
        return _page(here, reason=found.fields.get("reason", "") if found else "")
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    try:
        _ask(address, reason)
    except RuleBroken as refusal:
        if isinstance(refusal, NotOpen):
            raise
        here = get_quiz_here(db.session(), address)
        if isinstance(refusal, ChangedMeanwhile):
            return _both(here, reason), 409
        if refusal.field is not None:
            return _page(here, reason=reason, error=refusal.message), 422
        flash(refusal.message, "important")
        return redirect(here.url())
    flash("Your request is sent. The answer will be on this page")
    return redirect(screen_url(address))


def _ask(address: ScreenAddress, reason: str) -> None:
    now, seen = utc_now(), request.form.get(FIELD, "")
    with unit_of_work() as work:
        here = open_screen(work.session, address, person_id=who().person_id, now=now)
        request_retry(work.session, attempt_id=here.attempt.id, quiz=here.quiz, reason=reason, now=now, seen=seen)


def _both(here: QuizHere, reason: str) -> str:
    asked = find_retry_request(db.session(), attempt_id=here.place.attempt.id, quiz_id=here.quiz.id)
    saved, saved_at = (asked.reason, when(asked.asked_at)) if asked else ("", None)
    clash = clash_view("ask", [("Your reason", saved, reason)], keep_url=here.url(), saved_at=saved_at)
    return _page(here, reason=reason, clash=clash, seen=marks_of({"reason": saved}))


def _page(
    here: QuizHere, *, reason: str = "", error: str | None = None, clash: ClashView | None = None, seen: str = ""
) -> str:
    return render_template(
        "learn/quiz_ask.html", here=here, reason=reason, error=error, clash=clash, seen=seen, most=MOST_WORDS
    )
