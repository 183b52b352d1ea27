"""Groups of people as a tree (authority, directorates, services, teams) and what is counted in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.rounding import whole_percent


class Level(StrEnum):
    """Where a group stands, from the top down, or what else tells it apart; the value is what an export prints."""

    AUTHORITY = "authority"
    DIRECTORATE = "directorate"
    SERVICE = "service"
    TEAM = "team"
    GRADE = "grade"
    CONTRACT = "contract"
    ROUTE = "route"
    MANAGER = "manager"
    EMAIL = "email"


@dataclass(frozen=True)
class Counts:
    """How many people a group has, and how far they are. Everybody is in exactly one of the three states.

    ``late`` of those who have not finished are past their own date; 0 where that is not counted.
    """

    people: int = 0
    complete: int = 0
    in_progress: int = 0
    late: int = 0

    @property
    def not_started(self) -> int:
        """People with neither a completion nor an attempt."""
        return self.people - self.complete - self.in_progress

    @property
    def not_finished(self) -> int:
        """People without a completion, whether they have begun or not."""
        return self.people - self.complete

    @property
    def complete_percent(self) -> int | None:
        """Whole per cent complete; ``None`` if empty. 100 is everybody and 0 is nobody, never nearly."""
        return _percent(self.complete, self.people)

    @property
    def in_progress_percent(self) -> int | None:
        """Whole per cent in progress, by the same rule."""
        return _percent(self.in_progress, self.people)

    @property
    def not_started_percent(self) -> int | None:
        """Whole per cent not started, by the same rule."""
        return _percent(self.not_started, self.people)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.people + other.people,
            self.complete + other.complete,
            self.in_progress + other.in_progress,
            self.late + other.late,
        )

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(
            self.people - other.people,
            self.complete - other.complete,
            self.in_progress - other.in_progress,
            self.late - other.late,
        )


@dataclass(frozen=True)
class RoundedCounts(Counts):
    """Counts in whole steps, as they were on a day. A share of a few steps would say more than they know, so there is
    none."""

    step: int = 10
    on: date = date.min

    @property
    def complete_percent(self) -> int | None:
        """Whole per cent of the rounded counts; ``None`` in a group of fewer than ten steps."""
        return super().complete_percent if self.people >= 10 * self.step else None


def _percent(part: int, whole: int) -> int | None:
    return whole_percent(part, whole) if whole else None


@dataclass(frozen=True)
class Group:
    """One line of a report. ``counts`` is ``None`` when it is not shown, and then nothing below it is either.

    ``unit_id`` is ``None`` for a whole authority and for the people directly in a unit that also has parts.
    ``place`` holds the names of its directorate, service and team, empty where it has none; a grade, a contract or a
    route stands first and alone in it. ``key`` is the same on every day, also when names change.
    """

    level: Level
    name: str
    unit_id: int | None
    place: tuple[str, str, str]
    counts: Counts | None
    children: tuple["Group", ...] = ()
    key: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether its figures may be seen."""
        return self.counts is not None

    @property
    def path(self) -> str:
        """Its full name within the authority: "Adult Social Care / Home Care"."""
        return " / ".join(name for name in self.place if name)

    @property
    def hidden_children(self) -> tuple["Group", ...]:
        """The children whose figures may not be seen."""
        return tuple(child for child in self.children if not child.is_shown)

    @property
    def hidden_together(self) -> Counts | None:
        """What the hidden children hold together, as anybody could work out; ``None`` when none is hidden."""
        if self.counts is None or not self.hidden_children:
            return None
        shown = (child.counts for child in self.children if child.counts is not None)
        return self.counts - sum(shown, start=Counts())

    def walk(self) -> Iterator["Group"]:
        """This group and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()
