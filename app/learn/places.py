"""Where a learner is, and the page that shows it: shared by reading a screen and by answering on it."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.access import who
from app.extensions import db
from app.learn.answers import filled_in
from app.learn.personal import PersonalView, personal_on
from app.learn.reading import as_met
from app.learn.rendering import ReadyCourse, ready_course
from app.learn.stories import StoryView, refused, story_places, story_view
from app.learn.timing import stamp
from app.learn.views import QuestionView, ReflectionView, question_view, reflection_view, with_refusal
from courses.answers import latest_answers
from courses.attempts import CurrentAttempt, find_attempt_with_locality
from courses.content.model import Module
from courses.marking import Question, kind_of
from courses.progress import State, standing
from courses.reflections import reflections_of
from courses.role_questions import document_for
from courses.taking import check_open, module_at
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound

Questions = dict[str, QuestionView | StoryView | None]
Reflections = dict[str, ReflectionView]
Personal = dict[str, PersonalView]


@dataclass(frozen=True)
class Place:
    """Where a learner is: their attempt, the course in their words, the module, and the screen from 1."""

    attempt: CurrentAttempt
    course: ReadyCourse
    module: Module
    number: int

    def url(self, number: int | None = None, *, fragment: str | None = None) -> str:
        """The address of this screen or of another of the module."""
        return url_for(
            "learn.screen",
            slug=self.course.document.slug,
            module_slug=self.module.slug,
            number=number or self.number,
            _anchor=fragment,
        )


def get_place(session: Session, slug: str, module_slug: str, number: int) -> Place:
    """Where the person at the keyboard is. Raises ``NotFound`` before they begin or for no such screen, ``NotOpen``."""
    place = find_place(session, slug, module_slug, number)
    if place is None:
        raise NotFound(f"an attempt at {slug}")
    return place


def find_place(session: Session, slug: str, module_slug: str, number: int) -> Place | None:
    """As ``get_place``, but ``None`` before the person begins."""
    found = find_attempt_with_locality(session, person_id=who().person_id, slug=slug, on=local_day(utc_now()))
    if found is None:
        return None
    attempt, locality = found
    course = ready_course(session, attempt.document(session), attempt.fingerprint, locality)
    document = document_for(session, attempt)
    module = module_at(document, module_slug)
    check_open(document, attempt, module, number)
    return Place(attempt, course, module, number)


def questions_on(session: Session, place: Place) -> Questions:
    """The questions of a screen by id, with the person's newest answers; ``None`` for a kind that is not installed."""
    ids, attempt, course = place.module.screens[place.number - 1].question_ids, place.attempt, place.course
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
    ids = place.module.screens[place.number - 1].reflection_ids
    stored = reflections_of(session, attempt_id=place.attempt.id) if ids else {}
    blocks = {block.ref: block for block in place.course.screen(place.module.slug, place.number).blocks}
    return {
        identity: reflection_view(
            slug=place.course.document.slug,
            module_slug=place.module.slug,
            number=place.number,
            reflection_id=identity,
            prompt_html=blocks[identity].html,
            choices=blocks[identity].choices,
            stored=stored.get(identity),
        )
        for identity in ids
    }


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
    stands = standing(place.course.document, place.attempt, is_completed=False)
    module = stands.module(place.module.slug)
    return render_template(
        "learn/screen.html",
        place=place,
        screen=as_met(place.course, place.course.screen(place.module.slug, place.number), place.module, request.args),
        standing=module,
        course=place.course.document,
        questions=questions if questions is not None else questions_on(session, place),
        quiz=quiz,
        reflections=reflections if reflections is not None else reflections_on(session, place),
        personal=personal
        if personal is not None
        else personal_on(session, place.course, place.module.slug, place.number),
        page_error=error,
        is_last=place.number == len(place.module.screens),
        is_done=module is not None and (module.state is State.COMPLETE or module.screens_done >= place.number),
    )


def show_refused_answer(place: Place, question_id: str, message: str) -> tuple[str, int]:
    """The page again with what was filled in, and what has to be put right."""
    questions = questions_on(db.session(), place)
    view = questions.get(question_id)
    if isinstance(view, StoryView):
        questions[question_id] = refused(view, message, request.form.get("answer", ""))
    elif view is not None:
        questions[question_id] = with_refusal(view, message, filled_in(request.form, view.shape))
    return show(db.session(), place, questions=questions, error=message), 422
