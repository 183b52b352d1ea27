"""Values in the order in which they came: in memory while they are few, else in a file.

A file has no name, and goes with whoever holds it.
"""

import os
import pickle
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge
from itertools import chain, islice
from typing import Any, Generic, TypeVar, cast, overload
from weakref import finalize

Value = TypeVar("Value")
MOST_IN_MEMORY = 25_000
_SORTED_AT_ONCE = 20_000
_TOGETHER = 16  # of values that are sought one by one, not too many are read for one


def kept(values: Iterable[Value], *, most: int | None = None) -> Sequence[Value]:
    """The same values in the same order: in memory while they are no more than ``most``, else on disk.

    ``None`` is ``MOST_IN_MEMORY``.
    """
    few: list[Value] = []
    limit = MOST_IN_MEMORY if most is None else most
    every = iter(values)
    for value in every:
        few.append(value)
        if len(few) > limit:
            return _OnDisk(_taken_out(few, every))
    return tuple(few)


def _taken_out(few: list[Value], rest: Iterator[Value]) -> Iterator[Value]:
    few.reverse()
    while few:
        yield few.pop()
    yield from rest


class _OnDisk(Sequence[Value]):
    """Values one after the other in a file, a few at a time, because what these share is then written and read once."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody holds these any more
        finalize(self, self._file.close)
        self._ends, self._count = array("Q", [0]), 0
        self._last: tuple[int, Sequence[Value]] = (-1, ())
        every = iter(values)
        while some := list(islice(every, _TOGETHER)):
            data = pickle.dumps(some, pickle.HIGHEST_PROTOCOL)
            self._file.write(data)
            self._ends.append(self._ends[-1] + len(data))
            self._count += len(some)
        self._file.flush()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Value: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Value]: ...

    def __getitem__(self, place: int | slice) -> Value | Sequence[Value]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        which, beside = divmod(at, _TOGETHER)
        last, some = self._last
        if last != which:
            some = self._read(which)
            self._last = which, some
        return some[beside]

    def __iter__(self) -> Iterator[Value]:
        for which in range(len(self._ends) - 1):
            yield from self._read(which)

    def _read(self, which: int) -> Sequence[Value]:
        begins, end = self._ends[which], self._ends[which + 1]
        return cast(
            Sequence[Value],
            pickle.loads(os.pread(self._file.fileno(), end - begins, begins)),  # noqa: S301 - written by this process
        )


def room_beside(values: object) -> int:
    """How many values memory should hold that belong to kept ones: none, where those are on disk already."""
    return MOST_IN_MEMORY if isinstance(values, tuple | list) else 0


class Growing(Generic[Value]):
    """Values that come one by one, while something else is done."""

    def __init__(self) -> None:
        self._parts: list[Sequence[Value]] = []
        self._few: list[Value] = []

    def append(self, value: Value) -> None:
        """Take one more."""
        self._few.append(value)
        if len(self._few) > MOST_IN_MEMORY:
            self._parts.append(kept(self._few, most=0))
            self._few = []

    def kept(self) -> Sequence[Value]:
        """All of them, in the order in which they came."""
        return kept(chain(*self._parts, self._few))


def in_order(values: Sequence[Value], keys: Sequence[Any]) -> Sequence[Value]:
    """Kept values in the order of ``keys``, of which there is one for each; equal ones stay as they came."""
    if isinstance(values, tuple):
        return tuple(values[at] for at in sorted(range(len(values)), key=keys.__getitem__))
    return _InOrder(values, keys)


class _InOrder(Sequence[Value]):
    def __init__(self, values: Sequence[Value], keys: Sequence[Any]) -> None:
        self._values = values
        # In parts: a list of all the places, with a number for each key, would stand in memory at once.
        parts = (
            range(first, min(first + _SORTED_AT_ONCE, len(keys))) for first in range(0, len(keys), _SORTED_AT_ONCE)
        )
        ordered = [array("L", sorted(part, key=keys.__getitem__)) for part in parts]
        self._order = array("L", merge(*ordered, key=keys.__getitem__))

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> Value: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Value]: ...

    def __getitem__(self, place: int | slice) -> Value | Sequence[Value]:
        if isinstance(place, slice):
            return [self._values[at] for at in self._order[place]]
        return self._values[self._order[place]]


class Again(Collection[Value], Generic[Value]):
    """What is made anew of kept values each time that somebody goes through it."""

    def __init__(self, make: Callable[[], Iterable[Value]], *, count: int | None = None) -> None:
        self._make, self._count = make, count

    def __iter__(self) -> Iterator[Value]:
        return iter(self._make())

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._count is None else self._count

    def __contains__(self, value: object) -> bool:
        return any(one == value for one in self)
