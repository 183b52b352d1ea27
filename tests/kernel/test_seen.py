"""Whoever posts an older page replaces nothing newer unseen."""

import pytest

from kernel.seen import ChangedMeanwhile, marks_after, marks_of, names_to_write


def test_what_is_stored_as_the_page_held_it_is_replaced() -> None:
    assert names_to_write(marks_of({"a": "old"}), stored={"a": "old"}, typed={"a": "new"}) == ["a"]


def test_nothing_held_and_nothing_stored_is_a_first_time() -> None:
    assert names_to_write("", stored={}, typed={"a": "new"}) == ["a"]


def test_a_newer_one_is_not_replaced_and_is_named() -> None:
    seen = marks_of({"a": "old", "b": "old"})
    with pytest.raises(ChangedMeanwhile) as problem:
        names_to_write(seen, stored={"a": "newer", "b": "old"}, typed={"a": "x", "b": "y"})
    assert problem.value.names == ("a",)


def test_a_page_that_holds_no_marks_replaces_nothing_either() -> None:
    with pytest.raises(ChangedMeanwhile):
        names_to_write("", stored={"a": "newer"}, typed={"a": "x"})


def test_what_was_not_touched_on_the_page_keeps_what_is_stored_by_now() -> None:
    seen = marks_of({"a": "old", "b": "old"})
    assert names_to_write(seen, stored={"a": "newer", "b": "old"}, typed={"a": "old", "b": "y"}) == ["b"]


def test_what_both_typed_alike_is_no_difference() -> None:
    assert names_to_write(marks_of({"a": "old"}), stored={"a": "same"}, typed={"a": "same"}) == ["a"]


def test_clearing_an_older_page_does_not_clear_newer_words() -> None:
    with pytest.raises(ChangedMeanwhile):
        names_to_write(marks_of({"a": "old"}), stored={"a": "newer"}, typed={"a": ""})


def test_the_marks_hold_no_words() -> None:
    assert "secret" not in marks_of({"a": "secret"})


def test_a_page_that_stays_open_holds_what_it_saved_and_still_the_old_of_the_rest() -> None:
    after = marks_after(marks_of({"a": "1", "b": "1"}), stored={"a": "2", "b": "9"}, typed={"a": "2", "b": "1"})
    assert names_to_write(after, stored={"a": "2", "b": "9"}, typed={"a": "3", "b": "1"}) == ["a"]
    with pytest.raises(ChangedMeanwhile):
        names_to_write(after, stored={"a": "2", "b": "9"}, typed={"a": "2", "b": "4"})


@pytest.mark.parametrize("seen", ["", "a", "=", "a=b=c", "\x00", "a=" * 1000])
def test_made_up_marks_are_marks_of_something_else(seen: str) -> None:
    with pytest.raises(ChangedMeanwhile):
        names_to_write(seen, stored={"a": "newer"}, typed={"a": "x"})
