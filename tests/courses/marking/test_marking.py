"""Marking: what each kind gives points for, what it says, and what it sends back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.marking import InvalidResponse, Mark, Note, Question, Response, mark
from courses.marking.kinds.choosing import promised_count
from kernel.errors import RuleBroken
from tests.courses.marking.questions import chosen_from, in_order, matching, true_or_false

SINGLE = chosen_from("single", right=[1])
MULTIPLE = chosen_from("multiple", right=[0, 2])
SCENARIO = chosen_from("scenario", best=2, acceptable=[3])
TRUEFALSE = true_or_false(right=False)
ORDER = in_order("1699", "1889", "1919")
MATCH = matching({"1919": "Harm", "1981": "Anger", "2024": "Rumour"}, "Joy")
FIRST, SECOND, THIRD = (item.id for item in ORDER.items)
HARM, ANGER, RUMOUR, JOY = (choice.id for choice in MATCH.choices)


def refusal(question: Question, response: Response) -> str:
    with pytest.raises(InvalidResponse) as refused:
        mark(question, response)
    assert isinstance(refused.value, RuleBroken)
    return refused.value.message


def test_a_single_question_gives_one_point_and_the_feedback_of_the_chosen_option():
    assert mark(SINGLE, "b").points == 1
    assert mark(SINGLE, "b").is_right
    assert mark(SINGLE, "b").feedback == (Note("b", True, "About 1"),)
    assert mark(SINGLE, "a").points == 0
    assert mark(SINGLE, "a").feedback == (Note("a", False, "About 0"),)


def test_true_or_false_is_marked_like_a_single_question():
    assert mark(TRUEFALSE, "b").is_right
    assert mark(TRUEFALSE, "a").feedback == (Note("a", False, "About true"),)


def test_a_multiple_question_is_right_only_with_all_right_boxes_and_no_others():
    assert mark(MULTIPLE, ["c", "a"]).is_right
    assert mark(MULTIPLE, ["a", "c", "c"]).is_right
    for response in (["a"], ["a", "b", "c"], ["b"], ["a", "b"]):
        assert mark(MULTIPLE, response).points == 0
        assert not mark(MULTIPLE, response).is_right


def test_every_option_of_a_multiple_question_gets_its_note_ticked_or_not():
    notes = mark(MULTIPLE, ["b"]).feedback
    assert [(note.target, note.is_right) for note in notes] == [
        ("a", True),
        ("b", False),
        ("c", True),
        ("d", False),
    ]


def test_a_scenario_gives_half_a_point_for_an_acceptable_answer():
    assert (mark(SCENARIO, "c").points, mark(SCENARIO, "c").is_right) == (1, True)
    assert (mark(SCENARIO, "d").points, mark(SCENARIO, "d").is_right) == (0.5, False)
    assert (mark(SCENARIO, "a").points, mark(SCENARIO, "a").is_right) == (0, False)
    assert [mark(SCENARIO, option).feedback[0].is_right for option in "cda"] == [True, None, False]


def test_an_order_is_right_as_a_whole_and_says_which_places_are():
    assert mark(ORDER, [FIRST, SECOND, THIRD]).is_right
    outcome = mark(ORDER, [FIRST, THIRD, SECOND])
    assert (outcome.points, outcome.is_right) == (0, False)
    assert outcome.feedback == (
        Note(None, False, "Not quite."),
        Note(FIRST, True, "In the right place"),
        Note(THIRD, False, "Not in its place yet"),
        Note(SECOND, False, "Not in its place yet"),
    )


def test_numbers_beside_items_are_an_order_too():
    assert mark(ORDER, {THIRD: "3", FIRST: "1", SECOND: "2"}).is_right
    assert mark(ORDER, {THIRD: "1", FIRST: "2", SECOND: "3"}) == mark(ORDER, [THIRD, FIRST, SECOND])


def test_matching_gives_a_point_for_each_row():
    outcome = mark(MATCH, {"r1": HARM, "r2": JOY, "r3": RUMOUR})
    assert (outcome.points, outcome.out_of, outcome.is_right) == (2, 3, False)
    assert [(note.target, note.is_right) for note in outcome.feedback] == [
        (None, False), ("r1", True), ("r2", False), ("r3", True),
    ]  # fmt: skip
    assert mark(MATCH, {"r1": HARM, "r2": ANGER, "r3": RUMOUR}).is_right


@pytest.mark.parametrize(
    ("question", "response", "message"),
    [
        (SINGLE, "", "Select an answer"),
        (SINGLE, "z", "Select an answer"),
        (SINGLE, ["b"], "Select an answer"),
        (SCENARIO, "", "Select an answer"),
        (TRUEFALSE, "", "Select true or false"),
        (MULTIPLE, [], "Select two answers"),
        (MULTIPLE, ["z"], "Select two answers"),
        (MULTIPLE, "a", "Select two answers"),
        (MULTIPLE.model_copy(update={"stem": "Select all that apply."}), [], "Select all that apply"),
        (ORDER, [], "Choose a place for every item"),
        (ORDER, [FIRST, SECOND], "Choose a place for every item"),
        (ORDER, [FIRST, SECOND, "z"], "Choose a place for every item"),
        (ORDER, [FIRST, SECOND, THIRD, THIRD], "Choose a different place for each item"),
        (ORDER, {FIRST: "1", SECOND: "2", THIRD: ""}, "Choose a place for every item"),
        (ORDER, {FIRST: "1", SECOND: "2", THIRD: "9"}, "Choose a place for every item"),
        (ORDER, {FIRST: "1", SECOND: "2", THIRD: "2"}, "Choose a different place for each item"),
        (ORDER, "a", "Choose a place for every item"),
        (MATCH, {}, "Choose an answer for every item"),
        (MATCH, {"r1": HARM, "r2": ANGER, "r3": ""}, "Choose an answer for every item"),
        (MATCH, {"r1": HARM, "r2": ANGER, "r9": JOY}, "Choose an answer for every item"),
        (MATCH, [HARM], "Choose an answer for every item"),
    ],
)
def test_a_response_that_cannot_be_marked_says_what_to_do(question: Question, response: Response, message: str):
    assert refusal(question, response) == message


@pytest.mark.parametrize("response", [None, 1, [1], [["a"]], {"r1": 1}, {"r1": ["a"]}])
def test_a_response_of_the_wrong_make_is_refused(response: object):
    for question in (SINGLE, MULTIPLE, ORDER, MATCH):
        assert refusal(question, response) == "Select an answer"


def test_a_question_of_a_kind_that_is_gone_says_so():
    assert "cannot be answered at the moment" in refusal(SINGLE.model_copy(update={"kind": "gone"}), "a")


@pytest.mark.parametrize(
    ("stem", "count"),
    [
        ("Which? Select three.", 3),
        ("Which? Choose the two best.", 2),
        ("Tick 4", 4),
        ("Select all that apply.", "all"),
        ("Pick any two of these", 2),
        ("Which of these are right?", None),
        ("Select carefully.", None),
    ],
)
def test_a_stem_says_how_many_answers_it_wants(stem: str, count: int | str | None):
    assert promised_count(stem) == count


def outcome_of(question: Question, response: Response) -> Mark | str:
    """The mark, or the message of the refusal."""
    try:
        return mark(question, response)
    except InvalidResponse as refused:
        return refused.message


QUESTIONS = (SINGLE, MULTIPLE, SCENARIO, TRUEFALSE, ORDER, MATCH)
IDS = st.sampled_from(["a", "b", "c", "d", FIRST, SECOND, THIRD, HARM, ANGER, RUMOUR, JOY, "", "z"])
RESPONSES = st.one_of(
    IDS,
    st.lists(IDS, max_size=5),
    st.permutations([FIRST, SECOND, THIRD]),
    st.dictionaries(st.sampled_from(["r1", "r2", "r3", "r4"]), IDS),
    st.fixed_dictionaries({row: st.sampled_from([HARM, ANGER, RUMOUR, JOY]) for row in ("r1", "r2", "r3")}),
)


@given(question=st.sampled_from(QUESTIONS), response=RESPONSES)
def test_marking_is_repeatable_keeps_to_its_bounds_and_changes_nothing(question: Question, response: Response):
    before = (question.model_dump_json(), repr(response))
    first = outcome_of(question, response)
    assert outcome_of(question, response) == first
    assert before == (question.model_dump_json(), repr(response))
    if isinstance(first, Mark):
        assert 0 <= first.points <= first.out_of
        assert first.is_right == (first.points == first.out_of)
        assert all(note.text for note in first.feedback)
