"""What a reorganisation does, in the sentences in which it is previewed and kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from people.reorganisation.periods import UnitOnDay
from people.reorganisation.steps import Add, Close, Merge, Move, Rename, Reshaped, Split, Step

People = Mapping[int, set[int]]


def day_in_words(day: date) -> str:
    """A day as people write it: 1 April 2027."""
    return f"{day.day} {day:%B %Y}"


def sentences_for(
    steps: Iterable[Step],
    before: Sequence[UnitOnDay],
    after: Reshaped,
    people: People,
    *,
    day: date,
    today: date,
) -> Iterator[str]:
    """One sentence for each step, and one about the figures. ``people`` are the persons in each unit on the day."""
    known = {one.id: one for one in before}
    news = iter(after.taken_out.items())
    for step in steps:
        if isinstance(step, Add):
            above = known.get(step.into_id) if step.into_id is not None else None
            where = f"in “{above.path}”" if above else "as a directorate"
            yield f"“{step.name}” is new, {where}. Nobody works there yet."
            continue
        unit = known.get(step.unit_id)
        if unit is None:
            continue
        inside = _count(_people_within(before, people, unit.id))
        match step:
            case Rename():
                yield f"“{unit.path}” is called “{step.name}”. {_and(inside, 'stay')}."
            case Move():
                into = known.get(step.into_id)
                yield f"“{unit.path}” goes into “{into.path if into else '?'}”, with everything in it. {inside} there."
            case Merge():
                into = known.get(step.into_id)
                yield f"“{unit.path}” ends, and “{into.path if into else '?'}” takes it in. {_and(inside, 'move')}."
            case Close():
                yield f"“{unit.path}” ends. {inside} there."
            case Split():
                yield _of_split(step, next(news, None), unit, before, people)
    if day <= today:
        yield f"This is a correction: the figures of {day_in_words(day)} and of the days after it change."
    else:
        yield f"It holds from {day_in_words(day)} on. The figures of earlier days stay as they are."


def _of_split(
    step: Split, new: tuple[int, Split] | None, unit: UnitOnDay, before: Sequence[UnitOnDay], people: People
) -> str:
    if new is None:
        return f"“{step.name}” would be new."
    moved = set().union(*(_people_within(before, people, part) for part in step.parts))
    parts = f"{len(step.parts)} units in it" if len(step.parts) != 1 else "1 unit in it"
    with_units = f", with {parts} and {_workers(len(moved))}" if step.parts else ""
    by_number = len(step.payroll_numbers)
    named = f"{'; and ' if step.parts else ', with '}{_workers(by_number)} by payroll number" if by_number else ""
    return f"“{step.name}” is new and comes out of “{unit.path}”{with_units}{named}."


def _workers(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _count(people: set[int]) -> str:
    return "Nobody works" if not people else "1 person works" if len(people) == 1 else f"{len(people)} people work"


def _and(inside: str, verb: str) -> str:
    if inside.startswith("Nobody"):
        return f"{inside} there"
    return f"{inside} there, and {verb}{'s' if inside.startswith('1 ') else ''}"


def _people_within(units: Sequence[UnitOnDay], people: People, unit_id: int) -> set[int]:
    found = set(people.get(unit_id, ()))
    for child in units:
        if child.parent_id == unit_id:
            found |= _people_within(units, people, child.id)
    return found
