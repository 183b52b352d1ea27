"""From a rule and what is known of somebody to a due date. The same facts give the same date, in whatever order."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assignments.due.calendar import after_working_days
from assignments.due.rules import DueRule, Measure, Since

# Whoever was away has this many days from their return, or all the time that others had where that is shorter.
DAYS_AFTER_RETURN = 28
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Away:
    """Long leave, both days included; without an end nobody knows yet when it ends."""

    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class MoreTime:
    """More time that was given on a day: until another."""

    given_on: date
    until: date


@dataclass(frozen=True)
class Facts:
    """What a due date follows from for one person: since when they are asked, hold the job and have the role, when
    they completed the course that it is counted from, when they were away, and what more time they were given."""

    asked_on: date
    employed_on: date
    role_on: date
    completed_on: date | None = None
    away: tuple[Away, ...] = ()
    more_time: tuple[MoreTime, ...] = ()


@dataclass(frozen=True)
class Due:
    """``due_on`` is the date, ``None`` for none; whoever has not finished is late from the day after ``last_on`` on.

    ``usual_on`` is what the date would be for somebody who was never away. ``is_away`` says that there is no date
    because nobody knows when they return; ``is_waiting`` that they have not completed what it is counted from;
    ``is_given`` that the date follows from more time that they were given.
    """

    due_on: date | None
    last_on: date | None
    usual_on: date | None
    is_away: bool = False
    is_waiting: bool = False
    is_given: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether leave has moved the date."""
        return self.due_on is not None and not self.is_given and self.due_on != self.usual_on

    def is_late(self, on: date) -> bool:
        """Whether the date, with its grace, has gone by."""
        return self.last_on is not None and self.last_on < on


def due(rule: DueRule, facts: Facts, *, on: date) -> Due:
    """The due date as it is known on a day. Leave that begins later moves nothing yet.

    More time that was given counts where it is later, and days of leave after that do not count against it either.
    """
    usual = _usual(rule, facts)
    if usual is None:
        return Due(None, None, None, is_waiting=rule.since is Since.COMPLETED)
    spans = tuple(_joined(one for one in facts.away if one.starts_on <= on)) if facts.away else ()
    if not spans and not facts.more_time:  # nearly everybody
        return Due(usual, usual + timedelta(days=rule.grace_days), usual)
    moved = _after_leave(facts.asked_on, usual, spans)
    given = [_after_leave(one.given_on, one.until, spans) for one in facts.more_time if one.given_on <= on]
    if moved is None or None in given:
        return Due(None, None, usual, is_away=True)
    latest = max(filter(None, [moved, *given]))
    return Due(latest, latest + timedelta(days=rule.grace_days), usual, is_given=latest > moved)


def _usual(rule: DueRule, facts: Facts) -> date | None:
    since = _counted_from(rule, facts)
    if since is None:
        return None
    found = since if rule.since is Since.DAY else later(since, rule.count, rule.measure)
    return max(found, facts.asked_on + timedelta(days=rule.at_least_days)) if rule.at_least_days else found


def _counted_from(rule: DueRule, facts: Facts) -> date | None:
    match rule.since:
        case Since.DAY:
            return rule.day
        case Since.EMPLOYMENT:
            return facts.employed_on
        case Since.ROLE:
            return facts.role_on
        case Since.ASKED:
            return facts.asked_on
        case Since.COMPLETED:
            return facts.completed_on


def later(day: date, count: int, measure: Measure) -> date:
    """So much after a day. A month later is the same day of that month, or its last day where there is none such."""
    match measure:
        case Measure.DAYS:
            return day + timedelta(days=count)
        case Measure.WORKING_DAYS:
            return after_working_days(day, count)
        case Measure.MONTHS:
            years, month = divmod(day.month - 1 + count, 12)
            year = day.year + years
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _after_leave(asked_on: date, usual: date, spans: Iterable[Away]) -> date | None:
    """Days of leave do not count. ``None`` while a leave that moves the date has no end."""
    had = max(usual - asked_on, timedelta(0))
    found = usual
    for span in spans:
        if span.starts_on > found:
            break
        if span.ends_on is None:
            return None
        if span.ends_on >= asked_on:
            found += span.ends_on - max(span.starts_on, asked_on) + _DAY
            found = max(found, span.ends_on + min(had, timedelta(days=DAYS_AFTER_RETURN)))
    return found


def _joined(spans: Iterable[Away]) -> Iterator[Away]:
    """In the order of time, and as one where they meet or overlap."""
    held: Away | None = None
    for span in sorted(spans, key=lambda one: (one.starts_on, one.ends_on or date.max)):
        if held is None:
            held = span
        elif held.ends_on is not None and span.starts_on > held.ends_on + _DAY:
            yield held
            held = span
        elif held.ends_on is not None:
            ends = None if span.ends_on is None else max(held.ends_on, span.ends_on)
            held = Away(held.starts_on, ends)
    if held is not None:
        yield held
