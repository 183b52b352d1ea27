"""Sitting a quiz: begin, save each answer as it is given, and hand it in.

Whoever changes a sitting holds the lock of its attempt, so two tabs take turns; unique constraints decide the rest.
A form that was printed for another moment, sent again or from a second tab, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.content.model.course import CourseDocument
from courses.content.model.quiz_draw import drawn_questions
from courses.marking import Question, Response, kind_of, mark, marking_version
from courses.quizzes.adjustments import allowance_of
from courses.quizzes.policy import next_try
from courses.records.completion import CourseCompleted
from courses.records.quiz_records import Certainty, QuizAnswer, QuizSitting, answers_in, get_sitting, sittings_of
from courses.taking.progression import complete_screen, note_place
from courses.taking.screens import OpenScreen
from kernel.errors import NotFound, RuleBroken
from kernel.seen import marks_of, names_to_write


class Unanswered(RuleBroken):
    """A sitting cannot be handed in yet. ``positions`` are the questions without an answer, from 1."""

    def __init__(self, positions: tuple[int, ...]) -> None:
        super().__init__("Answer every question before you hand it in")
        self.positions = positions


@dataclass(frozen=True)
class HeldSitting:
    """A sitting of the quiz on an open screen; the attempt stays locked until the transaction ends."""

    here: OpenScreen
    sitting: QuizSitting

    def question(self, question_id: str) -> Question:
        """One of its questions. Raises ``NotFound``, also when its kind is not installed."""
        if question_id not in answerable(self.here.document, self.sitting.question_ids):
            raise NotFound(f"question {question_id} in sitting {self.sitting.number}")
        return self.here.document.questions[question_id]


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
    question to go to, ``None`` for the list of all of them. ``has_feedback``: it is shown at once. ``is_set_aside``:
    it is not kept, and it is another one than the answer that stands.
    """

    is_kept: bool
    position: int
    next_position: int | None
    has_feedback: bool = False
    is_set_aside: bool = False


@dataclass(frozen=True)
class GivenQuizAnswer:
    """An answer as a form sends it. ``seen`` is what the form carries, ``seconds`` how long its page was open."""

    response: Response
    certainty: Certainty | None = None
    seconds: int | None = None
    seen: str | None = None


@dataclass(frozen=True)
class SubmitOutcome:
    """What handing in led to. ``is_replay``: it had been handed in before, and the record stands."""

    is_passed: bool
    is_replay: bool
    events: tuple[CourseCompleted, ...]


def hold_sitting(session: Session, here: OpenScreen, *, number: int) -> HeldSitting:
    """One of the learner's sittings of the quiz on a screen, to change it. Raises ``NotFound``."""
    return HeldSitting(here, get_sitting(session, attempt_id=here.attempt.id, quiz_id=here.quiz.id, number=number))


def answerable(document: CourseDocument, question_ids: list[str]) -> tuple[str, ...]:
    """Those questions of a sitting that can be answered: one whose kind is not installed any more holds nobody up."""
    return tuple(
        key for key in question_ids if key in document.questions and kind_of(document.questions[key].kind) is not None
    )


def start_sitting(session: Session, here: OpenScreen, *, number: int, now: datetime) -> StartOutcome:
    """Begin the sitting ``number`` of the quiz on a screen, or go on with the one that is open.

    Raises ``NotFound``, and ``RuleBroken`` when no tries are left or the pause is not over.
    """
    attempt, quiz = here.attempt, here.quiz
    sittings = sittings_of(session, attempt_id=attempt.id, quiz_id=quiz.id)
    if sittings and (sittings[-1].is_open or number <= sittings[-1].number):
        return _go_on(session, here, sittings[-1])
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
    drawn = drawn_questions(quiz, here.document.questions, seed, asked=asked)
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
    note_place(session, here, here.address.screen_number)
    return StartOutcome(following.number, 1)


def _go_on(session: Session, here: OpenScreen, sitting: QuizSitting) -> StartOutcome:
    answers = answers_in(session, sitting_id=sitting.id) if sitting.is_open else {}
    missing = unanswered(here.document, sitting, answers) if sitting.is_open else ()
    return StartOutcome(sitting.number, missing[0] if missing else None)


