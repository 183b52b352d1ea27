"""One question of a quiz at a time: answer it, change it, and say how sure you are."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.answers import filled_in, response_in
from app.learn.quiz_places import SittingHere, get_sitting_here, quiz_place
from app.learn.quiz_views import SittingQuestion, saved_words, sitting_question
from app.learn.timing import seconds_since
from app.learn.views import with_refusal
from app.work import unit_of_work
from courses.attempts import get_attempt
from courses.marking import Question, Shape, kind_of
from courses.quizzes.records import Certainty
from courses.quizzes.sittings import SaveOutcome, save_answer
from courses.quizzes.wording import CERTAINTY_WORDS
from courses.taking import NotOpen
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken


@signed_in
def quiz_question(slug: str, module_slug: str, number: int, sitting: int, position: int) -> str | Response:
    """A question of a sitting; once the sitting is handed in, this leads to what came of it."""
    at = get_sitting_here(db.session(), slug, module_slug, number, sitting)
    if not 1 <= position <= len(at.sitting.question_ids):
        raise NotFound(f"question {position} of sitting {sitting}")
    if not at.sitting.is_open:
        return redirect(at.url())
    return _page(at, sitting_question(at, position, now=utc_now()))


@signed_in
def quiz_answer(
    slug: str, module_slug: str, number: int, sitting: int, question_id: str
) -> str | tuple[str, int] | Response:
    """Keep an answer as it was given and go on to the next question."""
    values = {"slug": slug, "module_slug": module_slug, "number": number, "sitting": sitting}
    if request.method == "GET":  # the page again, after an error and a reload
        at = get_sitting_here(db.session(), **values)
        return redirect(at.url(_position(at, question_id)))
    (question, shape), now = _question(slug, question_id), utc_now()
    try:
        with unit_of_work() as work:
            outcome = save_answer(
                work.session,
                quiz_place(slug, module_slug, number),
                number=sitting,
                question_id=question_id,
                response=response_in(request.form, shape, question),
                certainty=_certainty(),
                seconds=seconds_since(request.form.get("shown_at", ""), now, slug, sitting, question_id),
                now=now,
            )
    except NotOpen:
        raise
    except RuleBroken as refusal:
        return _refused(get_sitting_here(db.session(), **values), question_id, refusal), 422
    return redirect(_way_on(outcome, values))


def _way_on(outcome: SaveOutcome, values: dict[str, str | int]) -> str:
    if outcome.has_feedback:
        return url_for("learn.quiz_question", position=outcome.position, _anchor="feedback", **values)
    if outcome.next_position is None:
        return url_for("learn.quiz_sitting", **values)
    return url_for("learn.quiz_question", position=outcome.next_position, **values)


def _question(slug: str, question_id: str) -> tuple[Question, Shape]:
    """The question as this person's version has it. Raises ``NotFound``, also when its kind is not installed."""
    session = db.session()
    document = get_attempt(session, person_id=who().person_id, slug=slug).document(session)
    question = document.questions.get(question_id)
    kind = kind_of(question.kind) if question else None
    if question is None or kind is None:
        raise NotFound(f"question {question_id}")
    return question, kind.shape


def _certainty() -> Certainty | None:
    given = request.form.get("certainty", "")
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
    wants_certainty = at.here.quiz.certainty and _certainty() is None
    return _page(
        at,
        replace(shown, view=replace(view, error=None) if is_about_certainty else view),
        certainty=_certainty(),
        certainty_error="Select how sure you are" if wants_certainty else None,
    )


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
