"""Texts with gaps: how they are read, mixed and marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content.files.gaps import read_gaps
from courses.content.format.question_authoring import AuthoredGap
from courses.marking import InvalidResponse, Note, Question, Response, kind_of, mark, shuffled
from courses.marking.question import opaque_id
from tests.courses.marking.questions import with_gaps

TEXT = with_gaps("It is [[individual|institutional|structural]] and [[law|*habit]].")
INDIVIDUAL, INSTITUTIONAL, LAW, HABIT = (opaque_id(text) for text in ("individual", "institutional", "law", "habit"))


def test_the_choice_with_a_star_is_right_and_otherwise_the_first():
    assert TEXT.cloze is not None
    assert TEXT.cloze.text == "It is [[1]] and [[2]]."
    assert [gap.right_id for gap in TEXT.cloze.gaps] == [INDIVIDUAL, HABIT]
    assert [choice.text for choice in TEXT.cloze.gaps[1].choices] == ["law", "habit"]


def test_each_gap_is_a_point_and_all_of_them_are_right():
    assert mark(TEXT, {"g1": INDIVIDUAL, "g2": HABIT}).is_right
    outcome = mark(TEXT, {"g1": INSTITUTIONAL, "g2": HABIT})
    assert (outcome.points, outcome.out_of, outcome.is_right) == (1, 2, False)
    assert outcome.feedback == (
        Note(None, False, "Not quite."),
        Note("g1", False, "Not this one"),
        Note("g2", True, "Right"),
    )


def test_a_gap_may_have_words_of_its_own():
    cloze = read_gaps("[[a|b]] [[c|d]]", [AuthoredGap(right="Yes, a.", wrong="Not b."), AuthoredGap()])
    question = TEXT.model_copy(update={"cloze": cloze})
    right, other = opaque_id("a"), opaque_id("b")
    last = {"g2": opaque_id("c")}
    assert [mark(question, {"g1": given, **last}).feedback[1].text for given in (right, other)] == ["Yes, a.", "Not b."]


@pytest.mark.parametrize(
    "response",
    ["", "x" * 50_000, [INDIVIDUAL, HABIT], {}, {"g1": INDIVIDUAL}, {"g1": INDIVIDUAL, "g2": ""},
     {"g1": HABIT, "g2": INDIVIDUAL}, {"g1": INDIVIDUAL, "g2": HABIT, "g3": HABIT}],
)  # fmt: skip
def test_gaps_that_are_not_all_filled_are_refused(response: Response):
    with pytest.raises(InvalidResponse, match="Choose an answer for every gap"):
        mark(TEXT, response)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No gap.", "This question has no gap."),
        ("One [[right]].", "Gap 1 has nothing to choose between."),
        ("One [[]].", "Gap 1 has an empty choice."),
        ("One [[a|]].", "Gap 1 has an empty choice."),
        ("One [[a|b]] [[a|A]].", "Gap 2 has the same choice twice."),
        ("One [[a|" + "b" * 81 + "]].", "more than 80 characters"),
        ("One [[*a|*b]].", "Gap 1 needs one right choice."),
        ("[[a|b]]" * 21, "more than 20 gaps"),
        ("[[" + "|".join(map(str, range(21))) + "]]", "more than 20 choices"),
    ],
)
def test_an_author_is_told_what_cannot_work(text: str, words: str):
    question = with_gaps(text)
    assert any(words in sentence for sentence in kind_of("cloze").check(question))


def test_a_good_text_has_no_faults():
    assert kind_of("cloze").check(TEXT) == []


@given(seed=st.text(max_size=12))
def test_choices_are_all_there_in_an_order_that_depends_on_the_person_alone(seed: str):
    shown = shuffled(TEXT, seed)
    assert shown == shuffled(TEXT, seed)
    assert TEXT.cloze is not None
    assert [gap.id for gap in shown.gaps] == ["g1", "g2"]
    for gap, written in zip(shown.gaps, TEXT.cloze.gaps, strict=True):
        assert sorted(choice.id for choice in gap.choices) == sorted(choice.id for choice in written.choices)


def test_the_right_choice_stands_everywhere():
    firsts = {shuffled(TEXT, str(person)).gaps[0].choices[0].text for person in range(50)}
    assert firsts == {"individual", "institutional", "structural"}


def test_what_is_stored_marks_the_same():
    stored = Question.model_validate_json(TEXT.model_dump_json())
    for response in ({"g1": INDIVIDUAL, "g2": HABIT}, {"g1": INSTITUTIONAL, "g2": LAW}):
        assert mark(stored, response) == mark(TEXT, response)


def test_a_question_of_another_kind_is_stored_as_it_always_was():
    plain = TEXT.model_copy(update={"cloze": None})
    assert list(plain.model_dump(mode="json")) == [
        "id", "kind", "about", "scored", "stem", "story", "options", "items", "rows", "choices", "feedback",
    ]  # fmt: skip
