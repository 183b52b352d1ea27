"""Who manages whom, of very many people: rings of managers, and how many stand above each."""

from array import array
from collections.abc import Callable, Iterable, Iterator

from kernel.spooling.lookup import SeenKeys

Pairs = Iterable[tuple[str, str | None]]
_UNKNOWN = -2


class Managing:
    """The manager of each payroll number. Of a number that comes again the last manager holds."""

    def __init__(self, pairs: Callable[[], Pairs]) -> None:
        """``pairs`` gives each number with that of its manager, and the same again when it is asked again."""
        self._pairs = pairs
        self._told = SeenKeys(number for number, _ in pairs())
        self._above = array("l", [-1]) * len(self._told)
        self._order = array("l")  # as they came
        met = bytearray(len(self._told))
        for number, manager in pairs():
            at = self._told.place(number)
            self._above[at] = -1 if manager is None else self._told.place(manager)
            if not met[at]:
                met[at] = 1
                self._order.append(at)

    def rings(self) -> list[list[str]]:
        """The numbers of people who manage each other in a ring, from the one who came first."""
        rings = list(self._rings())
        if not rings:
            return []
        wanted = {at for ring in rings for at in ring}
        numbers = {at: number for number, _ in self._pairs() if (at := self._told.place(number)) in wanted}
        return [[numbers[at] for at in ring] for ring in rings]

    def heights(self) -> Callable[[str], int]:
        """How many stand above each, where there is no ring: a manager comes before those whom they manage."""
        heights = array("l", [_UNKNOWN]) * len(self._told)
        for start in self._order:
            way, at = [], start
            while at >= 0 and heights[at] == _UNKNOWN:
                way.append(at)
                at = self._above[at]
            height = -1 if at < 0 else heights[at]
            for one in reversed(way):
                height += 1
                heights[one] = height

        def height_of(number: str) -> int:
            at = self._told.place(number)
            return 0 if at < 0 else heights[at]

        return height_of

    def _rings(self) -> Iterator[list[int]]:
        is_done, is_on_way = bytearray(len(self._told)), bytearray(len(self._told))
        for start in self._order:
            way, at = [], start
            while at >= 0 and not is_done[at] and not is_on_way[at]:
                is_on_way[at] = 1
                way.append(at)
                at = self._above[at]
            if at >= 0 and is_on_way[at]:
                yield way[way.index(at) :]
            for one in way:
                is_done[one], is_on_way[one] = 1, 0
