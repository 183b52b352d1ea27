"""From completions of courses to those of a programme. The same facts give the same days, in whatever order. Pure.

A change of a programme takes nothing away: whoever had done all its steps by a version while that held has done so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# The days on which one person completed courses, by course.
Days = Mapping[int, Sequence[date]]


@dataclass(frozen=True)
class VersionInForce:
    """A version that held from some moment of the day ``from_on`` to some moment of the day ``before``.

    ``before`` is ``None`` for the one that holds still. On a day on which one follows another both count: whoever had
    finished in the morning, and was told so, is not unfinished by a change at noon. A step is done by any one of its
    courses.
    """

    from_on: date
    before: date | None
    name: str
    steps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class StepDone:
    """A step as somebody stands with it, counted from 1: ``done_on`` by ``course_id``, both empty until it is done."""

    number: int
    courses: tuple[int, ...]
    done_on: date | None = None
    course_id: int | None = None


def programme_completions(versions: Sequence[VersionInForce], days: Days) -> tuple[date, ...]:
    """The days on which somebody had done every step, the oldest first; each time what came after the one before.

    ``versions`` are in the order of time. What was completed before a programme was made counts. A version with fewer
    steps completes it for whoever had done those, on the day on which it began to hold.
    """
    found: list[date] = []
    while (day := _next_completion(versions, days, found[-1] if found else None)) is not None:
        found.append(day)
    return tuple(found)


def steps_done(version: VersionInForce, days: Days, *, after: date | None) -> tuple[StepDone, ...]:
    """How somebody stands with each step, by what they completed after a day; by everything without one."""
    return tuple(_done(number, courses, days, after) for number, courses in enumerate(version.steps, start=1))


def steps_now(versions: Sequence[VersionInForce], days: Days, *, is_again: bool) -> tuple[StepDone, ...]:
    """The steps of the version that holds: this time where they are to be done again, else the last time."""
    before = programme_completions(versions, days)
    last = before[-1:] if is_again else before[-2:-1]
    return steps_done(versions[-1], days, after=last[0] if last else None)


def _next_completion(versions: Sequence[VersionInForce], days: Days, after: date | None) -> date | None:
    for place, version in enumerate(versions):
        done = [step.done_on for step in steps_done(version, days, after=after)]
        if None in done or not done:
            continue
        day = max(filter(None, done))
        if place > 0:
            day = max(day, version.from_on)
        if version.before is None or day <= version.before:
            return day
    return None


def _done(number: int, courses: tuple[int, ...], days: Days, after: date | None) -> StepDone:
    firsts = [
        (day, place, course) for place, course in enumerate(courses) if (day := _first(days.get(course, ()), after))
    ]
    if not firsts:
        return StepDone(number, courses)
    day, _, course = min(firsts)
    return StepDone(number, courses, day, course)


def _first(days: Iterable[date], after: date | None) -> date | None:
    return min((day for day in days if after is None or day > after), default=None)
