"""Answering: mark a try on the server, keep it, and finish what it finishes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.marking import Question, Response, mark, marking_version
from courses.records.answers import latest_answers, store_answer, tries_at
from courses.records.completion import CourseCompleted
from courses.taking.progression import complete_screen, note_place
from courses.taking.screens import OpenScreen


@dataclass(frozen=True)
class GivenTry:
    """A try as a form sends it: the number that it was printed for, the response, and how long its screen was open.

    ``seconds`` is ``None`` where that cannot be known.
    """

    try_number: int
    response: Response
    seconds: int | None = None


@dataclass(frozen=True)
class AnswerOutcome:
    """What became of a submitted answer. ``is_replay``: the form was not for the next try, and the record stands.

    ``is_set_aside``: what it held was another answer than the newest one, and is not kept.
    """

    is_right: bool
    is_replay: bool
    events: tuple[CourseCompleted, ...]
    is_set_aside: bool = False


def submit_answer(
    session: Session, here: OpenScreen, question: Question, given: GivenTry, *, now: datetime
) -> AnswerOutcome:
    """Mark and store one try at a question of a screen; complete the screen, module and course if that was missing.

    A form that was printed for another try than the next one, sent again or from a second tab, changes nothing.
    Raises ``RuleBroken`` for a response that the question does not allow.
    """
    tries = tries_at(session, attempt_id=here.attempt.id, question_ids=here.questions)
    if question.id in tries and given.try_number != tries[question.id] + 1:
        return _replayed(session, here.attempt.id, question.id, given)
    version, result = marking_version(question), mark(question, given.response)
    store_answer(
        session,
        attempt_id=here.attempt.id,
        question_id=question.id,
        try_number=tries.get(question.id, 0) + 1,
        response=given.response,
        points=result.points,
        out_of=result.out_of,
        is_right=result.is_right,
        marking_version=version,
        seconds=given.seconds,
        answered_at=now,
    )
    note_place(session, here, here.address.screen_number)
    # The last answer of a screen finishes the screen: nobody stays incomplete for want of one more click.
    is_last = all(key in tries or key == question.id for key in here.questions)
    events = complete_screen(session, here, now=now) if is_last else ()
    return AnswerOutcome(result.is_right, is_replay=False, events=events)


def _replayed(session: Session, attempt_id: int, question_id: str, given: GivenTry) -> AnswerOutcome:
    latest = latest_answers(session, attempt_id=attempt_id, question_ids=(question_id,))[question_id]
    return AnswerOutcome(latest.is_right, is_replay=True, events=(), is_set_aside=latest.response != given.response)
