"""When a source is looked at: on chosen weekdays, at a time of the day in the city region. Pure: no session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from kernel.clock import LOCAL, local_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS_IN_A_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """``weekdays`` counts from Monday, 0; ``minute`` is that of the day, as clocks on the wall show it."""

    weekdays: frozenset[int]
    minute: int

    @property
    def at(self) -> str:
        """The time of the day, as people write it: 06:30."""
        return f"{self.minute // 60:02}:{self.minute % 60:02}"

    @property
    def words(self) -> str:
        """The whole of it as people say it."""
        if not self.weekdays:
            return "Only when somebody asks"
        if len(self.weekdays) == _DAYS_IN_A_WEEK:
            return f"Every day at {self.at}"
        if self.weekdays == frozenset(range(5)):
            return f"Monday to Friday at {self.at}"
        *others, last = [WEEKDAYS[day] for day in sorted(self.weekdays)]
        return f"{', '.join(others)}{' and ' if others else ''}{last} at {self.at}"

    def on(self, day: date) -> datetime | None:
        """The moment of that day at which the source is looked at, if it is.

        A time that the clocks leave out is an hour later on the wall; of one that comes twice it is the first.
        """
        if day.weekday() not in self.weekdays:
            return None
        wall = datetime.combine(day, time(self.minute // 60, self.minute % 60), LOCAL)
        return wall.astimezone(UTC)

    def last(self, now: datetime) -> datetime | None:
        """The last moment that has come, ``None`` without weekdays."""
        # Today's may still be to come, so one more day is looked at than a week has.
        days = (local_day(now) - _DAY * back for back in range(_DAYS_IN_A_WEEK + 1))
        return next((moment for day in days if (moment := self.on(day)) is not None and moment <= now), None)

    def next(self, now: datetime) -> datetime | None:
        """The first moment that is still to come, ``None`` without weekdays."""
        days = (local_day(now) + _DAY * ahead for ahead in range(_DAYS_IN_A_WEEK + 1))
        return next((moment for day in days if (moment := self.on(day)) is not None and moment > now), None)


def as_bits(weekdays: Iterable[int]) -> int:
    """Weekdays as one number, to be stored."""
    return sum(1 << day for day in set(weekdays))


def from_bits(bits: int) -> frozenset[int]:
    """The weekdays that were stored."""
    return frozenset(day for day in range(_DAYS_IN_A_WEEK) if bits >> day & 1)
