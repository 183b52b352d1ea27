"""A figure as a definition: of whom, of what, on which day, by what. A frozen value with one canonical form. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from kernel.columns import LARGEST_NUMBER
from kernel.errors import NotFound, RuleBroken

# What stands in an address for a grade or a contract of which the record says nothing.
NOT_RECORDED = "-"
_LONGEST, _SAID = 200, 40


class By(StrEnum):
    """By what people are told apart: one thing at a time, so that no two answers cross. The value is that of an
    address, of a command and of a file."""

    UNIT = "unit"
    GRADE = "grade"
    CONTRACT = "contract"
    ROUTE = "route"
    MANAGER = "manager"
    EMAIL = "email"


# The two parts of what is told apart by yes and no.
YES, NO = "yes", "no"


class Measure(StrEnum):
    """What is counted of people."""

    COMPLETION = "completion"
    PAST_DATE = "past-date"
    FRESHNESS = "freshness"


@dataclass(frozen=True)
class Cut:
    """By what people are told apart, and of which part of it: empty for everybody who counts.

    A part is the id of a unit, which stands for everything below it too, a grade, a contract or a route. There is no
    figure of a grade within a unit: whoever asked for all of them could work out what is hidden in each
    (docs/decisions/one-thing-at-a-time.md).
    """

    by: By = By.UNIT
    part: str = ""

    @property
    def unit_id(self) -> int | None:
        """The unit; ``None`` for everybody, and where it is by something else."""
        return int(self.part) if self.by is By.UNIT and self.part else None


EVERYBODY = Cut()


def in_unit(unit_id: int | None) -> Cut:
    """The units in a unit, or all of them."""
    return EVERYBODY if unit_id is None else Cut(By.UNIT, str(unit_id))


@dataclass(frozen=True)
class FigureDefinition:
    """One figure with its parts. ``authority`` and ``course`` are parts of addresses; ``course`` may be a programme."""

    authority: str
    course: str
    on: date
    cut: Cut = EVERYBODY
    measure: Measure = Measure.COMPLETION

    @property
    def canonical(self) -> str:
        """The one text that equal definitions share: JSON, keys in order, no spaces."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def as_json(self) -> dict[str, str]:
        """Plain values, as programs and stored rows have them."""
        return {
            "authority": self.authority,
            "course": self.course,
            "on": self.on.isoformat(),
            "by": self.cut.by.value,
            "part": self.cut.part,
            "measure": self.measure.value,
        }

    def as_arguments(self) -> dict[str, str]:
        """What stands behind the question mark of an address; the authority stands before it."""
        return {"course": self.course, "on": self.on.isoformat(), **cut_arguments(self.cut)}


def definition_from_json(values: Mapping[str, Any]) -> FigureDefinition:
    """The same definition from ``as_json``. Raises ``ValueError`` or ``KeyError`` for what is none."""
    return FigureDefinition(
        authority=values["authority"],
        course=values["course"],
        on=date.fromisoformat(values["on"]),
        cut=Cut(By(values["by"]), values["part"]),
        measure=Measure(values["measure"]),
    )


def cut_arguments(cut: Cut) -> dict[str, str]:
    """What stands for it in an address."""
    found = {} if cut.by is By.UNIT else {"by": cut.by.value}
    return {**found, cut.by.value: cut.part} if cut.part else found


def cut_from(arguments: Mapping[str, str]) -> Cut:
    """What an address asks for. Raises ``NotFound`` for what is no number of a unit, and ``RuleBroken``, in words for
    whoever asks, for anything else that no figure is by."""
    typed = arguments.get("by", "").strip()
    by = next((one for one in By if one.value == typed), None)
    if typed and by is None:
        raise RuleBroken(
            f"Figures cannot be broken down by “{typed[:_SAID]}”. Choose one of these: {_WAYS}.", field="by"
        )
    asked = {one for one in By if arguments.get(one.value, "").strip()} | ({by} if by else set())
    if len(asked) > 1:
        raise RuleBroken(ONE_AT_A_TIME, field="by")
    found = asked.pop() if asked else By.UNIT
    part = typed_part = arguments.get(found.value, "").strip()
    if found is By.UNIT and part:
        is_number = part.isascii() and part.isdigit() and len(part) <= _LONGEST and int(part) <= LARGEST_NUMBER
        part = str(int(part)) if is_number else ""
    if typed_part and not part:
        raise NotFound(f"unit {typed_part[:_SAID]}")
    if len(part) > _LONGEST:
        raise RuleBroken(f"There is no {found.value} “{part[:_SAID]}”.", field=found.value)
    return Cut(found, part)


_WAYS = ", ".join(By)
ONE_AT_A_TIME = (
    "Figures are broken down by one thing at a time: units, grades, contracts, routes, managers or work emails. "
    "With two at once, what is hidden of a small group could be worked out."
)
