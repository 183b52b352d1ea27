"""What a reorganisation does, in the sentences in which it is previewed and kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from people.reorganisation.periods import UnitOnDay
from people.reorganisation.steps import Add, Close, Merge, Move, Rename, Reshaped, Split, Step

# A job and who holds it: one person may hold two in a unit.
Holder = tuple[int, int]
Holders = Mapping[int, set[Holder]]


def day_in_words(day: date) -> str:
    """A day as people write it: 1 April 2027."""
    return f"{day.day} {day:%B %Y}"


def sentences_for(
    steps: Iterable[Step],
    before: Sequence[UnitOnDay],
    after: Reshaped,
    holders: Holders,
    *,
    day: date,
    today: date,
) -> Iterator[str]:
    """One sentence for each step, and one about the figures. ``holders`` are the jobs in each unit on the day, by their
    ids, each with its person."""
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
        inside = _count(_holders_within(before, holders, unit.id))
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
                yield _of_split(step, next(news, None), unit, before, holders)
    if day <= today:
        yield (
            f"This is a correction: the figures of {day_in_words(day)} and of the days after it change, also those that"
            " were published. Those of earlier days stay as they are."
        )
    else:
        yield f"It holds from {day_in_words(day)} on. The published figures of all days before it stay as they are."


def _of_split(
    step: Split, new: tuple[int, Split] | None, unit: UnitOnDay, before: Sequence[UnitOnDay], holders: Holders
) -> str:
    if new is None:
        return f"“{step.name}” would be new."
    moved: set[Holder] = set().union(*(_holders_within(before, holders, part) for part in step.parts))
    parts = f"{len(step.parts)} units in it" if len(step.parts) != 1 else "1 unit in it"
    with_units = f", with {parts} and {_workers(moved)}" if step.parts else ""
    jobs = len(step.payroll_numbers)
    named = f"{'; and ' if step.parts else ', with '}{_jobs(jobs)} by payroll number" if jobs else ""
    return f"“{step.name}” is new and comes out of “{unit.path}”{with_units}{named}."


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count:,} jobs"


def _people(holders: set[Holder]) -> tuple[int, str]:
    count = len({person_id for _, person_id in holders})
    return count, "1 person" if count == 1 else f"{count:,} people"


def _workers(holders: set[Holder]) -> str:
    """How many people, and how many jobs where that is another number."""
    count, people = _people(holders)
    return people if count == len(holders) else f"{_jobs(len(holders))} of {people}"


def _count(holders: set[Holder]) -> str:
    if not holders:
        return "Nobody works"
    count, people = _people(holders)
    in_jobs = "" if count == len(holders) else f" in {_jobs(len(holders))}"
    return f"{people} work{'s' if count == 1 else ''}{in_jobs}"


def _and(inside: str, verb: str) -> str:
    if inside.startswith("Nobody"):
        return f"{inside} there"
    return f"{inside} there, and {verb}{'s' if inside.startswith('1 ') else ''}"


def _holders_within(units: Sequence[UnitOnDay], holders: Holders, unit_id: int) -> set[Holder]:
    found = set(holders.get(unit_id, ()))
    for child in units:
        if child.parent_id == unit_id:
            found |= _holders_within(units, holders, child.id)
    return found
