"""Which of very many things were there, and values by a key that each has."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from heapq import merge
from itertools import groupby, islice
from typing import TypeVar

from kernel.spooling.sequences import kept

Value = TypeVar("Value")
_SORTED_AT_ONCE = 20_000


def _in_order(numbers: Iterator[int]) -> Iterator[int]:
    """The same numbers in order, sorted in parts: all of them in one list would take four times the memory."""
    parts: list[array[int]] = []
    while some := sorted(islice(numbers, _SORTED_AT_ONCE)):
        parts.append(array("q", some))
    return merge(*parts)


class SeenKeys:
    """Which of very many things were there, in eight bytes each: by a number of 64 bits that Python makes of a thing.

    The numbers are drawn anew by each process, so nobody can choose two things with one; among 300,000 two have the
    same once in 400 million files.
    """

    def __init__(self, things: Iterable[Hashable], *, times: int = 1) -> None:
        """Those that come so many ``times`` at least."""
        met: array[int] = array("q")
        for number, same in groupby(_in_order(map(hash, things))):
            if times == 1 or sum(1 for _ in same) >= times:
                met.append(number)
        self._numbers = met

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, thing: object) -> bool:
        return self.place(thing) >= 0

    def place(self, thing: object) -> int:
        """Which place a thing has among them, from 0; -1 for one that was not there."""
        number = hash(thing)
        at = bisect_left(self._numbers, number)
        return at if at < len(self._numbers) and self._numbers[at] == number else -1


def by_key(values: Iterable[Value], key: Callable[[Value], str], *, most: int | None = None) -> Mapping[str, Value]:
    """The same values by a key that each has alone, in the order in which they came; ``most`` as ``kept`` takes it."""
    held = kept(values, most=most)
    return {key(value): value for value in held} if isinstance(held, tuple) else _ByKey(held, key)


class _ByKey(Mapping[str, Value]):
    def __init__(self, values: Sequence[Value], key: Callable[[Value], str]) -> None:
        self._values, self._key = values, key
        self._told = SeenKeys(map(key, values))
        self._places = array("L", [0]) * len(self._told)
        for at, value in enumerate(values):
            self._places[self._told.place(key(value))] = at

    def __len__(self) -> int:
        return len(self._told)

    def __getitem__(self, key: str) -> Value:
        place = self._told.place(key)
        if place >= 0:
            value = self._values[self._places[place]]
            if self._key(value) == key:
                return value
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self._told

    def __iter__(self) -> Iterator[str]:
        return map(self._key, self._values)

    def values(self) -> ValuesView[Value]:
        """Each value, read one after the other and not by its key."""
        return _Values(self, self._values)

    def items(self) -> ItemsView[str, Value]:
        """Each key with its value, read in the same way."""
        return _Items(self, self._values, self._key)


class _Values(ValuesView[Value]):
    def __init__(self, mapping: Mapping[str, Value], values: Sequence[Value]) -> None:
        super().__init__(mapping)
        self._values = values

    def __iter__(self) -> Iterator[Value]:
        return iter(self._values)


class _Items(ItemsView[str, Value]):
    def __init__(self, mapping: Mapping[str, Value], values: Sequence[Value], key: Callable[[Value], str]) -> None:
        super().__init__(mapping)
        self._values, self._key = values, key

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return ((self._key(value), value) for value in self._values)
