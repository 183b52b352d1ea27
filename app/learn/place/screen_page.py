"""The page of a screen: shared by reading it and by everything that is answered or written on it."""

from collections.abc import Iterable

from flask import render_template, request
from sqlalchemy.orm import Session

from app.course_pages.personal import PersonalView, personal_on
from app.course_pages.question_views import QuestionView, ReflectionView, question_view, reflection_view, with_refusal
from app.course_pages.screen_reading import screen_view
from app.learn.place.answer_reading import filled_in
from app.learn.place.place import Place
from app.learn.place.story_views import StoryView, refused, story_places, story_view
from app.learn.place.timing import stamp
from app.platform.extensions import db
from app.platform.pages.clashes import ClashView
from courses.marking import Question, kind_of
from courses.records.answers import latest_answers
from courses.reflection.reflections import reflections_of
from kernel.clock import utc_now

Questions = dict[str, QuestionView | StoryView | None]
Reflections = dict[str, ReflectionView]
Personal = dict[str, PersonalView]


def questions_on(session: Session, place: Place) -> Questions:
    """The questions of a screen by id, with the person's newest answers; ``None`` for a kind that is not installed."""
    ids, attempt, course = place.screen.question_ids, place.attempt, place.course
    answers, now = latest_answers(session, attempt_id=attempt.id, question_ids=ids), utc_now()
    questions = {question_id: course.document.questions[question_id] for question_id in ids}
    stories = story_places(session, attempt_id=attempt.id, questions=questions, answers=answers)

    def view(question: Question) -> QuestionView | StoryView | None:
        seed, answer = str(attempt.id), answers.get(question.id)
        if question.branching is not None and kind_of(question.kind) is not None:
            action_url, at = f"{place.url()}/story/{question.id}", stories[question.id]
            return story_view(course, question, at, seed=seed, answer=answer, action_url=action_url)
        return question_view(
            course,
            question,
            seed=seed,
            answer=answer,
            action_url=f"{place.url()}/answers/{question.id}",
            shown_at=stamp(now, course.document.slug, question.id),
        )

    return {question_id: view(question) for question_id, question in questions.items()}


def reflections_on(session: Session, place: Place) -> Reflections:
    """The private fields of a screen by id, with what the person wrote."""
    ids = place.screen.reflection_ids
    stored = reflections_of(session, attempt_id=place.attempt.id) if ids else {}
    blocks = {block.ref: block for block in place.course.screen(place.module.slug, place.screen_number).blocks}
    return {identity: reflection_view(place.address, blocks[identity], stored.get(identity)) for identity in ids}


def show(
    session: Session,
    place: Place,
    *,
    questions: Questions | None = None,
    reflections: Reflections | None = None,
    personal: Personal | None = None,
    error: str | None = None,
    quiz: object = None,
) -> str:
    """The page of a screen. Views that were refused come in already filled in; ``error`` is what they say.

    ``quiz`` is the panel of the quiz that stands there instead of questions.
    """
    reflections = reflections if reflections is not None else reflections_on(session, place)
    if personal is None:
        personal = personal_on(session, place.course, place.address, place.attempt)
    return render_template(
        "learn/screen.html",
        place=place,
        screen=screen_view(
            place.course, place.course.screen(place.module.slug, place.screen_number), place.module, request.args
        ),
        module_status=place.status,
        course=place.course.document,
        questions=questions if questions is not None else questions_on(session, place),
        quiz=quiz,
        reflections=reflections,
        personal=personal,
        to_choose=_to_choose([*reflections.values(), *personal.values()]),
        page_error=error,
        is_last=place.screen_number == len(place.module.screens),
        is_done=place.is_done,
    )


def _to_choose(views: Iterable[object]) -> ClashView | None:
    """What its learner has to choose between before they go on."""
    return next(filter(None, (getattr(view, "clash", None) for view in views)), None)


def show_refused_answer(place: Place, question_id: str, message: str) -> tuple[str, int]:
    """The page again with what was filled in, and what has to be put right."""
    questions = questions_on(db.session(), place)
    view = questions.get(question_id)
    if isinstance(view, StoryView):
        questions[question_id] = refused(view, message, request.form.get("answer", ""))
    elif view is not None:
        questions[question_id] = with_refusal(view, message, filled_in(request.form, view.shape))
    return show(db.session(), place, questions=questions, error=message), 422
