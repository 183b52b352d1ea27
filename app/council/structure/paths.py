"""Units as people type them: by the full name, or by the name alone where only one unit has it."""

from collections.abc import Sequence

from kernel.typed import composed, folded
from people.reorganisation.periods import UnitOnDay

SHOWN = 60


def find_unit(units: Sequence[UnitOnDay], typed: str) -> UnitOnDay | None:
    """The one unit that is meant, or ``None``."""
    path = folded(" / ".join(composed(name) for name in typed.split("/")))
    full = [one for one in units if folded(one.path) == path]
    found = full or [one for one in units if folded(one.name) == path]
    return found[0] if len(found) == 1 else None


def no_unit(units: Sequence[UnitOnDay], typed: str) -> str:
    """What somebody is told whose words are the name of no unit, or of several."""
    same = [one.path for one in units if folded(one.name) == folded(composed(typed))]
    if same:
        return f"There are {len(same)} units of this name. Enter the full name, such as {same[0]}"
    shown = typed if len(typed) <= SHOWN else f"{typed[:SHOWN]}…"
    return f"There is no unit “{shown}” on that day. Choose one from the list"
