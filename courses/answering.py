"""Answering: mark a try on the server, keep it, and finish what it finishes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.answers import Answer, latest_answers
from courses.completion import CourseCompleted
from courses.marking import Response, mark, marking_version
from courses.taking import OpenScreen, complete_screen, note_place, open_screen
from kernel.errors import NotFound


@dataclass(frozen=True)
class AnswerOutcome:
    """What became of a submitted answer. ``is_replay``: the form was not for the next try, and the record stands."""

    is_right: bool
    is_replay: bool
    events: tuple[CourseCompleted, ...]


def submit_answer(
    session: Session,
    *,
    person_id: int,
    slug: str,
    module_slug: str,
    screen: int,
    question_id: str,
    try_number: int,
    response: Response,
    now: datetime,
    seconds: int | None = None,
) -> AnswerOutcome:
    """Mark and store one try at a question; complete the screen, module and course if that is what was missing.

    A form that was printed for another try than the next one, sent again or from a second tab, changes nothing.
    Raises ``NotFound``, ``NotOpen``, and ``RuleBroken`` for a response that the question does not allow.
    """
    here = open_screen(session, person_id=person_id, slug=slug, module_slug=module_slug, number=screen)
    if question_id not in here.screen.question_ids:
        raise NotFound(f"question {question_id} on screen {screen} of {module_slug}")
    latest = latest_answers(session, attempt_id=here.attempt.id, question_ids=(question_id,)).get(question_id)
    if latest and try_number != latest.try_number + 1:
        return AnswerOutcome(latest.is_right, is_replay=True, events=())
    result = mark(here.document.questions[question_id], response)
    session.add(
        Answer(
            attempt_id=here.attempt.id,
            question_id=question_id,
            try_number=latest.try_number + 1 if latest else 1,
            response=response,
            points=result.points,
            out_of=result.out_of,
            is_right=result.is_right,
            marking_version=marking_version(here.document.questions[question_id]),
            seconds=seconds,
            answered_at=now,
        )
    )
    session.flush()
    events = _finish_if_last(session, here, question_id, now)
    note_place(session, here, number=screen, now=now)
    return AnswerOutcome(result.is_right, is_replay=False, events=events)


def _finish_if_last(
    session: Session, here: OpenScreen, just_answered: str, now: datetime
) -> tuple[CourseCompleted, ...]:
    """The last answer of a screen finishes the screen: nobody stays incomplete for want of one more click."""
    others = tuple(key for key in here.questions_to_answer if key != just_answered)
    if len(latest_answers(session, attempt_id=here.attempt.id, question_ids=others)) == len(others):
        return complete_screen(session, here, now=now)
    return ()
