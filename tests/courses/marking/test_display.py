"""The order in which options are shown: the same for one person, mixed between people, and no give-away."""

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from courses.marking import Question, shuffled
from tests.courses.marking.questions import chosen_from, in_order, matching, true_or_false

SEEDS = st.text(max_size=12)


@given(seed=SEEDS, size=st.integers(2, 8), last=st.sets(st.integers(0, 7), max_size=2))
def test_options_are_all_there_once_and_those_that_stay_last_stay_last(seed: str, size: int, last: set[int]):
    plain = chosen_from("single", right=[0], of=size)
    options = tuple(o.model_copy(update={"keep_last": at in last}) for at, o in enumerate(plain.options))
    question = plain.model_copy(update={"options": options})
    shown = [option.id for option in shuffled(question, seed).options]
    kept = [option.id for option in options if option.keep_last]
    assert sorted(shown) == [option.id for option in options]
    assert shown[len(shown) - len(kept) :] == kept
    assert shuffled(question, seed) == shuffled(question, seed)


@given(seed=SEEDS, size=st.integers(2, 8))
def test_items_and_choices_are_all_there_and_never_in_the_right_order(seed: str, size: int):
    texts = [f"Item {number}" for number in range(size)]
    for question in (in_order(*texts), matching({text: f"Answer to {text}" for text in texts})):
        display = shuffled(question, seed)
        for shown, written in ((display.items, question.items), (display.choices, question.choices)):
            assert sorted(choice.id for choice in shown) == sorted(choice.id for choice in written)
            assert not written or shown != written
        assert [row.id for row in display.rows] == [row.id for row in question.rows]


@given(seed=SEEDS)
def test_true_stays_before_false(seed: str):
    assert [option.text for option in shuffled(true_or_false(right=True), seed).options] == ["True", "False"]


def test_the_order_of_one_person_never_changes_with_the_version_of_python():
    question = chosen_from("multiple", right=[0], of=6)
    assert "".join(option.id for option in shuffled(question, "person 1").options) == "cedbfa"
    assert "".join(option.id for option in shuffled(question, "person 2").options) == "cfadbe"


def test_people_see_different_orders():
    question = chosen_from("single", right=[0], of=4)
    orders = {shuffled(question, str(person)).options for person in range(200)}
    assert len(orders) == 24


def everything_shown(question: Question) -> str:
    return json.dumps(asdict(shuffled(question, "x")), default=lambda choice: choice.model_dump())


def test_what_is_shown_does_not_hold_the_answers():
    for question in (
        chosen_from("scenario", best=1),
        in_order("a", "b", "c"),
        matching({"a": "b", "c": "d"}),
    ):
        for word in ("is_right", "is_best", "feedback", "answer_id", "About"):
            assert word not in everything_shown(question)


def test_a_question_of_a_kind_that_is_gone_is_still_shown():
    question = chosen_from("single", right=[0]).model_copy(update={"kind": "gone"})
    assert [option.id for option in shuffled(question, "x").options] == ["a", "b", "c", "d"]
