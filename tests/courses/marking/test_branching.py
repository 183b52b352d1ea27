"""Branching stories: marking a path, walking, and going back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.marking import InvalidResponse, mark, marking_version
from courses.marking.kinds.branching import TO_AN_END
from courses.marking.question import StoryEnding
from courses.marking.story_paths import how_far, one_node_back, place_after
from tests.builders.stories import the_story

QUESTION = the_story()
STORY = QUESTION.branching
assert STORY is not None
BEST = ["meeting-b", "farida-a"]


def test_the_best_way_is_right_and_every_step_has_its_note() -> None:
    result = mark(QUESTION, BEST)
    assert (result.points, result.out_of, result.is_right) == (2, 2, True)
    assert [(note.target, note.is_right, note.text) for note in result.feedback] == [
        ("meeting-b", True, "The chair agrees."),
        ("farida-a", True, "She keeps control."),
    ]
    assert marking_version(QUESTION) == 1


@pytest.mark.parametrize(
    ("path", "points", "out_of"),
    [
        (["meeting-c", "farida-a"], 1.5, 2),
        (["meeting-a", "afterwards-a", "farida-a"], 2, 3),
        (["meeting-a", "afterwards-a", "farida-b"], 1, 3),
    ],
)
def test_each_node_on_the_way_is_a_point_and_an_acceptable_choice_half_of_it(
    path: list[str], points: float, out_of: int
) -> None:
    result = mark(QUESTION, path)
    assert (result.points, result.out_of, result.is_right) == (points, out_of, False)


def test_where_somebody_chose_twice_the_later_choice_counts_and_both_are_listed() -> None:
    result = mark(QUESTION, ["meeting-a", "afterwards-b", "afterwards-a", "farida-a"])
    assert (result.points, result.out_of) == (2, 3)
    assert len(result.feedback) == 4


@pytest.mark.parametrize("path", [[], ["meeting-a"], "meeting-a", {"meeting": "meeting-a"}, ["meeting-b"]])
def test_a_story_without_its_end_is_not_marked(path: object) -> None:
    with pytest.raises(InvalidResponse, match=TO_AN_END):
        mark(QUESTION, path)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [["farida-a"], ["meeting-b", "meeting-b"], ["meeting-z"], [*BEST, "farida-a"]])
def test_a_path_that_the_story_does_not_have_is_refused(path: list[str]) -> None:
    with pytest.raises(InvalidResponse, match="Select an answer"):
        mark(QUESTION, path)


def test_progress_counts_nodes_and_the_best_way_from_there() -> None:
    assert how_far(STORY, ()) == (1, 2)
    assert how_far(STORY, ("meeting-a",)) == (2, 3)
    assert how_far(STORY, ("meeting-a", "afterwards-b")) == (2, 3)
    assert how_far(STORY, ("meeting-b",)) == (2, 2)


def test_back_leads_to_the_node_before_also_from_an_ending_and_after_choosing_again() -> None:
    assert one_node_back(STORY, ()) == ()
    assert one_node_back(STORY, ("meeting-a", "afterwards-b")) == ()
    assert one_node_back(STORY, tuple(BEST)) == ("meeting-b",)


@given(st.lists(st.integers(min_value=0, max_value=20), max_size=30))
def test_whoever_walks_on_can_go_back_to_the_start_and_is_marked_only_at_an_end(turns: list[int]) -> None:
    path: tuple[str, ...] = ()
    for turn in turns:
        node = place_after(STORY, path)
        if isinstance(node, StoryEnding):
            result = mark(QUESTION, list(path))
            assert 0 <= result.points <= result.out_of
            assert result.is_right == (result.points == result.out_of)
            break
        path = (*path, node.choices[turn % len(node.choices)].id)
    for _ in range(len(path) + 1):
        path = one_node_back(STORY, path)
    assert place_after(STORY, path).id == "meeting"
