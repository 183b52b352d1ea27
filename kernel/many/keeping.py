"""Values in the order in which they came: in memory while they are few, else in a file.

A file has no name, and goes with whoever holds it.
"""

import os
import pickle
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar, cast, overload
from weakref import finalize

Value = TypeVar("Value")
MOST_IN_MEMORY = 25_000
_BLOCK = 256 * 1024


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
    """Values one after the other in a file; eight bytes of memory each."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody holds these any more
        finalize(self, self._file.close)
        self._ends = array("Q", [0])
        end = 0
        for value in values:
            data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
            self._file.write(data)
            end += len(data)
            self._ends.append(end)
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

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
        begins = self._ends[at]
        return cast(Value, pickle.loads(os.pread(self._file.fileno(), self._ends[at + 1] - begins, begins)))  # noqa: S301 - what this process wrote itself

    def __iter__(self) -> Iterator[Value]:
        block, begins = b"", 0
        for at in range(len(self)):
            first, end = self._ends[at], self._ends[at + 1]
            if end > begins + len(block):
                block, begins = os.pread(self._file.fileno(), max(_BLOCK, end - first), first), first
            yield pickle.loads(memoryview(block)[first - begins : end - begins])  # noqa: S301 - as above


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
        self._order = array("L", sorted(range(len(values)), key=keys.__getitem__))

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
