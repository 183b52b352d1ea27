"""Sitting a quiz: begin, save, change, hand in, and what it finishes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.marking import InvalidResponse, Response
from courses.quizzes import sittings as module
from courses.quizzes.sittings import (
    GivenQuizAnswer,
    SubmitOutcome,
    Unanswered,
    hold_sitting,
    save_answer,
    start_sitting,
    submit_sitting,
)
from courses.records.attempts import get_attempt
from courses.records.completion import CourseCompleted
from courses.records.quiz_records import Certainty, QuizAnswer, QuizSitting, answers_in, get_sitting, sittings_of
from courses.taking.progress import course_status, why_incomplete
from courses.taking.progression import begin_course, finish_screen
from courses.taking.screens import NotOpen
from kernel.errors import NotFound, RuleBroken
from tests.builders.quizzes import RIGHT, a_quiz_course, at_quiz
from tests.builders.region import NOON, a_person, a_unit, an_organisation
from tests.builders.screens import at_screen
from tests.courses.taking.test_answering import answer as answer_inline
from tests.courses.taking.test_answering import move_on

LATER = NOON + timedelta(days=1)


def begun(session: Session, rules: str = "", **changes: object) -> int:
    """A person who has reached the quiz."""
    a_quiz_course(session, rules, **changes)
    person = a_person(session, a_unit(session, an_organisation(session)))
    begin_course(session, person_id=person.id, slug="test-course", now=NOON)
    finish_screen(session, at_screen(session, person.id, "look-back", 1), now=NOON)
    return person.id


def the_sitting(session: Session, person: int, number: int = 1) -> QuizSitting:
    attempt = get_attempt(session, person_id=person, slug="test-course")
    return get_sitting(session, attempt_id=attempt.id, quiz_id="TC-QUIZ-1", number=number)


def start(session: Session, person: int, number: int = 1, now: datetime = NOON) -> int | None:
    return start_sitting(session, at_quiz(session, person), number=number, now=now).number


def save(
    session: Session,
    person: int,
    question: str,
    response: Response,
    number: int = 1,
    certainty: Certainty | None = None,
) -> bool:
    return save_answer(
        session,
        hold_sitting(session, at_quiz(session, person), number=number),
        question_id=question,
        given=GivenQuizAnswer(response, certainty, seconds=12),
        now=NOON,
    ).is_kept


def answer_all(session: Session, person: int, number: int = 1, *, right: bool = True) -> None:
    for key in the_sitting(session, person, number).question_ids:
        save(session, person, key, (RIGHT.get(key, "a") if right else ["c"] if key in RIGHT else "b"), number)


def hand_in(session: Session, person: int, number: int = 1, now: datetime = NOON) -> SubmitOutcome:
    return submit_sitting(session, hold_sitting(session, at_quiz(session, person), number=number), now=now)


def sit(session: Session, person: int, number: int = 1, *, right: bool = True, now: datetime = NOON) -> SubmitOutcome:
    start(session, person, number, now)
    answer_all(session, person, number, right=right)
    return hand_in(session, person, number, now)


def how_many(session: Session, thing: type) -> int:
    return session.scalar(select(func.count()).select_from(thing)) or 0


def test_a_sitting_keeps_the_questions_that_were_drawn_for_it(session: Session) -> None:
    person = begun(session)
    assert start(session, person) == 1
    sitting = the_sitting(session, person)
    assert "TC-M2-Q1" in sitting.question_ids
    assert len(set(sitting.question_ids)) == 3
    assert sitting.is_open


def test_starting_again_goes_on_with_the_open_sitting(session: Session) -> None:
    person = begun(session)
    assert [start(session, person), start(session, person), start(session, person, 2)] == [1, 1, 1]
    assert how_many(session, QuizSitting) == 1


def test_a_start_that_is_sent_again_after_handing_in_starts_nothing(session: Session) -> None:
    person = begun(session)
    sit(session, person)
    assert start(session, person, 1) == 1
    assert how_many(session, QuizSitting) == 1
    assert start(session, person, 2) == 2


def test_an_answer_can_be_changed_until_it_is_handed_in_and_not_after(session: Session) -> None:
    person = begun(session)
    start(session, person)
    answer_all(session, person, right=False)
    assert save(session, person, "TC-M2-Q1", ["a", "b"])
    hand_in(session, person)
    assert not save(session, person, "TC-M2-Q1", ["c"])
    stored = answers_in(session, sitting_id=the_sitting(session, person).id)["TC-M2-Q1"]
    assert (stored.response, stored.is_right, stored.seconds, stored.marking_version) == (["a", "b"], True, 12, 1)
    assert how_many(session, QuizAnswer) == 3


def test_where_feedback_comes_at_once_the_first_answer_stands(session: Session) -> None:
    person = begun(session, "  feedback: at-once\n")
    start(session, person)
    assert save(session, person, "TC-M2-Q1", ["c"])
    assert not save(session, person, "TC-M2-Q1", ["a", "b"])
    assert not answers_in(session, sitting_id=the_sitting(session, person).id)["TC-M2-Q1"].is_right


def test_a_response_that_the_question_does_not_allow_is_refused(session: Session) -> None:
    person = begun(session)
    start(session, person)
    with pytest.raises(InvalidResponse):
        save(session, person, "TC-M2-Q1", ["zebra"])
    with pytest.raises(NotFound):
        save(session, person, "TC-M1-Q1", "a")
    with pytest.raises(NotFound):
        save(session, person, "TC-M2-Q1", ["a"], number=2)


def test_a_certainty_is_asked_for_where_the_quiz_wants_it_and_dropped_elsewhere(session: Session) -> None:
    person = begun(session, "  certainty: true\n")
    start(session, person)
    with pytest.raises(RuleBroken, match="how sure you are"):
        save(session, person, "TC-M2-Q1", ["a"])
    save(session, person, "TC-M2-Q1", ["a"], certainty=Certainty.VERY_SURE)
    assert answers_in(session, sitting_id=the_sitting(session, person).id)["TC-M2-Q1"].certainty == "very-sure"


def test_handing_in_names_the_questions_without_an_answer(session: Session) -> None:
    person = begun(session)
    start(session, person)
    keys = the_sitting(session, person).question_ids
    save(session, person, keys[1], RIGHT.get(keys[1], "a"))
    with pytest.raises(Unanswered) as refusal:
        hand_in(session, person)
    assert refusal.value.positions == (1, 3)
    assert the_sitting(session, person).is_open


def test_handing_in_counts_once(session: Session) -> None:
    person = begun(session)
    assert sit(session, person, right=False) == SubmitOutcome(is_passed=False, is_replay=False, events=())
    assert hand_in(session, person, now=LATER).is_replay
    sitting = the_sitting(session, person)
    assert (sitting.right_answers, sitting.out_of, sitting.submitted_at) == (0, 3, NOON)


def test_a_practice_quiz_finishes_its_screen_whatever_is_right(session: Session) -> None:
    person = begun(session)
    with pytest.raises(RuleBroken, match="Hand in the quiz"):
        move_on(session, person, "look-back", 2)
    sit(session, person, right=False)
    assert "TC-MQ" in get_attempt(session, person_id=person, slug="test-course").completed_modules
    assert move_on(session, person, "look-back", 2) is None


def test_an_optional_quiz_can_be_left_out(session: Session) -> None:
    person = begun(session, "  optional: true\n")
    assert move_on(session, person, "look-back", 2) is None
    assert "TC-MQ" in get_attempt(session, person_id=person, slug="test-course").completed_modules


def test_a_check_has_to_be_passed_and_says_so(session: Session) -> None:
    person = begun(session, "  mode: check\n", order="in-order", first=True)
    sit(session, person, right=False)
    with pytest.raises(RuleBroken, match="Pass the quiz"):
        move_on(session, person, "look-back", 2)
    attempt = get_attempt(session, person_id=person, slug="test-course")
    document = attempt.document(session)
    assert why_incomplete(document, course_status(document, attempt, is_completed=False), {}) == (
        "You have 1 screen left in “Look back”. Next is the quiz “What you remember”, which has to be passed, "
        "and then 2 more modules."
    )
    assert sit(session, person, 2).is_passed
    assert "TC-MQ" in get_attempt(session, person_id=person, slug="test-course").completed_modules


def test_a_pass_stands_when_a_later_try_goes_worse(session: Session) -> None:
    person = begun(session, "  mode: check\n")
    sit(session, person)
    sit(session, person, 2, right=False)
    assert move_on(session, person, "look-back", 2) is None


def test_handing_in_can_complete_the_course(session: Session) -> None:
    person = begun(session, "  mode: check\n")
    for screen in (1, 2, 3):
        if screen == 2:
            answer_inline(session, person, "a")
        move_on(session, person, "first-steps", screen)
    answer_inline(session, person, ["a", "b"], place=("second-steps", 1), question="TC-M2-Q1")
    assert [type(event) for event in sit(session, person).events] == [CourseCompleted]
    assert sit(session, person, 2).events == ()


def test_a_limit_holds_and_an_open_sitting_counts(session: Session) -> None:
    person = begun(session, "  attempts: 2\n")
    sit(session, person)
    start(session, person, 2)
    assert start(session, person, 3) == 2
    answer_all(session, person, 2)
    hand_in(session, person, 2)
    with pytest.raises(RuleBroken, match="used your tries"):
        start(session, person, 3)
    assert how_many(session, QuizSitting) == 2


def test_a_pause_holds_until_it_is_over(session: Session) -> None:
    person = begun(session, "  pause: 30 minutes\n")
    sit(session, person)
    with pytest.raises(RuleBroken, match="not open yet"):
        start(session, person, 2, NOON + timedelta(minutes=29))
    assert start(session, person, 2, NOON + timedelta(minutes=30)) == 2


def test_a_pause_that_began_in_the_far_future_is_counted_from_now(session: Session) -> None:
    person = begun(session, "  pause: 30 minutes\n")
    sit(session, person, now=NOON + timedelta(days=4000))
    assert start(session, person, 2, NOON) is None
    with pytest.raises(RuleBroken, match="not open yet"):
        start(session, person, 2, NOON + timedelta(minutes=29))
    assert start(session, person, 2, NOON + timedelta(minutes=30)) == 2


def test_a_question_whose_kind_is_gone_holds_nobody_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    person = begun(session)
    start(session, person)
    installed = module.kind_of
    monkeypatch.setattr(module, "kind_of", lambda key: None if key == "multiple" else installed(key))
    for key in the_sitting(session, person).question_ids:
        if key not in RIGHT:
            save(session, person, key, "a")
    assert hand_in(session, person).is_passed
    assert the_sitting(session, person).out_of == 2


def test_a_screen_without_a_quiz_or_not_yet_open_starts_nothing(session: Session) -> None:
    a_quiz_course(session, order="in-order")
    person = a_person(session, a_unit(session, an_organisation(session))).id
    begin_course(session, person_id=person, slug="test-course", now=NOON)
    with pytest.raises(NotOpen):
        start(session, person)
    with pytest.raises(NotFound):
        start_sitting(session, at_screen(session, person, "first-steps", 1), number=1, now=NOON)


def test_another_person_has_sittings_of_their_own(session: Session) -> None:
    person = begun(session)
    sit(session, person)
    other = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton Council")))
    with pytest.raises(NotFound):
        start(session, other.id)
    begin_course(session, person_id=other.id, slug="test-course", now=NOON)
    attempt = get_attempt(session, person_id=other.id, slug="test-course")
    assert sittings_of(session, attempt_id=attempt.id, quiz_id="TC-QUIZ-1") == []
