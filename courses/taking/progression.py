"""Taking a course: begin, move on from a screen, and finish."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, update
from sqlalchemy.orm import Session

from courses.catalogue.versions import document_of, get_course, get_current_version
from courses.content.model.course import CourseDocument
from courses.marking import Question
from courses.marking.kinds.branching import TO_AN_END
from courses.records.answers import questions_answered, tries_at
from courses.records.attempts import Attempt, CurrentAttempt, ModuleProgress, begin, find_attempt, get_attempt
from courses.records.completion import CourseCompleted, first_cycle, next_cycle, record_completion
from courses.records.quiz_records import has_done
from courses.taking.availability import opening_for
from courses.taking.completion_rule import is_finished
from courses.taking.screens import OpenScreen
from kernel.clock import local_day
from kernel.database import UTCDateTime, table_of
from kernel.errors import RuleBroken
from people.jobs.reading import find_main_employment

# Built once and sent without the ORM: nearly every answer needs one of them, and building costs more than running.
_attempt, _progress = table_of(Attempt), table_of(ModuleProgress)
_FIRST_PROGRESS = insert(_progress).values(
    attempt_id=bindparam("of_attempt"),
    module_id=bindparam("of_module"),
    screens_done=bindparam("done"),
    completed_at=bindparam("completed"),
)
_PROGRESS = (
    update(_progress)
    .where(_progress.c.attempt_id == bindparam("of_attempt"), _progress.c.module_id == bindparam("of_module"))
    # One that was skipped stays complete when somebody reads it.
    .values(
        screens_done=bindparam("done"),
        completed_at=func.coalesce(_progress.c.completed_at, bindparam("completed", type_=UTCDateTime)),
    )
)
_PLACE = (
    update(_attempt)
    .where(_attempt.c.id == bindparam("of_attempt"))
    .values(at_module=bindparam("module"), at_screen=bindparam("screen"))
)


@dataclass(frozen=True)
class ScreenOutcome:
    """Where to go after a screen: a screen number (from 1), or ``None`` at the end of the module."""

    next_screen: int | None
    events: tuple[CourseCompleted, ...]


def begin_course(session: Session, *, person_id: int, slug: str, now: datetime, again: bool = False) -> CurrentAttempt:
    """The person's attempt at a course, begun now on its newest version if they had none.

    With ``again`` it is begun anew where the newest one is finished: what it led to does not count any more.
    Raises ``NotFound`` for an unknown course, ``RuleBroken`` while it is not open to them and for somebody who holds
    no job with an authority.
    """
    attempt = find_attempt(session, person_id=person_id, slug=slug)
    cycle = next_cycle(session, attempt) if attempt is not None and again else None
    if attempt is not None and cycle is None:
        return attempt
    if find_main_employment(session, person_id=person_id, on=local_day(now)) is None:
        raise RuleBroken("Your record shows no job with one of the seven authorities. Ask your HR team to add it")
    version = get_current_version(session, course_id=get_course(session, slug=slug).id)
    if cycle is None:
        cycle = first_cycle(session, person_id=person_id, course_id=version.course_id) if again else 1
    opening = opening_for(session, person_id=person_id, version=version, now=now)
    if not opening.is_open:
        raise RuleBroken(opening.refusal)
    first = document_of(session, version_id=version.id, fingerprint=version.fingerprint).modules[0].slug
    begin(session, person_id=person_id, version=version, first_module=first, now=now, cycle=cycle)
    return get_attempt(session, person_id=person_id, slug=slug)


def finish_screen(session: Session, here: OpenScreen, *, now: datetime) -> ScreenOutcome:
    """Move on from a screen. Raises ``RuleBroken`` while a question or a quiz is open."""
    answered = tries_at(session, attempt_id=here.attempt.id, question_ids=here.questions)
    for question_id, question in here.questions.items():
        if question_id not in answered:
            raise RuleBroken(_to_do(question), field=question_id)
    quiz = here.document.quizzes.get(here.screen.quiz_id or "")
    if quiz is not None and not quiz.optional and not has_done(session, attempt_id=here.attempt.id, quiz=quiz):
        verb = "Pass" if quiz.mode == "check" else "Hand in"
        raise RuleBroken(f"{verb} the quiz before you continue", field=quiz.id)
    number = here.address.screen_number
    next_screen = number + 1 if number < len(here.module.screens) else None
    events = complete_screen(session, here, now=now)
    note_place(session, here, next_screen or number)
    return ScreenOutcome(next_screen, events)


def _to_do(question: Question) -> str:
    return TO_AN_END if question.branching is not None else "Answer the question before you continue"


def complete_screen(session: Session, here: OpenScreen, *, now: datetime) -> tuple[CourseCompleted, ...]:
    """Count a screen as done, and the module and the course if that was what they lacked."""
    attempt = here.attempt
    if here.address.screen_number > attempt.screens_done.get(here.module.id, 0):
        attempt = _store_progress(session, here, now=now)
    return complete_course(session, here.document, attempt, now=now)


def complete_course(
    session: Session, document: CourseDocument, attempt: CurrentAttempt, *, now: datetime
) -> tuple[CourseCompleted, ...]:
    """Record the completion of a course when nothing is missing any more; once, however often it is called."""
    if not is_finished(document, attempt, lambda: questions_answered(session, attempt_id=attempt.id)):
        return ()
    return record_completion(
        session,
        person_id=attempt.person_id,
        course_id=attempt.course_id,
        cycle=attempt.cycle,
        course_version_id=attempt.version_id,
        now=now,
    )


def _store_progress(session: Session, here: OpenScreen, *, now: datetime) -> CurrentAttempt:
    attempt, module = here.attempt, here.module
    is_complete = here.address.screen_number == len(module.screens)
    values = {
        "of_attempt": attempt.id,
        "of_module": module.id,
        "done": here.address.screen_number,
        "completed": now if is_complete else None,
    }
    session.connection().execute(_PROGRESS if module.id in attempt.screens_done else _FIRST_PROGRESS, values)
    return replace(
        attempt,
        screens_done={**attempt.screens_done, module.id: here.address.screen_number},
        completed_modules=attempt.completed_modules | ({module.id} if is_complete else set()),
    )


def note_place(session: Session, here: OpenScreen, screen_number: int) -> None:
    """Remember where the learner is in the module of an open screen, for the next sitting or another device."""
    place = (here.module.slug, screen_number)
    if place != (here.attempt.at_module, here.attempt.at_screen):  # as a rule they are where they were
        values = {"of_attempt": here.attempt.id, "module": place[0], "screen": place[1]}
        session.connection().execute(_PLACE, values)
