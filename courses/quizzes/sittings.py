"""Sitting a quiz: begin, save each answer as it is given, and hand it in.

Whoever changes a sitting holds the lock of its attempt, so two tabs take turns; unique constraints decide the rest.
A form that was printed for another moment, sent again or from a second tab, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.completion import CourseCompleted
from courses.content.model import CourseDocument
from courses.content.quiz import Quiz
from courses.content.quiz_draw import drawn_questions
from courses.marking import Response, kind_of, mark, marking_version
from courses.quizzes.adjustments import allowance_of
from courses.quizzes.policy import next_try
from courses.quizzes.records import Certainty, QuizAnswer, QuizSitting, answers_in, get_sitting, sittings_of
from courses.taking import OpenScreen, complete_screen, note_place, open_screen
from kernel.errors import NotFound, RuleBroken


class Unanswered(RuleBroken):
    """A sitting cannot be handed in yet. ``positions`` are the questions without an answer, from 1."""

    def __init__(self, positions: tuple[int, ...]) -> None:
        super().__init__("Answer every question before you hand it in")
        self.positions = positions


@dataclass(frozen=True)
class QuizPlace:
    """The screen of a quiz in somebody's course."""

    person_id: int
    slug: str
    module_slug: str
    screen: int


@dataclass(frozen=True)
class OpenQuiz:
    """A quiz that its learner may take now; their attempt stays locked until the transaction ends."""

    here: OpenScreen
    quiz: Quiz


@dataclass(frozen=True)
class StartOutcome:
    """The sitting to go to, by its number, and its first question without an answer, from 1.

    ``number`` is ``None`` when none could begin; ``position`` when every question has an answer.
    """

    number: int | None
    position: int | None = None


@dataclass(frozen=True)
class SaveOutcome:
    """What became of an answer to the question at ``position``.

    ``is_kept``: it is stored now; else the sitting had closed or an earlier answer stands. ``next_position`` is the
    question to go to, ``None`` for the list of all of them. ``has_feedback``: it is shown at once.
    """

    is_kept: bool
    position: int
    next_position: int | None
    has_feedback: bool = False


@dataclass(frozen=True)
class SubmitOutcome:
    """What handing in led to. ``is_replay``: it had been handed in before, and the record stands."""

    is_passed: bool
    is_replay: bool
    events: tuple[CourseCompleted, ...]


def open_quiz(session: Session, place: QuizPlace) -> OpenQuiz:
    """Lock the person's attempt to change something of a quiz. Raises ``NotFound``, ``NotOpen``."""
    here = open_screen(
        session, person_id=place.person_id, slug=place.slug, module_slug=place.module_slug, number=place.screen
    )
    return OpenQuiz(here, quiz_on(here.document, here.screen.quiz_id))


def quiz_on(document: CourseDocument, quiz_id: str | None) -> Quiz:
    """The quiz with this id in a version. Raises ``NotFound``, also for no id at all."""
    quiz = document.quizzes.get(quiz_id) if quiz_id else None
    if quiz is None:
        raise NotFound(f"quiz {quiz_id}")
    return quiz


def answerable(document: CourseDocument, question_ids: list[str]) -> tuple[str, ...]:
    """Those questions of a sitting that can be answered: one whose kind is not installed any more holds nobody up."""
    return tuple(
        key for key in question_ids if key in document.questions and kind_of(document.questions[key].kind) is not None
    )


def start_sitting(session: Session, place: QuizPlace, *, number: int, now: datetime) -> StartOutcome:
    """Begin the sitting ``number``, or go on with the one that is open.

    Raises ``NotFound``, ``NotOpen``, and ``RuleBroken`` when no tries are left or the pause is not over.
    """
    opened = open_quiz(session, place)
    attempt, quiz = opened.here.attempt, opened.quiz
    sittings = sittings_of(session, attempt_id=attempt.id, quiz_id=quiz.id)
    if sittings and (sittings[-1].is_open or number <= sittings[-1].number):
        return _go_on(session, opened, sittings[-1])
    following = next_try(quiz, sittings, allowance_of(session, attempt_id=attempt.id, quiz=quiz), now=now)
    if not following.has_tries:
        raise RuleBroken("You have used your tries at this quiz. Ask for another one, and say why")
    if following.is_clock_wrong:
        sittings[-1].pause_from = now
        session.flush()
        return StartOutcome(None)
    if following.opens_at is not None:
        raise RuleBroken("The next try is not open yet. You can ask to take it sooner, and say why")
    seed = f"{attempt.id}/{quiz.id}/{following.number}"
    asked = {key for sitting in sittings for key in sitting.question_ids}
    drawn = drawn_questions(quiz, opened.here.document.questions, seed, asked=asked)
    session.add(
        QuizSitting(
            attempt_id=attempt.id,
            quiz_id=quiz.id,
            number=following.number,
            seed=seed,
            question_ids=list(drawn),
            started_at=now,
        )
    )
    session.flush()
    note_place(session, opened.here, number=place.screen, now=now)
    return StartOutcome(following.number, 1)


