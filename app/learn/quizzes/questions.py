"""One question of a quiz at a time: answer it, change it, and say how sure you are."""

from dataclasses import replace

from flask import flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.course_pages.question_views import QuestionView, with_refusal
from app.course_pages.screen_urls import screen_url
from app.learn.place.answer_reading import filled_in, response_in
from app.learn.place.in_place import status_of
from app.learn.place.timing import seconds_since
from app.learn.place.unsent_words import find_own
from app.learn.quizzes.addresses import SittingHere, get_sitting_here
from app.learn.quizzes.question_views import SittingQuestion, saved_words, sitting_question
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.clashes import ClashView, clash_view
from app.platform.pages.templating import when
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.quizzes.sentences import CERTAINTY_WORDS
from courses.quizzes.sittings import GivenQuizAnswer, SaveOutcome, hold_sitting, save_answer
from courses.records.quiz_records import Certainty
from courses.taking.screens import NotOpen, ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from kernel.seen import FIELD, ChangedMeanwhile

STANDS = (
    "You had answered this, or handed the quiz in, in another tab or on another device. "
    "What you sent now was not saved, and the answer from before stands"
)


@signed_in
def quiz_question(address: ScreenAddress, sitting: int, position: int) -> str | Response:
    """A question of a sitting; once the sitting is handed in, this leads to what came of it."""
    at = get_sitting_here(db.session(), address, sitting)
    if not 1 <= position <= len(at.sitting.question_ids):
        raise NotFound(f"question {position} of sitting {sitting}")
    if not at.sitting.is_open:
        return redirect(at.url())
    shown = sitting_question(at, position, now=utc_now())
    if shown.view is None or shown.is_marked:
        return _page(at, shown)
    question_id = at.sitting.question_ids[position - 1]
    found = find_own(db.session(), "learn.quiz_answer", address=vars(address), sitting=sitting, question_id=question_id)
    if found is None:
        return _page(at, shown)
    view = with_refusal(shown.view, "", filled_in(found.fields, shown.view.shape))
    again = replace(shown, view=replace(view, error=None, seen=found.fields.get(FIELD, "")))
    return _page(at, again, certainty=_certainty(found.fields))


@signed_in
@kept_when_signed_out
def quiz_answer(address: ScreenAddress, sitting: int, question_id: str) -> str | tuple[str, int] | Response:
    """Keep an answer as it was given and go on to the next question."""
    if request.method == "GET":  # the page again, after an error and a reload
        at = get_sitting_here(db.session(), address, sitting)
        return redirect(at.url(_position(at, question_id)))
    now = utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            held = hold_sitting(work.session, here, number=sitting)
            outcome = save_answer(
                work.session,
                held,
                question_id=question_id,
                given=GivenQuizAnswer(
                    response_in(request.form, held.question(question_id)),
                    _certainty(),
                    seconds_since(request.form.get("shown_at", ""), now, address.slug, sitting, question_id),
                    request.form.get(FIELD, ""),
                ),
                now=now,
            )
    except NotOpen:
        raise
    except RuleBroken as refusal:
        return _refused(get_sitting_here(db.session(), address, sitting), question_id, refusal), status_of(refusal)
    if outcome.is_set_aside:
        flash(STANDS, "important")
    return redirect(_way_on(outcome, address, sitting))


def _way_on(outcome: SaveOutcome, address: ScreenAddress, sitting: int) -> str:
    if outcome.has_feedback:
        at = {"sitting": sitting, "position": outcome.position}
        return screen_url(address, "learn.quiz_question", fragment="feedback", **at)
    if outcome.next_position is None:
        return screen_url(address, "learn.quiz_sitting", sitting=sitting)
    return screen_url(address, "learn.quiz_question", sitting=sitting, position=outcome.next_position)


def _certainty(posted: MultiDict[str, str] | None = None) -> Certainty | None:
    given = (request.form if posted is None else posted).get("certainty", "")
    return Certainty(given) if given in set(Certainty) else None


def _position(at: SittingHere, question_id: str) -> int:
    if question_id not in at.sitting.question_ids:
        raise NotFound(f"question {question_id}")
    return at.sitting.question_ids.index(question_id) + 1


def _refused(at: SittingHere, question_id: str, refusal: RuleBroken) -> str:
    """The page again with what was filled in, and everything that has to be put right."""
    shown = sitting_question(at, _position(at, question_id), now=utc_now())
    if shown.view is None:
        raise refusal
    is_about_certainty = refusal.field == "certainty"
    view = with_refusal(shown.view, refusal.message, filled_in(request.form, shown.view.shape))
    if isinstance(refusal, ChangedMeanwhile):
        view = replace(view, error=None, clash=_both(at, shown, view))
    wants_certainty = at.here.quiz.certainty and _certainty() is None
    return _page(
        at,
        replace(shown, view=replace(view, error=None) if is_about_certainty else view),
        certainty=_certainty(),
        certainty_error="Select how sure you are" if wants_certainty else None,
    )


def _both(at: SittingHere, shown: SittingQuestion, typed: QuestionView) -> ClashView:
    saved, kept = shown.view, shown.answer
    rows = [
        ("Your answer", saved.in_words if saved else "", typed.in_words),
        ("How sure you are", _sure(kept.certainty if kept else None), _sure(_certainty())),
    ]
    return clash_view(
        typed.id, rows, keep_url=at.url(shown.position), saved_at=when(kept.was_given_at) if kept else None
    )


def _sure(certainty: Certainty | None) -> str:
    return CERTAINTY_WORDS[certainty] if certainty else ""


def _page(
    at: SittingHere,
    shown: SittingQuestion,
    *,
    certainty: Certainty | None = None,
    certainty_error: str | None = None,
) -> str:
    stored = shown.answer.certainty if shown.answer else None
    return render_template(
        "learn/quiz_question.html",
        at=at,
        shown=shown,
        count=len(at.sitting.question_ids),
        certainties=CERTAINTY_WORDS.items() if at.here.quiz.certainty else (),
        certainty=certainty or stored,
        certainty_error=certainty_error,
        saved=saved_words(shown.answer),
    )
