"""Taking a quiz: start, answer question by question, look through, hand in, and read what came of it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in
from app.extensions import db
from app.learn.answers import try_number_in
from app.learn.quiz_panel import quiz_panel
from app.learn.quiz_places import SittingHere, get_quiz_here, get_sitting_here, quiz_place
from app.learn.quiz_views import marked_questions, shows_feedback
from app.work import unit_of_work
from courses.quizzes.sittings import Unanswered, start_sitting, submit_sitting, unanswered
from courses.quizzes.skipping import skip_modules
from courses.quizzes.wording import certainty_summary, needed_to_pass
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def quiz_start(slug: str, module_slug: str, number: int) -> Response:
    """Begin the next sitting, or go on with the one that is open where it stopped."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number)
    if request.method == "GET":
        return redirect(here)
    try:
        with unit_of_work() as work:
            place = quiz_place(slug, module_slug, number)
            outcome = start_sitting(work.session, place, number=try_number_in(request.form), now=utc_now())
    except RuleBroken as refusal:
        if refusal.field is None and type(refusal) is RuleBroken:
            flash(f"{refusal.message}.", "important")
            return redirect(here)
        raise
    if outcome.number is None:
        flash("The pause between two tries is counted from now", "important")
        return redirect(here)
    values = {"slug": slug, "module_slug": module_slug, "number": number, "sitting": outcome.number}
    if outcome.position is None:
        return redirect(url_for("learn.quiz_sitting", **values))
    return redirect(url_for("learn.quiz_question", position=outcome.position, **values))


@signed_in
def quiz_sitting(slug: str, module_slug: str, number: int, sitting: int) -> str | tuple[str, int] | Response:
    """A sitting as a whole: while it is open, what is answered; afterwards, what came of it. Posting hands it in."""
    if request.method == "POST":
        return _hand_in(slug, module_slug, number, sitting)
    at = get_sitting_here(db.session(), slug, module_slug, number, sitting)
    return _review(at) if at.sitting.is_open else _result(at)


def _hand_in(slug: str, module_slug: str, number: int, sitting: int) -> tuple[str, int] | Response:
    try:
        with unit_of_work() as work:
            place = quiz_place(slug, module_slug, number)
            outcome = submit_sitting(work.session, place, number=sitting, now=utc_now())
            work.publish(outcome.events)
    except Unanswered as refusal:
        at = get_sitting_here(db.session(), slug, module_slug, number, sitting)
        return _review(at, refusal.positions), 422
    at = get_sitting_here(db.session(), slug, module_slug, number, sitting)
    if outcome.events:
        document = at.here.place.course.document
        thanks = "We are preparing your certificate." if document.certificate else "Thank you."
        flash(f"You have finished {document.title}. {thanks}")
    return redirect(at.url())


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
def quiz_skip(slug: str, module_slug: str, number: int) -> Response:
    """Skip parts that a passed pre-test has shown to be known."""
    if request.method == "GET":
        return redirect(url_for("learn.screen", slug=slug, module_slug=module_slug, number=number))
    modules = request.form.getlist("modules")
    try:
        with unit_of_work() as work:
            place = quiz_place(slug, module_slug, number)
            events = skip_modules(work.session, place, module_ids=modules, now=utc_now())
            work.publish(events)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        flash(refusal.message, "important")
        here = get_quiz_here(db.session(), slug, module_slug, number)
        return redirect(here.url())
    words = "1 part. You can still read it" if len(modules) == 1 else f"{len(modules)} parts. You can still read them"
    flash(f"You have skipped {words}")
    return redirect(url_for("learn.finished" if events else "learn.course", slug=slug))
