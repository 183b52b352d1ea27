"""Moving people midway to a corrected version: one attempt at a time, each once, and no mark goes down.

An attempt is moved by one ``UPDATE`` that names the version it comes from, so a second run finds nothing to do. Answers
stay as they were given. Where one is right by the corrected version and none was before, it is added once more as a try
of its own, marked by that version; so everything that reads answers counts it. A sitting of a quiz is counted anew.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion, document_of
from courses.content.model.course import CourseDocument
from courses.corrections.correspondence import changed_questions
from courses.corrections.declaring import is_midway
from courses.corrections.marking_anew import raised_in_quizzes, raised_on_screens
from courses.marking import marking_version
from courses.records.answers import store_answer
from courses.records.attempts import Attempt, CurrentAttempt, attempt_with_id
from courses.records.completion import CourseCompleted, find_withdrawal
from courses.records.moves import AttemptMove, CourseCorrection
from courses.records.quiz_records import QuizSitting, answers_in, has_done
from courses.reflection.comments import move_comments
from courses.taking.progression import complete_course, complete_screen
from courses.taking.role_questions import document_for
from courses.taking.screens import OpenScreen, ScreenAddress
from kernel.errors import RuleBroken


def attempts_to_move(session: Session, *, correction_id: int, limit: int) -> Sequence[int]:
    """The next people midway who are still on the version that is corrected."""
    correction = session.get_one(CourseCorrection, correction_id)
    midway = is_midway(correction.corrects_version_id)
    return session.scalars(select(Attempt.id).where(midway).order_by(Attempt.id).limit(limit)).all()


def move_attempt(
    session: Session, *, correction_id: int, attempt_id: int, now: datetime
) -> tuple[CourseCompleted, ...]:
    """Move one attempt, raise its marks, and complete its course if that was what it lacked. Twice moves once."""
    correction = session.get_one(CourseCorrection, correction_id)
    old, new = (
        session.get_one(CourseVersion, version_id)
        for version_id in (correction.corrects_version_id, correction.course_version_id)
    )
    moved = (
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.course_version_id == old.id)
        .values(course_version_id=new.id)
        .returning(Attempt.id)
    )
    if session.scalar(moved) is None:
        return ()
    attempt = attempt_with_id(session, attempt_id)
    before = document_of(session, version_id=old.id, fingerprint=old.fingerprint)
    document = document_for(session, attempt)
    changed = changed_questions(before, document)
    on_screens = _raise_on_screens(session, attempt_id, document, changed, now)
    in_quizzes, sittings = _raise_in_quizzes(session, attempt_id, document, changed, now)
    session.add(
        AttemptMove(
            attempt_id=attempt_id,
            correction_id=correction_id,
            from_version_id=old.id,
            to_version_id=new.id,
            raised=[*on_screens, *in_quizzes],
            sittings=sittings,
            moved_at=now,
        )
    )
    move_comments(session, person_id=attempt.person_id, from_version_id=old.id, to_version_id=new.id)
    session.flush()
    return _finish(session, document, attempt, now)


def _raise_on_screens(
    session: Session, attempt_id: int, document: CourseDocument, changed: frozenset[str], now: datetime
) -> list[str]:
    found = raised_on_screens(session, attempt_ids=[attempt_id], document=document, changed=changed)
    for one in found:
        store_answer(
            session,
            attempt_id=attempt_id,
            question_id=one.question_id,
            try_number=one.tries + 1,
            response=one.response,
            points=one.mark.points,
            out_of=one.mark.out_of,
            is_right=True,
            marking_version=marking_version(document.questions[one.question_id]),
            seconds=None,
            answered_at=now,
            given_at=one.given_at,
        )
    return [one.question_id for one in found]


def _raise_in_quizzes(
    session: Session, attempt_id: int, document: CourseDocument, changed: frozenset[str], now: datetime
) -> tuple[list[str], list[tuple[int, int | None, bool | None]]]:
    found = raised_in_quizzes(session, attempt_ids=[attempt_id], document=document, changed=changed)
    sittings = {sitting.id: sitting for sitting, _, _ in found}
    before = [(one.id, one.right_answers, one.is_passed) for one in sittings.values() if not one.is_open]
    for _, answer, result in found:
        answer.points, answer.out_of, answer.is_right = result.points, result.out_of, True
        # It counts as marked now, by the corrected version.
        answer.given_at = answer.was_given_at
        answer.marking_version, answer.saved_at = marking_version(document.questions[answer.question_id]), now
    session.flush()
    for sitting in sittings.values():
        if not sitting.is_open:
            _count_anew(session, sitting, document)
    return [answer.question_id for _, answer, _ in found], before


def _count_anew(session: Session, sitting: QuizSitting, document: CourseDocument) -> None:
    right = sum(answer.is_right for answer in answers_in(session, sitting_id=sitting.id).values())
    sitting.right_answers = max(right, sitting.right_answers or 0)
    quiz = document.quizzes.get(sitting.quiz_id)
    if quiz is not None and quiz.is_passed_with(sitting.right_answers, sitting.out_of or 0):
        sitting.is_passed = True
    session.flush()


def _finish(
    session: Session, document: CourseDocument, attempt: CurrentAttempt, now: datetime
) -> tuple[CourseCompleted, ...]:
    if find_withdrawal(session, person_id=attempt.person_id, course_id=attempt.course_id) is not None:
        return ()  # somebody looked and said that it is not complete: only its learner completes it again
    try:
        here = _waiting_screen(session, document, attempt)
        return complete_screen(session, here, now=now) if here else complete_course(session, document, attempt, now=now)
    except RuleBroken:  # no authority employs them now: they are moved all the same, and complete it as everybody does
        return ()


def _waiting_screen(session: Session, document: CourseDocument, attempt: CurrentAttempt) -> OpenScreen | None:
    """The screen that waited for a quiz to be passed, and waits no more."""
    for module in document.modules:
        done = attempt.screens_done.get(module.id, 0)
        screen = module.screens[done] if done < len(module.screens) and module.id in attempt.screens_done else None
        quiz = document.quizzes.get(screen.quiz_id or "") if screen else None
        if screen and quiz and quiz.mode == "check" and has_done(session, attempt_id=attempt.id, quiz=quiz):
            address = ScreenAddress(document.slug, module.slug, done + 1)
            return OpenScreen(address, attempt, document, module, screen, {})
    return None
