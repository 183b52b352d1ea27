"""Taking a quiz: start, answer question by question, look through, hand in, and read what came of it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.place.answer_reading import try_number_in
from app.learn.place.finishing import say_finished
from app.learn.quizzes.addresses import SittingHere, get_sitting_here
from app.learn.quizzes.panel import quiz_panel
from app.learn.quizzes.question_views import marked_questions, shows_feedback
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.work import unit_of_work
from courses.quizzes.sentences import certainty_summary, needed_to_pass
from courses.quizzes.sittings import Unanswered, hold_sitting, start_sitting, submit_sitting, unanswered
from courses.quizzes.skipping import skip_modules
from courses.taking.screens import ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def quiz_start(address: ScreenAddress) -> Response:
    """Begin the next sitting, or go on with the one that is open where it stopped."""
    back = screen_url(address)
    if request.method == "GET":
        return redirect(back)
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            outcome = start_sitting(work.session, here, number=try_number_in(request.form), now=now)
    except RuleBroken as refusal:
        if refusal.field is None and type(refusal) is RuleBroken:
            flash(f"{refusal.message}.", "important")
            return redirect(back)
        raise
    if outcome.number is None:
        flash("The pause between two tries is counted from now", "important")
        return redirect(back)
    if outcome.position is None:
        return redirect(screen_url(address, "learn.quiz_sitting", sitting=outcome.number))
    return redirect(screen_url(address, "learn.quiz_question", sitting=outcome.number, position=outcome.position))


@signed_in
def quiz_sitting(address: ScreenAddress, sitting: int) -> str | tuple[str, int] | Response:
    """A sitting as a whole: while it is open, what is answered; afterwards, what came of it. Posting hands it in."""
    if request.method == "POST":
        return _hand_in(address, sitting)
    at = get_sitting_here(db.session(), address, sitting)
    return _review(at) if at.sitting.is_open else _result(at)


def _hand_in(address: ScreenAddress, sitting: int) -> tuple[str, int] | Response:
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            outcome = submit_sitting(work.session, hold_sitting(work.session, here, number=sitting), now=now)
            work.publish(outcome.events)
    except Unanswered as refusal:
        at = get_sitting_here(db.session(), address, sitting)
        return _review(at, refusal.positions), 422
    if outcome.events:
        say_finished(here.document)
    return redirect(screen_url(address, "learn.quiz_sitting", sitting=sitting))


def _review(at: SittingHere, missing: tuple[int, ...] = ()) -> str:
    document = at.here.place.course.document
    return render_template(
        "learn/quiz_review.html",
        at=at,
        course=at.here.place.course,
        questions=document.questions,
        open_positions=unanswered(document, at.sitting, at.answers),
        errors=[(f"Answer question {position}", f"#question-{position}") for position in missing],
    )


def _result(at: SittingHere) -> str:
    panel = quiz_panel(db.session(), at.here, now=utc_now())
    has_feedback = shows_feedback(at.here.quiz, has_passed=panel.has_passed)
    return render_template(
        "learn/quiz_result.html",
        at=at,
        panel=panel,
        questions=marked_questions(at, has_feedback=has_feedback),
        has_feedback=has_feedback,
        needed=needed_to_pass(at.here.quiz, at.sitting.out_of or 0),
        sure=certainty_summary(at.answers.values()),
    )


@signed_in
def quiz_skip(address: ScreenAddress) -> Response:
    """Skip modules that a passed pre-test has shown to be known."""
    if request.method == "GET":
        return redirect(screen_url(address))
    modules = request.form.getlist("modules")
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            events = skip_modules(work.session, here, module_ids=modules, now=now)
            work.publish(events)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        flash(refusal.message, "important")
        return redirect(screen_url(address))
    words = (
        "1 module. You can still read it" if len(modules) == 1 else f"{len(modules)} modules. You can still read them"
    )
    flash(f"You have skipped {words}")
    return redirect(url_for("learn.finished" if events else "learn.course", slug=address.slug))
