"""Taking a course: begin, open a screen, move on, and finish.

Whoever changes an attempt opens a screen of it first and so holds its lock: two tabs take turns.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.answers import latest_answers, questions_answered
from courses.attempts import (
    Attempt,
    CurrentAttempt,
    ModuleProgress,
    begin,
    find_attempt,
    get_attempt,
    lock_attempt,
)
from courses.catalogue import document_of, get_course, get_current_version
from courses.completion import CourseCompleted, record_completion
from courses.content.model import CourseDocument, Module, Screen
from courses.marking import Question, kind_of
from courses.marking.kinds.branching import TO_AN_END
from courses.opening import opening_for
from courses.progress import State, is_finished, standing
from courses.quizzes.records import has_done
from courses.role_questions import document_for
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from people.persons import find_main_employment


class NotOpen(RuleBroken):
    """The module or screen is not open to this learner yet."""


@dataclass(frozen=True)
class OpenScreen:
    """A screen that its learner may use now; the attempt stays locked until the transaction ends. ``number`` from 1."""

    attempt: CurrentAttempt
    document: CourseDocument
    module: Module
    number: int

    @property
    def screen(self) -> Screen:
        """What the authors wrote for it."""
        return self.module.screens[self.number - 1]

    @property
    def questions_to_answer(self) -> tuple[str, ...]:
        """Its questions that can be answered: one whose kind is not installed any more holds nobody up."""
        ids = self.screen.question_ids
        return tuple(identity for identity in ids if kind_of(self.document.questions[identity].kind) is not None)


@dataclass(frozen=True)
class ScreenOutcome:
    """Where to go after a screen: a screen number (from 1), or ``None`` at the end of the module."""

    next_screen: int | None
    events: tuple[CourseCompleted, ...]


def begin_course(session: Session, *, person_id: int, slug: str, now: datetime) -> CurrentAttempt:
    """The person's attempt at a course, begun now on its newest version if they had none.

    Raises ``NotFound`` for an unknown course, ``RuleBroken`` while it is not open to them and for somebody who holds
    no job with an authority.
    """
    attempt = find_attempt(session, person_id=person_id, slug=slug)
    if attempt is not None:
        return attempt
    if find_main_employment(session, person_id=person_id, on=local_day(now)) is None:
        raise RuleBroken("Your record shows no job with one of the seven authorities. Ask your HR team to add it")
    version = get_current_version(session, course_id=get_course(session, slug=slug).id)
    opening = opening_for(session, person_id=person_id, version=version, now=now)
    if not opening.is_open:
        raise RuleBroken(opening.refusal)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    begin(session, person_id=person_id, version=version, first_module=document.modules[0].slug, now=now)
    return get_attempt(session, person_id=person_id, slug=slug)


def module_at(document: CourseDocument, slug: str) -> Module:
    """The module with this address. Raises ``NotFound``."""
    try:
        return document.module(slug)
    except KeyError:
        raise NotFound(f"module {slug}") from None


def check_open(document: CourseDocument, attempt: CurrentAttempt, module: Module, number: int) -> None:
    """Raise ``NotOpen`` when the course keeps this screen for later, ``NotFound`` when there is none such."""
    if not 1 <= number <= len(module.screens):
        raise NotFound(f"screen {number} of {module.slug}")
    place = standing(document, attempt, is_completed=False).module(module.slug)
    if place is None or place.state is State.NOT_OPEN:
        raise NotOpen("This part opens when you have finished the one before it.")
    if place.state is not State.COMPLETE and number > place.screens_done + 1:
        raise NotOpen("This screen opens when you have finished the one before it.")


def open_screen(session: Session, *, person_id: int, slug: str, module_slug: str, number: int) -> OpenScreen:
    """Lock the person's attempt and open one of its screens to change something. Raises ``NotFound``, ``NotOpen``."""
    attempt = lock_attempt(session, person_id=person_id, slug=slug)
    document = document_for(session, attempt)
    module = module_at(document, module_slug)
    check_open(document, attempt, module, number)
    return OpenScreen(attempt, document, module, number)


def finish_screen(
    session: Session, *, person_id: int, slug: str, module_slug: str, screen: int, now: datetime
) -> ScreenOutcome:
    """Move on from a screen. Raises ``NotFound``, ``NotOpen``, and ``RuleBroken`` while a question is open."""
    here = open_screen(session, person_id=person_id, slug=slug, module_slug=module_slug, number=screen)
    answered = latest_answers(session, attempt_id=here.attempt.id, question_ids=here.questions_to_answer)
    for question_id in here.questions_to_answer:
        if question_id not in answered:
            raise RuleBroken(_to_do(here.document.questions[question_id]), field=question_id)
    quiz = here.document.quizzes.get(here.screen.quiz_id or "")
    if quiz is not None and not quiz.optional and not has_done(session, attempt_id=here.attempt.id, quiz=quiz):
        verb = "Pass" if quiz.mode == "check" else "Hand in"
        raise RuleBroken(f"{verb} the quiz before you continue", field=quiz.id)
    next_screen = screen + 1 if screen < len(here.module.screens) else None
    events = complete_screen(session, here, now=now)
    note_place(session, here, number=next_screen or screen, now=now)
    return ScreenOutcome(next_screen, events)


def _to_do(question: Question) -> str:
    return TO_AN_END if question.branching is not None else "Answer the question before you continue"


def complete_screen(session: Session, here: OpenScreen, *, now: datetime) -> tuple[CourseCompleted, ...]:
    """Count a screen as done, and the module and the course if that was what they lacked."""
    attempt = here.attempt
    if here.number > attempt.screens_done.get(here.module.id, 0):
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
    is_complete = here.number == len(module.screens)
    values: dict[str, object] = {"screens_done": here.number}
    if module.id not in attempt.completed_modules:  # one that was skipped stays complete when somebody reads it
        values["completed_at"] = now if is_complete else None
    if module.id in attempt.screens_done:
        session.execute(update(ModuleProgress).filter_by(attempt_id=attempt.id, module_id=module.id).values(**values))
    else:
        session.add(ModuleProgress(attempt_id=attempt.id, module_id=module.id, **values))
        session.flush()
    return replace(
        attempt,
        screens_done={**attempt.screens_done, module.id: here.number},
        completed_modules=attempt.completed_modules | ({module.id} if is_complete else set()),
    )


def note_place(session: Session, here: OpenScreen, *, number: int, now: datetime) -> None:
    """Remember where the learner is, for the next sitting or another device."""
    session.execute(
        update(Attempt)
        .where(Attempt.id == here.attempt.id)
        .values(at_module=here.module.slug, at_screen=number, last_seen_at=now)
    )
