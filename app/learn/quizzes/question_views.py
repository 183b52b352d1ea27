"""The questions of a sitting as its learner sees them: open to change, answered for good, or marked."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.course_pages.question_views import GivenAnswer, QuestionView, question_view
from app.learn.place.timing import stamp
from app.learn.quizzes.addresses import SittingHere
from app.platform.pages.templating import when
from courses.content.model.quiz import Quiz
from courses.marking import InvalidResponse, Question
from courses.quizzes.sentences import certainty_remark
from courses.quizzes.sittings import marks_of_quiz_answer
from courses.records.quiz_records import QuizAnswer


@dataclass(frozen=True)
class SittingQuestion:
    """One question of a sitting. ``view`` is ``None`` when it cannot be shown any more.

    ``remark`` is about how sure the person was. ``right_ids`` are its right options, where they may be known.
    """

    position: int
    title: str
    view: QuestionView | None
    answer: QuizAnswer | None
    remark: str | None = None
    right_ids: frozenset[str] = frozenset()
    is_marked: bool = False
    has_feedback: bool = False


def sitting_question(at: SittingHere, position: int, *, now: datetime) -> SittingQuestion:
    """The question at a place that exists, to answer or to change."""
    question_id = at.sitting.question_ids[position - 1]
    answer, quiz = at.answers.get(question_id), at.here.quiz
    view = _view(at, question_id, answer)
    title = view.legend if view else "A question that cannot be shown"
    if view is None or (answer is not None and quiz.feedback == "at-once"):
        return _marked(at, position, has_feedback=True)
    shown_at = stamp(now, at.here.place.course.document.slug, at.sitting.number, question_id)
    view = replace(
        _without_feedback(view),
        button_text="Save and go on",
        shown_at=shown_at,
        seen=marks_of_quiz_answer(question_id, answer),
    )
    return SittingQuestion(position, title, view, answer)


def marked_questions(at: SittingHere, *, has_feedback: bool) -> list[SittingQuestion]:
    """Every question of a sitting that was handed in; without feedback, only whether each is right."""
    places = range(1, len(at.sitting.question_ids) + 1)
    return [_marked(at, position, has_feedback=has_feedback) for position in places]


def shows_feedback(quiz: Quiz, *, has_passed: bool) -> bool:
    """Whether what is right may be known now that a sitting is handed in."""
    return quiz.feedback != "on-pass" or has_passed


def _marked(at: SittingHere, position: int, *, has_feedback: bool) -> SittingQuestion:
    question_id = at.sitting.question_ids[position - 1]
    answer = at.answers.get(question_id)
    view = _view(at, question_id, answer)
    if view is None:
        return SittingQuestion(position, "A question that cannot be shown", None, answer)
    question = at.here.place.course.document.questions[question_id]
    certainty = answer.certainty if answer else None
    return SittingQuestion(
        position,
        view.legend,
        view if has_feedback else _without_feedback(view),
        answer,
        remark=certainty_remark(certainty, is_right=answer.is_right) if answer and certainty else None,
        right_ids=_right_ids(question) if has_feedback else frozenset(),
        is_marked=answer is not None,
        has_feedback=has_feedback and answer is not None,
    )


def _right_ids(question: Question) -> frozenset[str]:
    return frozenset(option.id for option in question.options if option.is_right or option.is_best)


def _view(at: SittingHere, question_id: str, answer: QuizAnswer | None) -> QuestionView | None:
    place = at.here.place
    question = place.course.document.questions.get(question_id)
    if question is None:
        return None
    given = GivenAnswer(answer.response, answer.is_right, answer.was_given_at) if answer else None
    url = at.here.url("learn.quiz_answer", sitting=at.sitting.number, question_id=question_id)
    try:
        return question_view(place.course, question, seed=at.sitting.seed, answer=given, action_url=url)
    except InvalidResponse:  # the kind has changed so much that it no longer understands the answer
        return None


def _without_feedback(view: QuestionView) -> QuestionView:
    return replace(
        view,
        is_answered=False,
        whole_note=None,
        whole_note_is_right=None,
        options=tuple(replace(option, note=None) for option in view.options),
        rows=tuple(replace(row, note=None) for row in view.rows),
    )


def saved_words(answer: QuizAnswer | None) -> str | None:
    """What says that an answer is kept."""
    return f"Saved {when(answer.was_given_at)}. You can change it until you hand the quiz in." if answer else None
