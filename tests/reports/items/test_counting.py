"""One person after another, a question's figures are what somebody with all answers before them would count."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.analysis.first_tries import FirstTry
from courses.marking import mark
from courses.records.quiz_records import Certainty
from reports.items.figures import ItemFigures
from reports.items.tallies import FEWEST_OTHERS, Tally, _rests
from tests.builders.region import NOON
from tests.courses.marking.questions import chosen_from

QUESTION = chosen_from("scenario", best=0, acceptable=[1])
PLACE = (QUESTION.id, "RE-QUIZ-1")


def a_try(response: str, certainty: Certainty | None, seconds: int | None, right_at: int | None) -> FirstTry:
    result = mark(QUESTION, response)
    return FirstTry(
        PLACE, (NOON, 1), response, result.points / result.out_of, result.is_right,
        1 if result.is_right else right_at, certainty, seconds,
    )  # fmt: skip


tries = st.builds(
    a_try,
    st.sampled_from("abcd"),
    st.one_of(st.none(), st.sampled_from(Certainty)),
    st.one_of(st.none(), st.integers(0, 1800)),
    st.sampled_from([None, 2, 3]),
)


def tallied(people: list[FirstTry]) -> ItemFigures:
    tally = Tally(PLACE, QUESTION)
    for person in people:
        tally.add(person, None)
    return tally.figures(smallest_shown=10)


@given(st.lists(tries, min_size=10, max_size=60))
def test_a_question_is_counted_as_by_hand(people: list[FirstTry]) -> None:
    found = tallied(people)
    assert found.people == len(people)
    assert found.right == sum(one.response == "a" for one in people)
    assert found.score == pytest.approx(statistics.fmean({"a": 1, "b": 0.5}.get(one.response, 0) for one in people))
    assert found.parts[""].counts == Counter(one.response for one in people)
    later = sum(one.right_at is not None and one.right_at > 1 for one in people)
    assert found.later_right == later // 10 * 10
    times = [one.seconds for one in people if one.seconds is not None]
    assert (found.seconds is None) == (len(times) < 10)
    if found.seconds:
        assert found.seconds == pytest.approx(tuple(statistics.quantiles(times, n=4, method="inclusive")))
    rated = [one for one in people if one.certainty]
    assert (found.sure is None) == (len(rated) < 10)
    if found.sure:
        wrong = [one.response for one in rated if one.certainty == "very-sure" and one.response in "cd"]
        assert (found.sure.people, found.sure.wrong) == (len(rated), len(wrong))
        assert wrong.count(found.sure.choice) == max(wrong.count("c"), wrong.count("d"))


@given(st.lists(tries, max_size=9))
def test_fewer_than_ten_leave_nothing(people: list[FirstTry]) -> None:
    assert tallied(people) == ItemFigures(*PLACE)


@given(st.lists(st.tuples(st.sampled_from("pqrstuvwx"), st.sampled_from([0, 1 / 3, 0.5, 1])), max_size=12))
def test_the_rest_is_the_average_elsewhere_and_never_holds_the_question_itself(met: list[tuple[str, float]]) -> None:
    person = [
        FirstTry((key, str(place)), (NOON, place), "a", score, score == 1, None, None, None)
        for place, (key, score) in enumerate(met)
    ]
    scored = set("pqrstuv")
    for one, rest in zip(person, _rests(person, scored), strict=True):
        others = [two.score for two in person if two.place[0] in scored and two.place[0] != one.place[0]]
        expected = statistics.fmean(others) if len(others) >= FEWEST_OTHERS else None
        assert rest == (None if expected is None else pytest.approx(expected, abs=1e-9))
