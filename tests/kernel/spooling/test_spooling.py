"""Very many values are as they were put in, in memory and on disk."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.spooling import sequences
from kernel.spooling.lookup import SeenKeys, by_key
from kernel.spooling.sequences import Growing, in_order, kept

VALUES = [("0001", date(2026, 11, 27), "Siân"), ("0002", None, "王芳"), ("0003", date(2020, 4, 1), "")]


@pytest.mark.parametrize("most", [0, 2, 3])
def test_kept_values_are_the_same_in_the_same_order_however_often_they_are_read(most: int) -> None:
    values = kept(iter(VALUES), most=most)
    assert isinstance(values, tuple) is (most == 3)
    assert list(values) == list(values) == VALUES
    assert (len(values), values[0], values[-1], list(values[1:])) == (3, VALUES[0], VALUES[2], VALUES[1:])
    with pytest.raises(IndexError):
        values[3]


def test_two_may_read_kept_values_at_a_time() -> None:
    values = kept(VALUES, most=0)
    assert list(zip(values, values, strict=True)) == [(one, one) for one in VALUES]


def test_a_value_longer_than_what_is_read_at_once_comes_back_whole() -> None:
    long = ["x" * 1_000_000, "y", "z" * 300_000]
    assert list(kept(long, most=0)) == long


@given(some.lists(some.integers(0, 5)))
def test_kept_values_are_put_in_order_as_sorted_does(keys: list[int]) -> None:
    values = list(enumerate(keys))
    wanted = sorted(values, key=lambda one: one[1])
    for most in (0, len(values)):
        assert list(in_order(kept(values, most=most), keys)) == wanted


@given(some.lists(some.text(max_size=2)))
def test_what_was_there_is_told_from_what_was_not(words: list[str]) -> None:
    told, twice = SeenKeys(words), SeenKeys(words, times=2)
    assert {word for word in {*words, "never"} if word in told} == set(words)
    assert {word for word in words if word in twice} == {word for word in words if words.count(word) > 1}
    assert sorted(told.place(word) for word in set(words)) == list(range(len(told)))
    assert told.place("never") == -1


def test_values_are_found_by_their_key_in_memory_and_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    in_memory = by_key(VALUES, lambda one: one[0])
    monkeypatch.setattr(sequences, "MOST_IN_MEMORY", 1)
    on_disk = by_key(VALUES, lambda one: one[0])
    assert dict(on_disk) == in_memory
    assert list(on_disk.items()) == list(in_memory.items())
    assert list(on_disk.values()) == list(in_memory.values())
    assert (len(on_disk), on_disk.get("0002"), on_disk.get("0009"), "0003" in on_disk) == (3, VALUES[1], None, True)


def test_values_that_come_one_by_one_are_kept_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "MOST_IN_MEMORY", 2)
    growing: Growing[int] = Growing()
    for number in range(7):
        growing.append(number)
    assert list(growing.kept()) == list(range(7))
