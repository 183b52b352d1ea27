"""What was chosen is counted by option, row, item, gap and node, and never by anybody's own words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import marking
from courses.marking import Question
from reports.items.choices import ENDING, OTHER, RIGHT, TOO_HIGH, TOO_LOW, WHOLE, chosen_in, parts_of
from tests.builders.stories import the_story
from tests.courses.marking.questions import (
    a_number,
    chosen_from,
    in_order,
    in_words,
    matching,
    true_or_false,
    with_gaps,
)

OF_EACH_KIND = {
    "single": chosen_from("single", right=[1]),
    "multiple": chosen_from("multiple", right=[0, 2]),
    "truefalse": true_or_false(right=True),
    "scenario": chosen_from("scenario", best=0, acceptable=[1]),
    "order": in_order("One", "Two", "Three"),
    "match": matching({"One": "A", "Two": "B"}, "C"),
    "number": a_number("12", tolerance="1", unit="%"),
    "short": in_words("Equality duty", near={"Equality Act": "No."}),
    "cloze": with_gaps("A [[one|two]] and [[three|*four]]."),
    "branching": the_story(),
}
stored = st.recursive(
    st.one_of(st.text(max_size=9), st.sampled_from(["a", "b", "12", "equality act", "1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=6,
)


def chosen(question: Question, response: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part, choice in chosen_in(question, response):
        found.setdefault(part, []).append(choice)
    return found


def test_every_built_in_kind_is_counted_here() -> None:
    assert set(OF_EACH_KIND) == {kind.key for kind in marking.BUILT_IN}


@pytest.mark.parametrize("kind", sorted(OF_EACH_KIND))
@given(response=stored)
def test_only_what_the_author_wrote_is_ever_counted(kind: str, response: Any) -> None:
    question = OF_EACH_KIND[kind]
    known = {(part.key, choice.id) for part in parts_of(question) for choice in part.choices}
    try:
        found = set(chosen_in(question, response))
    except TypeError:
        pytest.fail(f"{response!r} cannot be counted")
    assert found <= known


def test_one_option_or_several_are_counted_once_each() -> None:
    assert chosen(OF_EACH_KIND["single"], "b") == {WHOLE: ["b"]}
    assert chosen(OF_EACH_KIND["multiple"], ["a", "c", "a"]) == {WHOLE: ["a", "c"]}


def test_the_right_acceptable_and_wrong_options_are_told_apart() -> None:
    (part,) = parts_of(OF_EACH_KIND["scenario"])
    assert [choice.is_right for choice in part.choices][:3] == [True, None, False]


def test_items_are_counted_by_place_also_as_the_lists_send_them() -> None:
    question = OF_EACH_KIND["order"]
    one, two, three = (item.id for item in question.items)
    listed = {two: ["1"], one: ["2"], three: ["3"]}
    assert chosen(question, [two, one, three]) == listed
    assert chosen(question, {two: "1", one: "2", three: "3"}) == listed
    assert [choice.is_right for choice in parts_of(question)[1].choices] == [False, True, False]


def test_rows_and_gaps_are_counted_each_for_itself() -> None:
    question = OF_EACH_KIND["match"]
    wrong = question.choices[-1].id
    assert chosen(question, {row.id: wrong for row in question.rows}) == {row.id: [wrong] for row in question.rows}
    cloze = OF_EACH_KIND["cloze"].cloze
    assert cloze is not None
    given = {gap.id: gap.right_id for gap in cloze.gaps}
    assert chosen(OF_EACH_KIND["cloze"], given) == {gap: [choice] for gap, choice in given.items()}


@pytest.mark.parametrize(("typed", "group"), [("11,5 %", RIGHT), ("3", TOO_LOW), ("99", TOO_HIGH)])
def test_numbers_fall_into_three_groups(typed: str, group: str) -> None:
    assert chosen(OF_EACH_KIND["number"], typed) == {WHOLE: [group]}


@pytest.mark.parametrize(
    ("typed", "group"), [("EQUALITY duty!", RIGHT), ("equality act", "near-0"), ("my manager Siân said so", OTHER)]
)
def test_words_fall_into_the_groups_that_the_author_foresaw(typed: str, group: str) -> None:
    assert chosen(OF_EACH_KIND["short"], typed) == {WHOLE: [group]}


def test_a_story_counts_the_first_choice_at_each_node_and_its_ending() -> None:
    question = OF_EACH_KIND["branching"]
    assert question.branching is not None
    parts = {part.key: part for part in parts_of(question)}
    assert set(parts) == {node.id for node in question.branching.nodes} | {ENDING}
    first = question.branching.nodes[0]
    path, at = [], first
    for _ in range(12):
        choice = next(one for one in at.choices if one.is_best)
        path.append(choice.id)
        following = [node for node in question.branching.nodes if node.id == choice.leads_to]
        if not following:
            break
        at = following[0]
    found = chosen(question, path)
    assert found[first.id] == [path[0]]
    assert found[ENDING] == [choice.leads_to]


def test_a_kind_that_is_not_installed_has_no_parts() -> None:
    question = OF_EACH_KIND["single"].model_copy(update={"kind": "hot-spot"})
    assert parts_of(question) == ()
    assert list(chosen_in(question, "a")) == []
