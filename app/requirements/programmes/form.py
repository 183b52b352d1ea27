"""A programme as it stands in the form: names of fields, what the buttons do, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from assignments.programmes.findings import MOST_ROUTES, MOST_STEPS, Fault
from assignments.programmes.making import Draft
from assignments.programmes.proposing import ProgrammeProposal
from courses.catalogue.programmes import StepsFrom

NAME = "name"
# A name that can be typed; what is longer is answered with a finding.
_LONGEST = 1000


@dataclass(frozen=True)
class Filled:
    """The form: each step with the ids of its courses, 0 where none is chosen yet."""

    name: str
    steps: tuple[tuple[int, ...], ...]

    def as_draft(self) -> Draft:
        """The same without the places that were left empty beside one that was not."""
        return Draft(self.name, tuple(tuple(one for one in step if one) or (0,) for step in self.steps))


def filled_from(held: StepsFrom | None, waiting: ProgrammeProposal | None) -> Filled:
    """The form as it opens: a change that waits, a programme as it is, or one step with one course to choose."""
    if waiting is not None:
        return Filled(waiting.name, waiting.as_steps())
    return Filled(held.name, held.steps) if held else Filled("", ((0,),))


def field_of(step_number: int, place: int) -> str:
    """The name of a field, which is its id too."""
    return f"step-{step_number}-{place}"


def filled_in(values: Mapping[str, str]) -> Filled:
    """What was sent. What is no number stands for no course, and more than fits is left out."""
    steps: list[tuple[int, ...]] = []
    for number in range(1, MOST_STEPS + 2):
        names = [field_of(number, place) for place in range(1, MOST_ROUTES + 2)]
        sent = [values[name] for name in names if name in values]
        if not sent:
            break
        steps.append(tuple(int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in sent))
    return Filled(values.get(NAME, "")[:_LONGEST], tuple(steps) or ((0,),))


def pressed(filled: Filled, button: str) -> Filled:
    """The form after one of its buttons, which saves nothing: "add", "up-2", "remove-2", "or-2"."""
    steps = list(filled.steps)
    word, _, typed = button.partition("-")
    place = int(typed) - 1 if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1
    if word == "add" and len(steps) < MOST_STEPS:
        steps.append((0,))
    elif not 0 <= place < len(steps):
        return filled
    elif word == "remove":
        del steps[place]
    elif word == "up" and place > 0:
        steps[place - 1], steps[place] = steps[place], steps[place - 1]
    elif word == "down" and place < len(steps) - 1:
        steps[place], steps[place + 1] = steps[place + 1], steps[place]
    elif word == "or" and len(steps[place]) < MOST_ROUTES:
        steps[place] = (*steps[place], 0)
    return Filled(filled.name, tuple(steps))


def errors_of(faults: tuple[Fault, ...], steps: int) -> list[tuple[str, str]]:
    """For the summary: the words, and the field that each leads to."""
    return [(one.words, f"#{_place_of(one, steps)}") for one in faults]


def _place_of(fault: Fault, steps: int) -> str:
    return field_of(min(fault.step_number, steps), 1) if fault.step_number and steps else NAME