def marks_of_quiz_answer(question_id: str, answer: QuizAnswer | None) -> str:
    """What the form of a question carries."""
    return marks_of({question_id: _content(answer)})


def _content(answer: QuizAnswer | None) -> tuple[Response, Certainty | None] | None:
    return (answer.response, answer.certainty) if answer else None


def save_answer(
    session: Session, held: HeldSitting, *, question_id: str, given: GivenQuizAnswer, now: datetime
) -> SaveOutcome:
    """Keep an answer as it was given, in place of an earlier one. Where feedback comes at once, the first one stands.

    Raises ``NotFound``, ``RuleBroken`` for a response that the question does not allow or, where the quiz asks for it,
    without a certainty, and ``ChangedMeanwhile`` when another answer is kept by now than the form held.
    """
    quiz, sitting, question = held.here.quiz, held.sitting, held.question(question_id)
    answers = answers_in(session, sitting_id=sitting.id)
    answer = answers.get(question_id)
    position = sitting.question_ids.index(question_id) + 1
    if not sitting.is_open or (answer is not None and quiz.feedback == "at-once"):
        is_other = answer is None or answer.response != given.response
        return SaveOutcome(False, position, None, quiz.feedback == "at-once" and sitting.is_open, is_other)
    result = mark(question, given.response)
    if quiz.certainty and given.certainty is None:
        raise RuleBroken("Select how sure you are", field="certainty")
    certainty = given.certainty if quiz.certainty else None
    typed = {question_id: (given.response, certainty)}
    names = names_to_write(given.seen, stored={question_id: _content(answer)}, typed=typed, field=question_id)
    if names:
        if answer is None:
            answer = answers[question_id] = QuizAnswer(sitting_id=sitting.id, question_id=question_id)
            session.add(answer)
        answer.response, answer.certainty = given.response, certainty
        answer.seconds, answer.saved_at, answer.given_at = given.seconds, now, None
        answer.points, answer.out_of, answer.is_right = result.points, result.out_of, result.is_right
        answer.marking_version = marking_version(question)
        session.flush()
    is_last = position == len(sitting.question_ids)
    is_over = is_last or not unanswered(held.here.document, sitting, answers)
    return SaveOutcome(True, position, None if is_over else position + 1, quiz.feedback == "at-once")


def submit_sitting(session: Session, held: HeldSitting, *, now: datetime) -> SubmitOutcome:
    """Hand a sitting in: count it once, and finish its screen, module and course if that is what was missing.

    Raises ``Unanswered``, which names the questions without an answer.
    """
    here, quiz, sitting = held.here, held.here.quiz, held.sitting
    if not sitting.is_open:
        return SubmitOutcome(bool(sitting.is_passed), is_replay=True, events=())
    answers = answers_in(session, sitting_id=sitting.id)
    missing = unanswered(here.document, sitting, answers)
    if missing:
        raise Unanswered(missing)
    counted = [answers[key] for key in answerable(here.document, sitting.question_ids)]
    sitting.right_answers, sitting.out_of = sum(answer.is_right for answer in counted), len(counted)
    sitting.is_passed = quiz.is_passed_with(sitting.right_answers, sitting.out_of)
    sitting.submitted_at = sitting.pause_from = now
    session.flush()
    is_done = sitting.is_passed or quiz.mode == "practice"
    events = complete_screen(session, here, now=now) if is_done else ()
    note_place(session, here, here.address.screen_number)
    return SubmitOutcome(sitting.is_passed, is_replay=False, events=events)


def unanswered(document: CourseDocument, sitting: QuizSitting, answers: Mapping[str, QuizAnswer]) -> tuple[int, ...]:
    """The places, from 1, of the questions of a sitting that still want an answer."""
    wanted = set(answerable(document, sitting.question_ids))
    return tuple(
        place for place, key in enumerate(sitting.question_ids, start=1) if key in wanted and key not in answers
    )
