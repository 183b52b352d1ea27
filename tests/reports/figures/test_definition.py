"""One question, one definition: from an address, from JSON, and back."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import NotFound, RuleBroken
from reports.figures.definition import (
    EVERYBODY,
    ONE_AT_A_TIME,
    By,
    Cut,
    FigureDefinition,
    cut_arguments,
    cut_from,
    definition_from_json,
    in_unit,
)

words = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda typed: typed == typed.strip()
)
cuts = st.one_of(
    st.builds(Cut, st.sampled_from(By)),
    st.integers(0, 10**9).map(in_unit),
    st.builds(Cut, st.sampled_from([By.GRADE, By.CONTRACT, By.ROUTE]), words),
)
definitions = st.builds(FigureDefinition, words, words, st.dates(), cuts)


@given(definitions)
def test_a_definition_comes_back_from_json_as_the_same_value(definition):
    back = definition_from_json(definition.as_json())
    assert back == definition
    assert hash(back) == hash(definition)
    assert back.canonical == definition.canonical


@given(definitions, definitions)
def test_two_definitions_share_the_canonical_text_only_if_they_are_equal(one, other):
    assert (one.canonical == other.canonical) is (one == other)


@given(cuts)
def test_a_cut_comes_back_from_an_address(cut):
    assert cut_from(cut_arguments(cut)) == cut


def test_a_unit_is_the_same_however_many_noughts_stand_before_its_number():
    assert cut_from({"unit": " 007 "}) == in_unit(7)


def test_without_anything_it_is_of_everybody_by_unit():
    assert cut_from({}) == EVERYBODY == Cut(By.UNIT, "")
    assert FigureDefinition("halton", "speaking-up", date(2026, 3, 31)).as_arguments() == {
        "course": "speaking-up",
        "on": "2026-03-31",
    }


@pytest.mark.parametrize(("one", "other"), list(combinations(["unit", "grade", "contract", "route"], 2)))
def test_two_things_at_once_are_refused_in_words(one, other):
    for arguments in ({one: "7", other: "7"}, {"by": one, other: "7"}):
        with pytest.raises(RuleBroken) as refused:
            cut_from(arguments)
        assert refused.value.message == ONE_AT_A_TIME


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"by": "shoe size"},
            "cannot be broken down by “shoe size”. Choose one of these: unit, grade, contract, route, manager, email.",
        ),
        ({"by": "x" * 10_000}, "cannot be broken down by “" + "x" * 40 + "”"),
        ({"grade": "G" * 10_000}, "There is no grade “" + "G" * 40 + "”."),
    ],
)
def test_what_no_figure_is_by_is_refused_in_words(arguments, words):
    with pytest.raises(RuleBroken) as refused:
        cut_from(arguments)
    assert words in refused.value.message


@pytest.mark.parametrize("typed", ["Parks", "-1", "9" * 199, "٣", "1.5"])
def test_what_is_no_number_of_a_unit_is_not_found(typed):
    with pytest.raises(NotFound):
        cut_from({"unit": typed})
