"""Whether a reminder was wrong, from lists of what happened alone: nothing of the product is asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class Thing:
    """What is asked: every step of it by any of its courses. ``months`` is 0 where a completion counts for ever, and
    ``opens`` how many days before the end it can be taken again."""

    steps: tuple[tuple[int, ...], ...]
    months: int = 0
    opens: int = 0


@dataclass
class Judge:
    """Who works and who is away, what they completed and when, and every reminder so far."""

    things: dict[int, Thing]
    working: set[int] = field(default_factory=set)
    away: set[int] = field(default_factory=set)
    done: defaultdict[int, defaultdict[int, list[date]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    reminders: Counter[tuple[int, int, str, date]] = field(default_factory=Counter)
    of_day: Counter[tuple[int, int, date]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def is_finished(self, person_id: int, key: int, on: date) -> bool:
        """Whether somebody has surely nothing to do: finished, and not yet able to do it again."""
        thing, done = self.things[key], self.done[person_id]
        newest = [max((day for one in step for day in done[one]), default=None) for step in thing.steps]
        if None in newest:
            return False
        if not thing.months:
            return True
        last = max(day for day in newest if day is not None)
        return on < months_after(last, thing.months) - timedelta(days=thing.opens)

    def noted(self, person_id: int, key: int, step: str, due_on: date, on: date) -> None:
        """A reminder is noted; ``step`` "manager" is for somebody else."""
        self.reminders[person_id, key, step, due_on] += 1
        if step != "manager":
            self.of_day[person_id, key, on] += 1
        self._look(person_id, [key], on, f"noted {step}")

    def sent(self, person_id: int, keys: Iterable[int], on: date) -> None:
        """A message leaves that may be about these."""
        self._look(person_id, keys, on, "sent")

    def _look(self, person_id: int, keys: Iterable[int], on: date, what: str) -> None:
        if person_id not in self.working or person_id in self.away:
            self.wrong.append(f"{on}: {what} to {person_id}, who is not there")
        elif all(self.is_finished(person_id, key, on) for key in keys):
            self.wrong.append(f"{on}: {what} to {person_id}, who has finished")

    @property
    def doubled(self) -> int:
        """How many reminders came twice: for one date in one step, or of one thing on one day."""
        return sum(count - 1 for counts in (self.reminders, self.of_day) for count in counts.values())


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)
