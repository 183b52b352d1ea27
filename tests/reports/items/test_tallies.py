"""Counting a version's answers: who counts, what is counted, and what is kept back."""

import statistics
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from courses.marking.question import Question
from courses.records.quiz_records import Certainty
from reports.items.tallies import places_in
from tests.app.platform.test_query_counts import counted as statements
from tests.builders.quizzes import a_quiz_course
from tests.builders.region import FIRST, NOON, QUESTIONS, a_course, a_document
from tests.reports.items.answering import an_attempt, counted, figures_of, give, people_answer, sit

SURE, FAIRLY, UNSURE = Certainty.VERY_SURE, Certainty.FAIRLY_SURE, Certainty.NOT_SURE
ONE, MANY = "TC-M1-Q1", "TC-M2-Q1"
QUIZ = "TC-QUIZ-1"
WITHOUT_THE_FIRST = {
    "first": FIRST.replace("::: question TC-M1-Q1\n:::", "Read on."),
    "questions": QUESTIONS[QUESTIONS.index("- id: TC-M2-Q1") :],
}


def test_the_share_right_and_each_option_at_the_first_try_are_counted(session: Session) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "aaaaaabbbb", seconds=30)
    found = figures_of(session, course, ONE)
    assert (found.people, found.right, found.right_percent, found.score) == (10, 6, 60, 0.6)
    assert found.parts[""].counts == {"a": 6, "b": 4}
    assert found.parts[""].percent("b") == 40
    assert found.seconds == (30, 30, 30)
    assert found.sure is None


@pytest.mark.parametrize("people", [0, 1, 9])
def test_nothing_is_kept_of_fewer_than_ten(session: Session, people: int) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "b" * people, seconds=30)
    found = figures_of(session, course, ONE)
    assert not found.is_shown
    assert (found.right, found.score, found.parts, found.seconds, found.discrimination) == (0, 0.0, {}, None, None)


def test_figures_grow_in_steps_of_ten_in_the_order_of_the_answers(session: Session) -> None:
    course = a_course(session)
    late = an_attempt(session, course)
    people_answer(session, course, ONE, "a" * 10)
    before = figures_of(session, course, ONE)
    # This attempt began first, and is answered last: it must not push anybody out.
    give(session, course, late, ONE, "b", at=NOON + timedelta(hours=1))
    assert figures_of(session, course, ONE) == before
    people_answer(session, course, ONE, "b" * 9, at=NOON + timedelta(hours=2))
    assert figures_of(session, course, ONE).parts[""].counts == {"a": 10, "b": 10}


def test_a_higher_threshold_makes_larger_steps_and_a_lower_one_is_refused(session: Session) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "a" * 30)
    assert [item.people for item in counted(session, course, smallest_shown=25).items] == [25, 0]
    with pytest.raises(ValueError, match="at least 10"):
        counted(session, course, smallest_shown=9)


def test_somebody_who_takes_the_version_again_counts_once(session: Session) -> None:
    course = a_course(session)
    first = an_attempt(session, course)
    give(session, course, first, ONE, "a")
    give(session, course, an_attempt(session, course, first.person_id, cycle=2), ONE, "b")
    people_answer(session, course, ONE, "a" * 8)
    assert not figures_of(session, course, ONE).is_shown
    people_answer(session, course, ONE, "a")
    assert figures_of(session, course, ONE).parts[""].counts == {"a": 10}


def test_later_tries_are_counted_in_whole_steps_and_change_no_first_try(session: Session) -> None:
    course = a_course(session)
    attempts = [an_attempt(session, course) for _ in range(20)]
    for attempt in attempts[:19]:
        give(session, course, attempt, ONE, "b", "b", "a")
    give(session, course, attempts[19], ONE, "b", "b")
    found = figures_of(session, course, ONE)
    assert (found.right, found.later_right) == (0, 10)
    assert found.parts[""].counts == {"b": 20}


def test_each_version_is_counted_for_itself(session: Session) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "a" * 10)
    newer = a_course(session, **WITHOUT_THE_FIRST)
    people_answer(session, newer, MANY, [["a", "b"]] * 9)
    assert figures_of(session, course, ONE).people == 10
    assert [(item.question_id, item.is_shown) for item in counted(session, newer).items] == [(MANY, False)]


def test_times_that_nobody_knows_are_left_out(session: Session) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "a" * 9, seconds=10)
    people_answer(session, course, ONE, "a")
    assert figures_of(session, course, ONE).seconds is None


