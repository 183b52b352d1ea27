"""Whose list, who is looked for on it, and what is said of each of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assignments.plans import Plan
from people.organisations import Unit
from reports.figures.population import Question
from reports.listing.order import BY_NAME, Sorting


class LearningState(StrEnum):
    """How far somebody is; the two before the last are cuts through the two before them. Who is exempt and has not
    finished is in no other state."""

    FINISHED = "finished"
    STARTED = "started"
    NOT_STARTED = "not-started"
    NOT_FINISHED = "not-finished"
    PAST_DATE = "past-date"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class ListOfPeople:
    """Which people, of which course. ``unit_ids`` are the units that may be seen, all of them where there are none.

    ``plan`` is what the authority asks of them, ``None`` where it does not ask for the course.
    """

    organisation_id: int
    unit_ids: tuple[int, ...]
    course_id: int
    plan: Plan | None
    on: date

    @property
    def question(self) -> Question:
        """The question that its figures answer too."""
        return Question(self.organisation_id, self.course_id, self.on, self.plan)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a state, words of a name or a unit or a payroll number, a unit with everything below; and in
    which order. With ``only``, nobody but these people."""

    state: LearningState | None = None
    name: str = ""
    unit_id: int | None = None
    sorting: Sorting = BY_NAME
    only: frozenset[int] | None = None


@dataclass(frozen=True)
class PersonState:
    """One person. ``state`` is finished, started, not started or exempt."""

    person_id: int
    name: str
    unit_path: str
    state: LearningState
    finished_on: date | None
    due_on: date | None = None
    is_late: bool = False


def units_below(units: Sequence[Unit], unit_ids: Collection[int]) -> list[Unit]:
    """Those of an authority's units, parents first, that are among ``unit_ids`` or below one; all without any."""
    if not unit_ids:
        return list(units)
    inside = set(unit_ids)
    for unit in units:
        if unit.parent_id in inside:
            inside.add(unit.id)
    return [unit for unit in units if unit.id in inside]