def _go_on(session: Session, opened: OpenQuiz, sitting: QuizSitting) -> StartOutcome:
    answers = answers_in(session, sitting_id=sitting.id) if sitting.is_open else {}
    missing = unanswered(opened.here.document, sitting, answers) if sitting.is_open else ()
    return StartOutcome(sitting.number, missing[0] if missing else None)


def save_answer(
    session: Session,
    place: QuizPlace,
    *,
    number: int,
    question_id: str,
    response: Response,
    certainty: Certainty | None,
    seconds: int | None,
    now: datetime,
) -> SaveOutcome:
    """Keep an answer as it was given, in place of an earlier one. Where feedback comes at once, the first one stands.

    Raises ``NotFound``, ``NotOpen``, and ``RuleBroken`` for a response that the question does not allow or, where the
    quiz asks for it, without a certainty.
    """
    opened = open_quiz(session, place)
    sitting = get_sitting(session, attempt_id=opened.here.attempt.id, quiz_id=opened.quiz.id, number=number)
    question = opened.here.document.questions.get(question_id)
    if question is None or question_id not in sitting.question_ids:
        raise NotFound(f"question {question_id} in sitting {number}")
    answers = answers_in(session, sitting_id=sitting.id)
    answer = answers.get(question_id)
    position = sitting.question_ids.index(question_id) + 1
    if not sitting.is_open or (answer is not None and opened.quiz.feedback == "at-once"):
        return SaveOutcome(False, position, None, opened.quiz.feedback == "at-once" and sitting.is_open)
    result = mark(question, response)
    if opened.quiz.certainty and certainty is None:
        raise RuleBroken("Select how sure you are", field="certainty")
    if answer is None:
        answer = answers[question_id] = QuizAnswer(sitting_id=sitting.id, question_id=question_id)
        session.add(answer)
    answer.response, answer.certainty = response, certainty if opened.quiz.certainty else None
    answer.seconds, answer.saved_at = seconds, now
    answer.points, answer.out_of, answer.is_right = result.points, result.out_of, result.is_right
    answer.marking_version = marking_version(question)
    session.flush()
    is_last = position == len(sitting.question_ids)
    is_over = is_last or not unanswered(opened.here.document, sitting, answers)
    return SaveOutcome(True, position, None if is_over else position + 1, opened.quiz.feedback == "at-once")


def submit_sitting(session: Session, place: QuizPlace, *, number: int, now: datetime) -> SubmitOutcome:
    """Hand a sitting in: count it once, and finish its screen, module and course if that is what was missing.

    Raises ``NotFound``, ``NotOpen``, and ``Unanswered``, which names the questions without an answer.
    """
    opened = open_quiz(session, place)
    sitting = get_sitting(session, attempt_id=opened.here.attempt.id, quiz_id=opened.quiz.id, number=number)
    if not sitting.is_open:
        return SubmitOutcome(bool(sitting.is_passed), is_replay=True, events=())
    answers = answers_in(session, sitting_id=sitting.id)
    missing = unanswered(opened.here.document, sitting, answers)
    if missing:
        raise Unanswered(missing)
    counted = [answers[key] for key in answerable(opened.here.document, sitting.question_ids)]
    sitting.right_answers, sitting.out_of = sum(answer.is_right for answer in counted), len(counted)
    sitting.is_passed = opened.quiz.is_passed_with(sitting.right_answers, sitting.out_of)
    sitting.submitted_at = sitting.pause_from = now
    session.flush()
    is_done = sitting.is_passed or opened.quiz.mode == "practice"
    events = complete_screen(session, opened.here, now=now) if is_done else ()
    note_place(session, opened.here, number=place.screen, now=now)
    return SubmitOutcome(sitting.is_passed, is_replay=False, events=events)


def unanswered(document: CourseDocument, sitting: QuizSitting, answers: Mapping[str, QuizAnswer]) -> tuple[int, ...]:
    """The places, from 1, of the questions of a sitting that still want an answer."""
    wanted = set(answerable(document, sitting.question_ids))
    return tuple(
        place for place, key in enumerate(sitting.question_ids, start=1) if key in wanted and key not in answers
    )
