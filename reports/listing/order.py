"""In which order a list of people stands: by name, unit, state or the day by which they are asked to finish. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class PeopleOrder(StrEnum):
    """What a list is in the order of; the value is the word of an address."""

    NAME = "name"
    UNIT = "unit"
    STATE = "state"
    DUE = "due"


@dataclass(frozen=True)
class Sorting:
    """An order, and whether it goes from the last to the first."""

    by: PeopleOrder = PeopleOrder.NAME
    is_falling: bool = False

    @property
    def word(self) -> str:
        """The word of an address: "due", or "-due" from the last to the first."""
        return f"-{self.by.value}" if self.is_falling else self.by.value

    def after_choosing(self, by: PeopleOrder) -> "Sorting":
        """The order that a heading leads to: the other way round where it is this one already."""
        return Sorting(by, not self.is_falling) if by is self.by else Sorting(by)


BY_NAME = Sorting()


def sorting_from(word: str) -> Sorting:
    """The order that an address asks for; by name for a word that says none."""
    by = next((one for one in PeopleOrder if one.value == word.removeprefix("-")), None)
    return Sorting(by, word.startswith("-")) if by else BY_NAME


class Place(NamedTuple):
    """What decides where somebody stands: ``name`` and ``unit`` as they are compared, ``state`` as a number."""

    person_id: int
    name: str
    unit: str
    state: int


def in_order(people: Sequence[Place], sorting: Sorting, *, dates: Mapping[int, date]) -> list[int]:
    """Their ids. Who is equal stands by name, whichever way round; who has no date stands at the end both ways.

    ``dates`` are the days by which they are asked to finish, by person, without those who have finished.
    """
    by_name = sorted(people, key=lambda one: (one.name, one.person_id), reverse=_is_falling(sorting, PeopleOrder.NAME))
    match sorting.by:
        case PeopleOrder.NAME:
            found = by_name
        case PeopleOrder.UNIT:
            found = _by(by_name, "unit", sorting)
        case PeopleOrder.STATE:
            found = _by(by_name, "state", sorting)
        case PeopleOrder.DUE:
            dated = [one for one in by_name if one.person_id in dates]
            found = sorted(dated, key=lambda one: dates[one.person_id], reverse=sorting.is_falling)
            found += [one for one in by_name if one.person_id not in dates]
    return [one.person_id for one in found]


def _is_falling(sorting: Sorting, by: PeopleOrder) -> bool:
    return sorting.is_falling and sorting.by is by


def _by(people: Sequence[Place], field: str, sorting: Sorting) -> list[Place]:
    def key(one: Place) -> Any:
        return getattr(one, field)

    return sorted(people, key=key, reverse=sorting.is_falling)
