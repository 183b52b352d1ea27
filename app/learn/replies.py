"""What a learner writes on a screen: answers, which are marked at once, and private words."""

from dataclasses import replace

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.answers import response_in, try_number_in
from app.learn.places import get_place, reflections_on, show, show_refused_answer
from app.learn.timing import seconds_since
from app.templating import clock
from app.work import unit_of_work
from courses.answering import submit_answer
from courses.attempts import get_attempt
from courses.content.model import CourseDocument
from courses.marking import Question, Shape, kind_of
from courses.reflections import save_reflection
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken


@signed_in
def answer(slug: str, module_slug: str, number: int, question_id: str) -> str | tuple[str, int] | Response:
    """Mark an answer at once, keep it, and show what it says beside each option."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=f"{question_id}-feedback")
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(here)
    (document, question, shape), now = _question(slug, question_id), utc_now()
    try:
        with unit_of_work() as work:
            outcome = submit_answer(
                work.session,
                person_id=who().person_id,
                slug=slug,
                module_slug=module_slug,
                screen=number,
                question_id=question_id,
                try_number=try_number_in(request.form),
                response=response_in(request.form, shape, question),
                seconds=seconds_since(request.form.get("shown_at", ""), now, slug, question_id),
                now=now,
            )
            work.publish(outcome.events)
    except RuleBroken as refusal:
        place = get_place(db.session(), slug, module_slug, number)
        return show_refused_answer(place, question_id, refusal.message)
    if outcome.events:
        say_finished(document)
    return redirect(here)


def say_finished(document: CourseDocument) -> None:
    """Tell somebody on the next page that they have finished a course."""
    thanks = "We are preparing your certificate." if document.certificate else "Thank you."
    flash(f"You have finished {document.title}. {thanks}")


def _question(slug: str, question_id: str) -> tuple[CourseDocument, Question, Shape]:
    """The question as this person's version has it. Raises ``NotFound``, also when its kind is not installed."""
    session = db.session()
    document = get_attempt(session, person_id=who().person_id, slug=slug).document(session)
    question = document.questions.get(question_id)
    kind = kind_of(question.kind) if question else None
    if question is None or kind is None:
        raise NotFound(f"question {question_id}")
    return document, question, kind.shape


@signed_in
def reflect(
    slug: str, module_slug: str, number: int, reflection_id: str
) -> str | tuple[str | Response, int] | Response:
    """Keep private words. Scripts ask for JSON while somebody types; without them the page comes back."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=reflection_id)
    if request.method == "GET":
        return redirect(here)
    now, text = utc_now(), request.form.get("text", "").replace("\r\n", "\n")
    try:
        with unit_of_work() as work:
            save_reflection(
                work.session,
                person_id=who().person_id,
                slug=slug,
                module_slug=module_slug,
                screen=number,
                reflection_id=reflection_id,
                text=text,
                choice=_choice(),
                now=now,
            )
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        if wants_json():
            return jsonify(error=refusal.message), 422
        return _show_refused_words(slug, module_slug, number, refusal, text), 422
    return jsonify(saved_at=clock(now)) if wants_json() else redirect(here)


def _choice() -> int | None:
    """The choice that was made, from 1; what is no number is none of them."""
    written = request.form.get("choice", "")
    return None if not written else int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0


def wants_json() -> bool:
    """Whether a script asks, and not a person’s browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _show_refused_words(slug: str, module_slug: str, number: int, refusal: RuleBroken, text: str) -> str:
    """The page again with everything that was typed: nobody should lose words because there are too many of them."""
    session = db.session()
    place = get_place(session, slug, module_slug, number)
    views = reflections_on(session, place)
    field = refusal.field or ""
    views[field] = replace(views[field], text=text, choice=_choice(), error=refusal.message)
    return show(session, place, reflections=views, error=refusal.message)
