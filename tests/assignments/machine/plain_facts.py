"""What a plain model is told: what was said, each from a day on. A day has the later word before the earlier."""

from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
DAYS = 1900
NOTICE = 28
AFTER_RETURN = 28

PeriodSaid = tuple
"""A word, and what belongs to it: for-ever; months with how many, opens and from where; yearly with the day, opens."""
DueSaid = tuple
"""A word, and what belongs to it: never; day with the day; asked, role and completed with days; employment, months."""


@dataclass(frozen=True)
class AskingSaid:
    """What is asked from a day on. ``series`` is the same while it was changed, and another after it was withdrawn."""

    series: int
    audience: bool
    due: DueSaid
    period: PeriodSaid
    grace: int = 0
    # How old the last completion may be, in months, for the shorter course to be enough.
    refresher: int | None = None


@dataclass
class Job:
    """What was said of a job: from a day on, in the order in which it was stated."""

    first: date
    said: list[tuple[date, int, dict[str, object]]] = field(default_factory=list)
    _days: list[dict[str, object] | None] | None = None

    def say(self, on: date, number: int, values: dict[str, object]) -> None:
        self.said.append((on, number, values))
        self._days = None

    def on(self, day: date) -> dict[str, object] | None:
        """What the job is on a day; ``None`` where nobody holds it."""
        place = (day - self.first).days
        if place < 0:
            return None
        if self._days is None:
            self._days = self._each_day()
        return self._days[min(place, DAYS - 1)]

    def _each_day(self) -> list[dict[str, object] | None]:
        found: list[dict[str, object] | None] = []
        known: dict[str, object] = {}
        in_order = sorted(self.said, key=lambda one: one[:2])
        for place in range(DAYS):
            day = self.first + place * DAY
            while in_order and in_order[0][0] <= day:
                known = {**known, **in_order.pop(0)[2]}
            found.append(known if known.get("held") else None)
        return found

    def is_away(self, day: date) -> bool:
        there = self.on(day)
        return there is not None and bool(there.get("away"))


@dataclass
class Done:
    """A completion of a course, and with which authority its person worked then."""

    course: str
    on: date
    is_none: bool = False
    where: str = ""
    key: int = 0


@dataclass
class Person:
    """Everything that is known of one person at the authority."""

    job: Job
    done: list[Done] = field(default_factory=list)
    exempt: list[tuple] = field(default_factory=list)
    more_time: list[tuple[date, date]] = field(default_factory=list)

    def days_done(self, course: str, upto: date) -> list[date]:
        return sorted(one.on for one in self.done if one.course == course and not one.is_none and one.on <= upto)


@dataclass(frozen=True)
class Stand:
    """The state, the date with its grace, and until when what was completed is valid (``None`` for ever)."""

    state: str
    due_on: date | None = None
    last_on: date | None = None
    valid_until: date | None = None


def by_rule(said: PeriodSaid, done: date, held: tuple | None) -> tuple[date, tuple[date, int], int]:
    """The end by one rule, from where its months are counted, and how many days before it opens."""
    if said[0] == "yearly":
        _, month, day, opens = said
        year = done.year
        while (found := in_year(year, month, day)) <= done + opens * DAY:
            year += 1
        return found, (found, 0), opens
    _, months, opens, runs_from = said
    counted = (done, months)
    if runs_from == "old-end" and held is not None and held[0] is not None and held[1] <= done <= held[0]:
        counted = (held[2][0], held[2][1] + months)
    return months_after(*counted), counted, opens


def in_year(year: int, month: int, day: int) -> date:
    """The day of that year; 29 February is the 28th where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)


def with_leave(job: Job, since: date, usual: date, on: date) -> date | None:
    """The date with the days of long leave that do not count; ``None`` while nobody knows when they return."""
    had, found = max((usual - since).days, 0), usual
    for begins, ends in leaves(job, on):
        if begins > found:
            break
        if ends is None:
            return None
        counted = sum(since <= begins + place * DAY for place in range((ends - begins).days + 1))
        if counted:
            found = max(found + counted * DAY, ends + min(had, AFTER_RETURN) * DAY)
    return found


def leaves(job: Job, on: date) -> list[tuple[date, date | None]]:
    """Each leave that had begun by a day: its first day and its last, days in a row together."""
    found: list[tuple[date, date | None]] = []
    for place in range(DAYS):
        day = job.first + place * DAY
        if not job.is_away(day):
            continue
        if found and found[-1][1] == day - DAY:
            found[-1] = (found[-1][0], day)
        elif day <= on:
            found.append((day, day))
        else:
            break
    end = job.first + (DAYS - 1) * DAY
    return [(begins, None if ends == end else ends) for begins, ends in found]


def joined_on(job: Job, on: date) -> date | None:
    """The first day of the time in which somebody works there, or worked there last; ``None`` before they ever did."""
    day = on
    while job.on(day) is None:
        if day < job.first:
            return None
        day -= DAY
    while job.on(day - DAY) is not None:
        day -= DAY
    return day
