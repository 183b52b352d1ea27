"""Skipping what somebody knows: modules that a passed pre-test lets them leave out. Offered, never forced."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.content.model.course import CourseDocument, Module
from courses.content.model.quiz import Quiz
from courses.records.attempts import CurrentAttempt, ModuleProgress
from courses.records.completion import CourseCompleted
from courses.records.quiz_records import sittings_of
from courses.taking.progression import complete_course
from courses.taking.screens import OpenScreen
from kernel.errors import NotFound, RuleBroken


def modules_to_skip(document: CourseDocument, attempt: CurrentAttempt, quiz: Quiz) -> tuple[Module, ...]:
    """The modules that passing ``quiz`` lets this person skip and that they have not finished anyway."""
    return tuple(
        module
        for module in document.modules
        if module.id in quiz.pre_test_for and module.id not in attempt.completed_modules
    )


def skip_modules(
    session: Session, here: OpenScreen, *, module_ids: Iterable[str], now: datetime
) -> tuple[CourseCompleted, ...]:
    """Count modules as done that the person has shown they know; skipping twice skips once.

    They stay open to read. Raises ``NotFound``, and ``RuleBroken`` when none is chosen or the pre-test is not passed.
    """
    attempt, quiz, wanted = here.attempt, here.quiz, set(module_ids)
    if not wanted:
        raise RuleBroken("Select the modules that you would like to skip", field="modules")
    if not wanted <= set(quiz.pre_test_for):
        raise NotFound(f"modules that {quiz.id} is a pre-test for")
    if not any(sitting.is_passed for sitting in sittings_of(session, attempt_id=attempt.id, quiz_id=quiz.id)):
        raise RuleBroken("You can skip modules when you have passed this quiz")
    for module in modules_to_skip(here.document, attempt, quiz):
        if module.id in wanted:
            attempt = _skip(session, attempt, module, now)
    return complete_course(session, here.document, attempt, now=now)


def _skip(session: Session, attempt: CurrentAttempt, module: Module, now: datetime) -> CurrentAttempt:
    values = {"completed_at": now, "skipped_at": now}
    if module.id in attempt.screens_done:
        session.execute(update(ModuleProgress).filter_by(attempt_id=attempt.id, module_id=module.id).values(**values))
    else:
        session.add(ModuleProgress(attempt_id=attempt.id, module_id=module.id, screens_done=0, **values))
        session.flush()
    return replace(
        attempt,
        screens_done={module.id: 0, **attempt.screens_done},
        completed_modules=attempt.completed_modules | {module.id},
        skipped_modules=attempt.skipped_modules | {module.id},
    )
