"""A wrong key is put right: people midway are moved, answers are kept and marked anew, and nobody loses a mark."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.analysis.first_tries import first_tries
from courses.analysis.replaying import differences
from courses.catalogue.versions import PublishOutcome, document_of, get_version, publish
from courses.content.model.course import CourseDocument
from courses.corrections.declaring import MOVES, corrections_of, declare_corrections, preview_corrections
from courses.corrections.moving import attempts_to_move, move_attempt
from courses.quizzes.sittings import GivenQuizAnswer, hold_sitting, save_answer, start_sitting, submit_sitting
from courses.records.answers import Answer, latest_answers, questions_answered
from courses.records.attempts import Attempt, get_attempt
from courses.records.completion import CourseCompleted, find_completion
from courses.records.moves import AttemptMove, CourseCorrection, newest_move
from courses.records.quiz_records import answers_in, sittings_of
from courses.reflection.comments import find_comment, save_comment
from courses.reflection.reflections import reflections_of, save_reflection
from courses.taking.progression import begin_course, finish_screen
from kernel.audit import entries_for
from kernel.errors import RuleBroken
from kernel.tasks.background import open_subjects
from people.organisations import Organisation, Unit
from tests.builders.quizzes import a_quiz_document, at_quiz
from tests.builders.region import FIRST, NOON, QUESTIONS, a_document, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen
from tests.courses.corrections.test_correspondence import RIGHT_KEY
from tests.courses.taking.test_answering import answer

LATER = NOON + timedelta(days=1)
COMMENT = "\n# A word {#TC-M1-S9}\n\n::: comment TC-M1-C1\nWhat was missing?\n:::\n"
WRONG, RIGHT = a_document(questions=RIGHT_KEY), a_document()  # the first answer is the true one


def made(session: Session, document: CourseDocument) -> PublishOutcome:
    return publish(session, document=document, account_id=None, now=NOON)


def a_learner(session: Session) -> int:
    here = session.scalar(select(Organisation)) or an_organisation(session)
    person = a_person(session, session.scalar(select(Unit)) or a_unit(session, here))
    begin_course(session, person_id=person.id, slug="test-course", now=NOON)
    return person.id


def at_the_end(session: Session, *, first: str = "a") -> int:
    """Somebody who answered everything, and is short of the first question by the wrong key."""
    learner = a_learner(session)
    finish_screen(session, at_screen(session, learner, "first-steps", 1), now=NOON)
    answer(session, learner, first)
    finish_screen(session, at_screen(session, learner, "first-steps", 2), now=NOON)
    finish_screen(session, at_screen(session, learner, "first-steps", 3), now=NOON)
    answer(session, learner, ["a", "b"], place=("second-steps", 1), question="TC-M2-Q1")
    return learner


def correct(session: Session, document: CourseDocument, *, corrects: int = 1) -> tuple[CourseCompleted, ...]:
    """Publish a version as a correction, and move everybody."""
    version = made(session, document)
    declare_corrections(session, version_id=version.version_id, corrects=[corrects], account_id=None, now=LATER)
    correction_id = int(open_subjects(session, MOVES)[-1])
    events: tuple[CourseCompleted, ...] = ()
    for attempt_id in attempts_to_move(session, correction_id=correction_id, limit=100):
        events += move_attempt(session, correction_id=correction_id, attempt_id=attempt_id, now=LATER)
    return events


def test_a_true_answer_that_was_marked_wrong_counts_and_completes_the_course(session: Session) -> None:
    made(session, WRONG)
    learner = at_the_end(session)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    assert find_completion(session, person_id=learner, course_id=attempt.course_id) is None
    (event,) = correct(session, RIGHT)
    completion = find_completion(session, person_id=learner, course_id=attempt.course_id)
    assert completion is not None
    assert (completion.id, completion.course_version_id) == (event.completion_id, attempt.version_id + 1)
    assert questions_answered(session, attempt_id=attempt.id) == {"TC-M1-Q1": True, "TC-M2-Q1": True}


def test_answers_stay_as_they_were_given_and_marked_then(session: Session) -> None:
    made(session, WRONG)
    learner = at_the_end(session)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    correct(session, RIGHT)
    rows = session.scalars(select(Answer).where(Answer.question_id == "TC-M1-Q1").order_by(Answer.try_number)).all()
    assert [(row.response, row.is_right, row.answered_at) for row in rows] == [("a", False, NOON), ("a", True, LATER)]
    newest = latest_answers(session, attempt_id=attempt.id, question_ids=("TC-M1-Q1",))
    assert newest["TC-M1-Q1"].is_right
    assert newest["TC-M1-Q1"].saved_at == NOON
    assert [found for found in differences(session) if found] == []


def test_nobody_loses_a_mark_that_the_wrong_key_gave(session: Session) -> None:
    made(session, WRONG)
    learner = a_learner(session)
    finish_screen(session, at_screen(session, learner, "first-steps", 1), now=NOON)
    answer(session, learner, "b")
    correct(session, RIGHT)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    assert questions_answered(session, attempt_id=attempt.id) == {"TC-M1-Q1": True}
    assert newest_move(session, attempt_id=attempt.id).raised == []


def test_the_place_and_what_was_written_are_kept(session: Session) -> None:
    made(session, a_document(questions=RIGHT_KEY, first=FIRST + COMMENT))
    learner = a_learner(session)
    finish_screen(session, at_screen(session, learner, "first-steps", 1), now=NOON)
    answer(session, learner, "a")
    save_reflection(
        session, at_screen(session, learner, "first-steps", 3), reflection_id="TC-M1-R1", text="Mine", now=NOON
    )
    finish_screen(session, at_screen(session, learner, "first-steps", 3), now=NOON)
    here = at_screen(session, learner, "first-steps", 4)
    save_comment(session, here, comment_id="TC-M1-C1", text="Thank you", now=NOON)
    before = get_attempt(session, person_id=learner, slug="test-course")
    correct(session, a_document(first=FIRST + COMMENT))
    after = get_attempt(session, person_id=learner, slug="test-course")
    assert after.version_number == 2
    assert (after.at_module, after.at_screen, after.screens_done) == (
        before.at_module, before.at_screen, before.screens_done,
    )  # fmt: skip
    assert reflections_of(session, attempt_id=after.id)["TC-M1-R1"].text == "Mine"
    comment = find_comment(session, person_id=learner, version_id=after.version_id, comment_id="TC-M1-C1")
    assert comment is not None


def test_whoever_has_finished_or_is_on_another_version_stays_there(session: Session) -> None:
    made(session, WRONG)
    finished = at_the_end(session, first="b")
    made(session, a_document(questions=RIGHT_KEY, first=FIRST.replace("Welcome to", "You are at")))
    on_second = a_learner(session)
    correct(session, RIGHT)
    numbers = [get_attempt(session, person_id=one, slug="test-course").version_number for one in (finished, on_second)]
    assert numbers == [1, 2]


def test_moving_twice_moves_once(session: Session) -> None:
    made(session, WRONG)
    at_the_end(session)
    assert len(correct(session, RIGHT)) == 1
    (correction_id,) = session.scalars(select(CourseCorrection.id)).all()
    (attempt_id,) = session.scalars(select(Attempt.id)).all()
    assert move_attempt(session, correction_id=correction_id, attempt_id=attempt_id, now=LATER) == ()
    assert attempts_to_move(session, correction_id=correction_id, limit=9) == []
    assert session.scalar(select(func.count()).select_from(Answer)) == 3
    assert session.scalar(select(func.count()).select_from(AttemptMove)) == 1


def test_a_check_quiz_that_was_failed_by_a_wrong_key_is_passed_and_goes_on(session: Session) -> None:
    rules = "  mode: check\n  pass_percent: 100\n"
    right = a_quiz_document(rules)
    wrong = right.model_copy(update={"questions": {**right.questions, "TC-M2-Q1": _other_key(right)}})
    made(session, wrong)
    learner = a_learner(session)
    finish_screen(session, at_screen(session, learner, "look-back", 1), now=NOON)
    start_sitting(session, at_quiz(session, learner), number=1, now=NOON)
    attempt = get_attempt(session, person_id=learner, slug="test-course")
    (sitting,) = sittings_of(session, attempt_id=attempt.id, quiz_id="TC-QUIZ-1")
    for key in sitting.question_ids:
        held = hold_sitting(session, at_quiz(session, learner), number=1)
        given = GivenQuizAnswer(["a", "b"] if key == "TC-M2-Q1" else "a")
        save_answer(session, held, question_id=key, given=given, now=NOON)
    submit_sitting(session, hold_sitting(session, at_quiz(session, learner), number=1), now=NOON)
    assert (sitting.right_answers, sitting.is_passed) == (2, False)
    preview = preview_corrections(session, course_id=attempt.course_id, document=right)
    assert [(one.people, one.marks) for one in preview] == [(1, 1)]
    correct(session, right)
    session.refresh(sitting)
    assert (sitting.right_answers, sitting.out_of, sitting.is_passed) == (3, 3, True)
    raised = answers_in(session, sitting_id=sitting.id)["TC-M2-Q1"]
    assert (raised.saved_at, raised.was_given_at) == (LATER, NOON)
    move = newest_move(session, attempt_id=attempt.id)
    assert (move.raised, move.sittings) == (["TC-M2-Q1"], [[sitting.id, 2, False]])
    assert max(get_attempt(session, person_id=learner, slug="test-course").screens_done.values()) == 2
    assert [found for found in differences(session) if found] == []


def _other_key(document: CourseDocument) -> object:
    question = document.questions["TC-M2-Q1"]
    options = tuple(option.model_copy(update={"is_right": option.id == "c"}) for option in question.options)
    return question.model_copy(update={"options": options})


def test_before_publishing_it_is_known_how_many_people_move_and_how_many_marks_rise(session: Session) -> None:
    course = made(session, WRONG)
    for first in ("a", "a", "b"):
        learner = a_learner(session)
        finish_screen(session, at_screen(session, learner, "first-steps", 1), now=NOON)
        answer(session, learner, first)
    (preview,) = preview_corrections(session, course_id=course.course_id, document=RIGHT)
    assert (preview.version_number, preview.people, preview.marks, preview.obstacles) == (1, 3, 2, ())
    correct(session, RIGHT)
    (progress,) = corrections_of(session, course_id=course.course_id)
    assert (progress.number, progress.corrects, progress.moved, progress.marks, progress.left) == (2, 1, 3, 2, 0)


def test_a_version_that_does_not_correspond_is_refused_with_every_reason(session: Session) -> None:
    made(session, a_document())
    other = FIRST.replace("::: reflection TC-M1-R1\nWhat would you like to change?\n:::\n", "Text.\n")
    swapped = QUESTIONS.replace("The first,", "The x,").replace("The second,", "The first,")
    version = made(session, a_document(first=other, questions=swapped))
    with pytest.raises(RuleBroken) as refusal:
        declare_corrections(session, version_id=version.version_id, corrects=[1], account_id=None, now=NOON)
    assert "no place any more" in refusal.value.message
    assert "in another place" in refusal.value.message
    with pytest.raises(RuleBroken):
        declare_corrections(session, version_id=version.version_id, corrects=[7], account_id=None, now=NOON)


def test_a_correction_is_in_the_audit_trail_and_said_once(session: Session) -> None:
    course = made(session, WRONG)
    version = made(session, RIGHT)
    for _ in range(2):
        declare_corrections(session, version_id=version.version_id, corrects=[1], account_id=None, now=NOON)
    entries = entries_for(session, subject_type="course", subject_id=course.course_id)
    assert [entry.detail for entry in entries if entry.action == "course-corrected"] == [{"version": 2, "corrects": 1}]


def test_figures_of_a_question_count_people_with_the_version_that_they_began_on(session: Session) -> None:
    course = made(session, WRONG)
    learner = at_the_end(session)
    before = list(first_tries(session, version_id=course.version_id))
    correct(session, RIGHT)
    assert list(first_tries(session, version_id=course.version_id)) == before
    newer = get_version(session, course_id=course.course_id, version_number=2)
    assert list(first_tries(session, version_id=newer.id)) == []
    assert document_of(session, version_id=newer.id, fingerprint=newer.fingerprint) == RIGHT
    assert learner