def test_the_first_sitting_that_asked_counts_and_only_when_it_is_handed_in(session: Session) -> None:
    course = a_quiz_course(session, "  certainty: true\n")
    for _ in range(10):
        attempt = an_attempt(session, course)
        sit(session, course, attempt, {"TC-B1": ("b", SURE)})
        sit(session, course, attempt, {"TC-B1": ("a", UNSURE), "TC-B2": ("a", UNSURE)}, number=2)
    sit(session, course, an_attempt(session, course), {"TC-B1": ("a", SURE)}, is_open=True)
    found = figures_of(session, course, "TC-B1", QUIZ)
    assert (found.people, found.right, found.later_right) == (10, 0, 10)
    assert figures_of(session, course, "TC-B2", QUIZ).right == 10
    assert found.sure is not None
    assert (found.sure.people, found.sure.wrong, found.sure.choice) == (10, 10, "b")


def test_sure_but_wrong_needs_both_and_half_right_is_not_wrong(session: Session) -> None:
    course = a_quiz_course(session, "  certainty: true\n")
    answers = [("b", SURE)] * 3 + [("b", FAIRLY)] * 3 + [("a", SURE)] * 3 + [("b", UNSURE)]
    for given in answers:
        sit(session, course, an_attempt(session, course), {"TC-B1": given})
    sure = figures_of(session, course, "TC-B1", QUIZ).sure
    assert sure is not None
    assert (sure.people, sure.wrong, sure.percent) == (10, 3, 30)


def test_a_question_on_a_screen_and_in_a_quiz_is_counted_in_each(session: Session) -> None:
    course = a_quiz_course(session)
    for _ in range(10):
        attempt = an_attempt(session, course)
        give(session, course, attempt, MANY, ["c"])
        sit(session, course, attempt, {MANY: (["a", "b"], None)})
    assert figures_of(session, course, MANY).right == 0
    assert figures_of(session, course, MANY, QUIZ).right == 10


def test_an_answer_to_a_question_that_the_version_does_not_ask_counts_nowhere(session: Session) -> None:
    course = a_quiz_course(session)
    people_answer(session, course, "TC-B1", "a" * 10)  # it stands in the quiz alone
    assert not any(item.is_shown for item in counted(session, course).items)


def test_discrimination_is_the_correlation_with_the_other_questions(session: Session) -> None:
    random, course = Random(4), a_quiz_course(session)  # noqa: S311 - nothing secret
    bank = [f"TC-B{number}" for number in range(1, 7)]
    item: list[float] = []
    rest: list[float] = []
    for _ in range(40):
        attempt, able = an_attempt(session, course), random.random()
        right = {key: random.random() < able for key in bank}
        sit(session, course, attempt, {key: ("a" if right[key] else "b", None) for key in bank})
        item.append(float(right["TC-B1"]))
        rest.append(sum(right[key] for key in bank[1:]) / 5)
    expected = round(statistics.correlation(item, rest), 2)
    assert figures_of(session, course, "TC-B1", QUIZ).discrimination == pytest.approx(expected, abs=0.011)
    # The others have met only five questions besides, so all of them are told.
    assert all(figures_of(session, course, key, QUIZ).discrimination is not None for key in bank[1:])


def test_without_enough_other_questions_nothing_is_told(session: Session) -> None:
    course = a_quiz_course(session)
    for place in range(40):
        answers = {f"TC-B{number}": ("ab"[(place + number) % 2], None) for number in range(1, 6)}
        sit(session, course, an_attempt(session, course), answers)
    assert figures_of(session, course, "TC-B1", QUIZ).people == 40
    assert figures_of(session, course, "TC-B1", QUIZ).discrimination is None


def test_counting_costs_the_same_few_queries_for_more_people(session: Session, connection: Connection) -> None:
    course = a_course(session)
    people_answer(session, course, ONE, "ab" * 5)
    counted(session, course)
    with statements(connection) as before:
        counted(session, course)
    people_answer(session, course, ONE, "ab" * 20)
    with statements(connection) as after:
        counted(session, course)
    assert len(before) == len(after) <= 5


def test_every_place_of_a_course_is_there_once(session: Session) -> None:
    document = a_document()
    assert places_in(document) == ((ONE, None), (MANY, None))
    gone = Question(id="TC-GONE", kind="hot-spot", about="fact", stem="Where?")
    assert places_in(document.model_copy(update={"questions": {**document.questions, "TC-GONE": gone}})) == (
        (ONE, None),
        (MANY, None),
    )
